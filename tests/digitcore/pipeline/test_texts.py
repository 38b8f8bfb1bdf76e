from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest

from digitcore import ImageError, Settings, read_image
from digitcore.analysis.ablation import variations
from digitcore.io.decode import load_picture
from digitcore.pipeline import texts
from digitcore.pipeline.answer import read_text
from digitcore.pipeline.ink import extract_ink
from digitcore.pipeline.texts import read_texts
from digitcore.settings import setting_names
from testing.writer_profiles import profile_that_reads

SAMPLES = ("pen", "page", "shadow")


@pytest.mark.parametrize("name", SAMPLES)
def test_each_text_is_that_of_a_reading_of_its_own(name):
    picture = load_picture(Path(f"samples/{name}.jpg").read_bytes())
    settings = [Settings(), *(each.settings for each in variations(Settings()))]
    settings += [Settings(digit_count="9"), Settings(digit_count="9", centring="box"), Settings(threshold="adaptive", adaptive_window=0.1)]
    assert read_texts(picture, settings) == [read_image(picture, each).text for each in settings]


def test_a_profile_is_used_with_each_of_the_settings(drawing):
    seven, unlike = drawing(7), drawing(0)
    profile = profile_that_reads(seven, as_digit=1, unlike=unlike)
    settings = [Settings.for_drawing(), Settings(touching_digits="keep")]
    assert read_texts(seven, settings, profile) == ["1", "1"]


def test_steps_that_settings_share_are_run_once(drawing):
    dark_ink, keep = Settings(polarity="dark_ink"), Settings(touching_digits="keep")
    with (
        patch.object(texts, "extract_ink", wraps=extract_ink) as inks,
        patch.object(texts, "read_text", wraps=read_text) as marks,
    ):
        assert read_texts(drawing(7), [Settings(), dark_ink, keep, Settings()]) == ["7"] * 4
    assert (inks.call_count, marks.call_count) == (2, 2)


def test_every_setting_is_one_of_the_ink_or_of_what_is_read_from_it():
    assert sorted([*texts.INK_SETTINGS, *texts.OTHER_SETTINGS]) == sorted(setting_names())
    assert {"medium", "minimum_contrast"} <= set(texts.INK_SETTINGS)
    assert {"smallest_line", "allowed_numbers"} <= set(texts.OTHER_SETTINGS)


def test_a_blank_picture_has_no_text():
    blank = np.full((100, 100), 255, np.uint8)
    assert read_texts(blank, [Settings(), Settings.for_drawing(), Settings(digit_count="3")]) == ["", "", ""]


def test_what_is_no_picture_is_an_error():
    with pytest.raises(ImageError):
        read_texts(b"no picture", [Settings()])
