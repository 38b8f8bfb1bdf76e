"""Drop pictures of handwritten digits and see each one read."""

import streamlit as st

from app.header_footer import show_header
from app.language import _
from app.samples import show_samples
from app.upload.gallery import show_chosen, show_gallery
from app.upload.store import kept_files, try_sample
from app.upload.uploader import show_uploader

show_header(_("Upload pictures"))
show_uploader()
if kept_files():
    show_gallery()
    show_chosen()
    with st.expander(_("Samples to try")):
        show_samples(try_sample, key="upload")
else:
    st.info(_("Drop a picture above, or try a sample."), icon=":material/upload_file:")
    show_samples(try_sample, key="upload")
