"""Tests of the card of a Hugging Face Space against the image and Streamlit's options."""

import re
from pathlib import Path

import yaml
from streamlit import config

from app.server.security_headers import FRAME_ANCESTORS_SETTING, SELF, frame_ancestors

ROOT = Path(__file__).resolve().parents[2]
CARD = (ROOT / "deploy" / "huggingface" / "README.md").read_text(encoding="utf-8")


def test_the_port_is_the_one_that_the_image_listens_to():
    card = yaml.safe_load(CARD.split("---")[1])
    exposed = re.search(r"^EXPOSE (\d+)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    assert card["sdk"] == "docker"
    assert exposed is not None
    assert card["app_port"] == int(exposed[1])


def test_the_page_of_a_space_may_show_the_app_in_a_frame():
    value = re.search(rf"`{FRAME_ANCESTORS_SETTING}` \| `([^`]+)`", CARD)[1]
    assert frame_ancestors({FRAME_ANCESTORS_SETTING: value}) == (SELF, "https://huggingface.co")


def test_the_variables_are_options_of_streamlit():
    options = {"STREAMLIT_" + re.sub("[.]", "_", re.sub("([A-Z])", r"_\1", key)).upper() for key in config.get_config_options()}
    named = set(re.findall("STREAMLIT_[A-Z_]+", CARD))
    assert named
    assert named <= options
