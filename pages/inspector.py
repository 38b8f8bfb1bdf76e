"""Look at every step of a picture on its way to an answer, and change any of them."""

import streamlit as st

from digitcore import ImageError
from digitcore.ui.frame import show_heading
from digitcore.ui.inspector.address import read_address, write_address
from digitcore.ui.inspector.inspection import lay_open
from digitcore.ui.inspector.picker import pick_subject, show_invitation
from digitcore.ui.inspector.workbench import show_workbench
from digitcore.ui.language import _, say
from digitcore.ui.session import just_opened

show_heading(_("Inspector"))
by_address = read_address()
subject = pick_subject()
if subject is None:
    write_address()
    show_invitation()
else:
    try:
        with st.spinner(_("Opening the picture…")):
            shown = lay_open(subject, as_it_was_read=just_opened() and not by_address)
    except ImageError as error:
        st.error(say(error.message), icon=":material/error:")
    else:
        show_workbench(shown)
