import itertools
import json

import numpy as np
import pytest
from PIL import ImageFont

from digitcore.layout.ink import crop_to_ink
from digitcore.recognition.normalization import normalize_digit
from synthetic.fonts.__main__ import ATTRIBUTION_PATH, CHARACTERS_PATH, attribution, save_characters
from synthetic.fonts.glyphs import CROP_SIDE_PX, draw, fit, has_character
from synthetic.fonts.packages import MANIFEST_DIR, describe, install_fonts
from synthetic.fonts.selection import CAPITALS_ONLY, CHARACTERS, EXCLUSIONS, HELD_OUT, characters_of

METADATA = {
    "family": "Any Hand",
    "license": {"type": "OFL-1.1", "attribution": "Copyright 2010 A AnyHand-Bold.ttf: Copyright 2010 A"},
    "source": "https://example.org/fonts",
}


@pytest.fixture(scope="module")
def stored():
    with np.load(CHARACTERS_PATH) as file:
        return dict(file)


@pytest.fixture(scope="module")
def pinned():
    return json.loads((MANIFEST_DIR / "package.json").read_text(encoding="utf-8"))["dependencies"]


@pytest.fixture
def font():
    """Return the font that comes with Pillow."""
    return ImageFont.load_default(size=256)


@pytest.fixture
def package(tmp_path):
    """Return the folder of a package as npm installs it, whose font is empty."""
    folder = tmp_path / "any-hand"
    (folder / "files").mkdir(parents=True)
    (folder / "files" / "any-hand-latin-400-normal.woff2").touch()
    (folder / "metadata.json").write_text(json.dumps(METADATA), encoding="utf-8")
    (folder / "package.json").write_text(json.dumps({"name": "@fonts/any-hand", "version": "1.2.3"}), encoding="utf-8")
    return folder


def test_the_stored_fonts_are_those_of_the_pinned_packages(stored, pinned):
    assert stored["names"].tolist() == sorted(name.split("/")[1] for name in pinned)
    assert set(stored["names"]) >= HELD_OUT | CAPITALS_ONLY | {exclusion.font for exclusion in EXCLUSIONS}


