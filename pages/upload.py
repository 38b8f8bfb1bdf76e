"""Drop pictures of handwritten digits and see each one read."""

import streamlit as st

from digitcore.images import SUFFIXES
from digitcore.ui.gallery import read_once, show_file
from digitcore.ui.samples import chosen_sample, forget_sample, show_samples

st.title("Upload pictures")
uploads = st.file_uploader(
    "Pictures of handwritten digits",
    type=list(SUFFIXES),
    accept_multiple_files=True,
    help="Photos, scans or drawings. Dark on light or light on dark, at any size up to 50 megapixels.",
    key="upload_files",
    on_change=forget_sample,
)
sample = chosen_sample()
files = [sample] if sample else [(upload.file_id, upload.name, upload.getvalue()) for upload in uploads]
readings = read_once(files)
if not readings:
    st.info("Drop a picture above, or try a sample.", icon=":material/upload_file:")
else:
    show_file(readings)
show_samples()
