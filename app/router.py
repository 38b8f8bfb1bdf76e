"""The script that Streamlit runs for every page: the navigation, then the page, then the footer.

It isn't the main script: a `pages/` folder next to the main script would bring back Streamlit's automatic navigation for visitors who open
the address of a single page first.
"""

from pathlib import Path
from typing import Final

import streamlit as st

from app.header_footer import APP_NAME, show_footer
from app.language import _, current_language, load_catalogue, localize, read_language_parameter
from app.navigation import pages, show_navigation
from app.session import record_page
from app.style import apply_style
from app.widget_texts import translate_widgets
from digitcore import DigitError, default_classifier
from digitcore.errors import CatalogueError

FAVICON_PATH: Final = Path(__file__).resolve().parent / "favicon.png"


def main() -> None:
    """Show the requested page, or the error that prevents it."""
    # Before the navigation: otherwise each page's icon becomes its favicon, which browsers would fetch from another host.
    st.set_page_config(page_icon=str(FAVICON_PATH), layout="wide")
    read_language_parameter()
    all_pages = pages()
    page = st.navigation(all_pages, position="hidden")
    st.set_page_config(page_title=f"{page.title} · {_(APP_NAME)}")
    apply_style()
    show_navigation(all_pages, page.url_path)
    translate_widgets()
    record_page(page.url_path)
    _report_missing_catalogue()
    try:
        default_classifier()
        page.run()
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
    show_footer()


def _report_missing_catalogue() -> None:
    """Show why the page is in English if the texts of the visitor's language can't be loaded."""
    try:
        load_catalogue(current_language())
    except CatalogueError as error:
        st.error(error.message, icon=":material/translate:")


main()
