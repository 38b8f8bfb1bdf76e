"""Look at every step of a picture on its way to an answer, and change any of them."""

import streamlit as st

from app.header_footer import show_header
from app.inspector.inspection import lay_open
from app.inspector.inspection_view import show_workbench
from app.inspector.picker import pick_subject, show_invitation
from app.inspector.query_params import read_address, write_address
from app.language import _, localize
from app.session import page_just_opened
from digitcore import ImageError

show_header(_("Inspector"))
by_address = read_address()
subject = pick_subject()
if subject is None:
    write_address()
    show_invitation()
else:
    try:
        with st.spinner(_("Opening the picture…")):
            shown = lay_open(subject, as_it_was_read=page_just_opened() and not by_address)
    except ImageError as error:
        st.error(localize(error.message), icon=":material/error:")
    else:
        show_workbench(shown)
