"""Run the app, with the options and environment variables of `streamlit run`, and with connections bounded.

python -m app --server.port 8501
"""

import sys
from pathlib import Path

from streamlit.web import cli

from app.server.http_protocol import bound_http_protocol

if __name__ == "__main__":
    bound_http_protocol()  # before Streamlit configures its server, which imports the app only afterwards
    script = Path(__file__).resolve().parents[1] / "streamlit_app.py"
    sys.argv = ["streamlit", "run", str(script), *sys.argv[1:]]
    cli.main()
