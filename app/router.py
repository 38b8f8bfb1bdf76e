"""The script behind every address: navigation, then the page, then the footer.

It isn't the main script, since a `pages/` folder beside that would bring Streamlit's automatic navigation back for whoever
opens a page's own address first.
"""

from pathlib import Path
from typing import Final

import streamlit as st

from app.header_footer import show_footer
from app.language import _, localize
from app.navigation import pages
from app.session import record_page
from app.style import apply_style
from digitcore import DigitError, default_classifier

FAVICON: Final = Path(__file__).resolve().parent / "favicon.png"


def main() -> None:
    """Show the page that was asked for, or what keeps it from working."""
    # Before the navigation: else each page's icon becomes its favicon, which browsers would fetch from another host.
    st.set_page_config(page_icon=str(FAVICON), layout="wide")
    page = st.navigation(pages(), position="top")
    name = _("Digit reader")
    st.set_page_config(page_title=f"{page.title} · {name}")
    apply_style()
    record_page(page.url_path)
    try:
        default_classifier()
        page.run()
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
    show_footer()


main()
