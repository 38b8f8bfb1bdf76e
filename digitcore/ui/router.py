"""The script behind every address: navigation, then the page, then the footer.

It isn't the main script, since a `pages/` folder beside that would bring Streamlit's automatic navigation back for whoever
opens a page's own address first.
"""

from pathlib import Path
from typing import Final

import streamlit as st

from digitcore import DigitError, default_classifier
from digitcore.ui.session import note_page
from digitcore.ui.style import apply_style

ROOT: Final = Path(__file__).resolve().parents[2]
FAVICON: Final = Path(__file__).resolve().parent / "favicon.png"
PAGES: Final = (
    st.Page(ROOT / "pages" / "draw.py", title="Draw", icon=":material/draw:", default=True),
    st.Page(ROOT / "pages" / "upload.py", title="Upload", icon=":material/upload_file:", url_path="upload"),
)


def main() -> None:
    """Show the page that was asked for, or what keeps it from working."""
    st.set_page_config(page_title="Digit reader", page_icon=str(FAVICON), layout="wide")
    apply_style()
    page = st.navigation(PAGES, position="top")
    note_page(page.url_path)
    try:
        default_classifier()
        page.run()
    except DigitError as error:
        st.error(str(error), icon=":material/error:")
    st.caption("Pictures stay in this server's memory and are forgotten when you leave. None is stored or sent anywhere.")


main()
