"""The app, for `streamlit run streamlit_app.py` and `uvicorn streamlit_app:app` alike."""

from functools import partial

import streamlit as st
from starlette.middleware import Middleware

from app.leaving import Leaving
from app.server import ROUTER_PATH, lifespan, make_api

api = make_api()
app = st.App(ROUTER_PATH, routes=api.routes, middleware=[Middleware(Leaving)], lifespan=partial(lifespan, api=api))
