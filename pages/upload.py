"""Upload pictures of handwritten digits and see each one read."""

import streamlit as st

from app.handwriting.panel import show_handwriting_panel
from app.header_footer import show_header
from app.language import _
from app.samples import show_samples
from app.upload.comparison import show_comparison
from app.upload.details import show_selected_file
from app.upload.gallery import show_gallery
from app.upload.labels import show_tables_without_pictures
from app.upload.store import store_sample, stored_files
from app.upload.updates import update_readings
from app.upload.uploader import show_uploader

show_header(_("Upload pictures"))
show_uploader()
if stored_files():
    update_readings()
    show_comparison()
    show_gallery()
    show_selected_file()
    with st.expander(_("Samples to try")):
        show_samples(store_sample, key="upload")
else:
    show_tables_without_pictures()
    st.info(_("Add a photo, or try one of these."), icon=":material/upload_file:")
    show_samples(store_sample, key="upload")
show_handwriting_panel()
