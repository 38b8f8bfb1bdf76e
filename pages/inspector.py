"""Show every step from a picture to its answer, and let the visitor change any of them."""

import streamlit as st

from app.handwriting.panel import show_handwriting_panel
from app.header_footer import show_header
from app.inspector.inspection import open_image
from app.inspector.inspection_view import show_inspection
from app.inspector.picker import pick_image, show_empty_state
from app.inspector.query_params import read_query_params, write_query_params
from app.language import _, localize
from app.session import page_just_opened
from digitcore import DigitError

show_header(_("Inspector"))
set_by_url = read_query_params()
image = pick_image()
if image is None:
    show_empty_state()
    write_query_params()
else:
    show_handwriting_panel()
    try:
        with st.spinner(_("Opening the picture…")):
            opened = open_image(image, keep_changes=set_by_url or not page_just_opened())
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
    else:
        show_inspection(opened)