def test_every_package_is_pinned_by_a_version_and_a_hash_and_names_no_registry(pinned):
    lock = json.loads((MANIFEST_DIR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    locked = {path.removeprefix("node_modules/"): package for path, package in lock.items() if path}
    assert {name: package["version"] for name, package in locked.items()} == pinned
    assert all(package["integrity"].startswith("sha512-") and "resolved" not in package for package in locked.values())


def test_every_crop_is_as_long_as_its_side_and_white(stored):
    assert stored["images"].shape == (len(stored["characters"]), CROP_SIDE_PX, CROP_SIDE_PX)
    assert stored["images"].dtype == np.uint8
    assert (stored["images"].max(axis=(1, 2)) == 255).all()
    assert all(max(crop_to_ink(image).shape) == CROP_SIDE_PX for image in stored["images"])


def test_every_font_has_its_digits_and_no_excluded_character(stored):
    for index, name in enumerate(stored["names"]):
        characters = stored["characters"][stored["fonts"] == index].tolist()
        assert len(characters) == len(set(characters))
        assert set(characters) <= set(characters_of(name))
        assert set("0123456789") & set(characters_of(name)) <= set(characters)


def test_no_two_fonts_have_the_same_digits(stored):
    """A font that is another under a new name would be in training and among the fonts held out."""
    digits = np.zeros((len(stored["names"]), 10, CROP_SIDE_PX, CROP_SIDE_PX), np.int16)
    has_digit = np.zeros((len(stored["names"]), 10), bool)
    drawn = np.isin(stored["characters"], list("23456789"))
    places = stored["fonts"][drawn], stored["characters"][drawn].astype(int)
    digits[places], has_digit[places] = stored["images"][drawn], True
    for first, second in itertools.combinations(range(len(digits)), 2):
        in_both = has_digit[first] & has_digit[second]
        assert np.abs(digits[first, in_both] - digits[second, in_both]).mean() > 10


def test_every_font_has_its_line_in_the_list(stored):
    rows = [line for line in ATTRIBUTION_PATH.read_text(encoding="utf-8").splitlines() if "@fontsource" in line]
    assert [row.split("@")[-2].split("/")[1] for row in rows] == stored["names"].tolist()
    assert all(licence in {"OFL-1.1", "Apache-2.0"} for licence in (row.split(" | ")[2] for row in rows))
    assert [row.endswith("| × |") for row in rows] == [name in HELD_OUT for name in stored["names"]]


def test_characters_are_named_once():
    assert len(CHARACTERS) == len(set(CHARACTERS))
    assert all(exclusion.reason and set(exclusion.characters) <= set(CHARACTERS) for exclusion in EXCLUSIONS)


def test_an_excluded_character_and_small_capitals_are_not_drawn():
    assert characters_of("any other font") == CHARACTERS
    assert "1" not in characters_of("gochi-hand")
    assert set(CHARACTERS) - set(characters_of("permanent-marker")) >= set("abcxyz$&")


def test_a_font_has_only_what_it_has_ink_for(font):
    assert has_character(font, "4")
    assert not has_character(font, " ")
    assert not has_character(font, "\ufffe")


@pytest.mark.parametrize("digit", "0123456789")
def test_a_crop_is_normalized_like_the_character_at_its_full_size(font, digit):
    """The centre of mass may be rounded to the next pixel."""
    drawn = draw(font, digit)
    expected, received = (normalize_digit(ink).model_input.astype(int) for ink in (drawn, fit(drawn)))
    shifts = itertools.product((-1, 0, 1), repeat=2)
    assert min(np.abs(expected - np.roll(received, shift, axis=(0, 1))).mean() for shift in shifts) < 5


def test_a_character_is_drawn_whole_and_in_grey(font):
    drawn = draw(font, "8")
    assert drawn.max() == 255
    assert all(edge.any() for edge in (drawn[0], drawn[-1], drawn[:, 0], drawn[:, -1]))
    assert len(np.unique(drawn)) > 10


def test_a_wide_character_is_put_in_the_middle():
    crop = fit(np.full((10, 80), 200, np.uint8))
    assert crop[17:22].tolist() == np.full((5, CROP_SIDE_PX), 255).tolist()
    assert not crop[:17].any()
    assert not crop[22:].any()


def test_a_package_is_described_by_its_own_files(package):
    font = describe(package)
    assert font[:-1] == ("any-hand", "Any Hand", "@fonts/any-hand@1.2.3", "Copyright 2010 A", "OFL-1.1", "https://example.org/fonts")
    assert attribution([font]).endswith(
        "| Any Hand | Copyright 2010 A | OFL-1.1 | https://example.org/fonts | `@fonts/any-hand@1.2.3` |  |\n"
    )


def test_a_vertical_bar_in_a_copyright_line_starts_no_cell(package):
    font = describe(package)._replace(copyright="Copyright 2014 A (a.example|a@a.example)")
    assert r"| Any Hand | Copyright 2014 A (a.example\|a@a.example) | OFL-1.1 |" in attribution([font])


def test_a_package_without_the_expected_font_is_named(package):
    next((package / "files").iterdir()).unlink()
    with pytest.raises(FileNotFoundError, match="any-hand"):
        describe(package)


def test_without_npm_the_message_names_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="expected npm"):
        install_fonts(tmp_path)


def test_the_same_fonts_make_the_same_file(package, font, tmp_path, monkeypatch):
    monkeypatch.setattr("synthetic.fonts.__main__.load_font", lambda _: font)
    paths = [tmp_path / "first.npz", tmp_path / "second.npz"]
    for path in paths:
        save_characters([describe(package)], path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with np.load(paths[0]) as file:
        assert file["names"].tolist() == ["any-hand"]
        assert set("0123456789Az") <= set(file["characters"])
        assert set(file.files) == {"images", "characters", "fonts", "names"}
