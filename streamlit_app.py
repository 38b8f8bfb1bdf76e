"""The app, for `streamlit run streamlit_app.py` and `uvicorn streamlit_app:app` alike."""

import streamlit as st

from digitcore.ui.server import ROUTER_PATH, lifespan

app = st.App(ROUTER_PATH, lifespan=lifespan)
