"""The command line: what ends the command before it serves."""

import io
import subprocess
import sys
from pathlib import Path

import pytest

from digitcore.cli import main

ROOT = Path(__file__).resolve().parents[3]


def test_without_its_extra_the_command_is_one_sentence_with_the_command_that_installs_it():
    program = "import sys; sys.modules['mcp'] = None; from digitcore.cli import main; sys.exit(main(['mcp']))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("pip install 'digit-reader[mcp]'\n")
    assert done.stderr.count("\n") == 1


def test_reading_a_picture_does_not_import_the_sdk():
    program = "import sys, digitcore.cli; print('mcp' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web", "²"])
def test_a_wrong_port_is_refused(capsys, port):
    with pytest.raises(SystemExit) as caught:
        main(["mcp", "--http", f"--port={port}"])
    assert caught.value.code == 2
    assert f"must be from 1 to 65535, not {port}" in capsys.readouterr().err


def test_a_wrong_limit_is_one_sentence(capsys, monkeypatch):
    monkeypatch.setenv("DIGITS_API_WORKERS", "many")
    assert main(["mcp"]) == 2
    assert "DIGITS_API_WORKERS must be" in capsys.readouterr().err


def test_http_listens_on_loopback_by_default(monkeypatch):
    served = []
    monkeypatch.setattr("uvicorn.run", lambda _app, **address: served.append(address))
    assert main(["mcp", "--http"]) == 0
    assert main(["mcp", "--http", "--host", "::1", "--port", "9000"]) == 0
    assert served == [{"host": "127.0.0.1", "port": 8000}, {"host": "::1", "port": 9000}]


def test_standard_input_and_output_are_served_until_the_input_ends(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
    assert main(["mcp"]) == 0
    assert capsys.readouterr().out == ""
