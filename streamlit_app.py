"""The app, for `streamlit run streamlit_app.py`, `uvicorn streamlit_app:app` and `python streamlit_app.py` alike."""

import asyncio
from functools import partial

import streamlit as st
from starlette.middleware import Middleware

from app import ROUTER_PATH
from app.script_errors import show_script_error
from app.server.api import api_routes, create_api
from app.server.diagnostic_paths import HideDiagnosticPaths
from app.server.disconnects import IgnoreDisconnectedSend
from app.server.http_protocol import bound_http_protocol
from app.server.lifespan import lifespan
from app.server.page_documents import PageDocuments
from app.server.preloading import WaitUntilPreloaded
from app.server.security_headers import SecurityHeadersMiddleware, frame_ancestors_or_exit
from app.server.upload_limit import LimitUploads

api = create_api()
preloaded = asyncio.Event()
app = st.App(
    ROUTER_PATH,
    routes=api_routes(api),
    middleware=[
        Middleware(SecurityHeadersMiddleware, ancestors=frame_ancestors_or_exit()),
        Middleware(HideDiagnosticPaths),
        Middleware(LimitUploads),
        Middleware(PageDocuments),
        Middleware(WaitUntilPreloaded, preloaded=preloaded),
        Middleware(IgnoreDisconnectedSend),
    ],
    lifespan=partial(lifespan, api=api, preloaded=preloaded),
    on_script_error=show_script_error,
)

if __name__ == "__main__":
    bound_http_protocol()
    app.run()
