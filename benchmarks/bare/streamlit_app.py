"""Minimal Streamlit app with the same widgets and no recognition: the peer of the real pages, for the time that Streamlit itself takes."""

import streamlit as st
from streamlit_drawable_canvas import st_canvas


def draw() -> None:
    """Show a canvas and the number of its strokes."""
    st.title("Draw", anchor=False)
    with st.container(key="draw-canvas"):
        drawn = st_canvas(width=280, height=280, stroke_width=16, stroke_color="#1a1a1a", background_color="#ffffff", key="canvas")
    with st.container(key="reading-text"):
        st.markdown(str(len((drawn.json_data or {}).get("objects", []))))


def upload() -> None:
    """Show a file uploader and the number of bytes received."""
    st.title("Upload", anchor=False)
    files = st.file_uploader("Pictures", accept_multiple_files=True)
    if files:
        with st.container(key="reading-text"):
            st.markdown(str(sum(len(file.getvalue()) for file in files)))


def empty() -> None:
    """Show only a heading."""
    st.title("Empty", anchor=False)


st.set_page_config(layout="wide")
st.navigation(
    [st.Page(draw, title="Draw", default=True), st.Page(upload, title="Upload"), st.Page(empty, title="Empty")], position="top"
).run()
