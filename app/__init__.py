"""The Streamlit app: what its pages share, and a package for each page. The core, `digitcore`, never imports it."""

from pathlib import Path
from typing import Final

ROUTER_PATH: Final = Path(__file__).resolve().parent / "router.py"
"""The script that Streamlit runs for every page."""
