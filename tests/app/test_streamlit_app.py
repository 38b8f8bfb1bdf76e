import runpy

import streamlit
import uvicorn.config

from app.server.http_protocol import BoundedHttpProtocol
from testing.browser.server import ROOT


def test_python_starts_the_app_with_bounded_connections(monkeypatch):
    started = []
    monkeypatch.setitem(uvicorn.config.HTTP_PROTOCOLS, "auto", "unset")
    monkeypatch.setattr(streamlit.App, "run", lambda _: started.append(uvicorn.config.HTTP_PROTOCOLS["auto"]))
    runpy.run_path(str(ROOT / "streamlit_app.py"), run_name="__main__")
    assert started == [f"{BoundedHttpProtocol.__module__}:{BoundedHttpProtocol.__name__}"]
