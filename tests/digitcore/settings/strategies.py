"""Settings for tests of properties."""

from hypothesis import strategies as st

from digitcore import Settings

valid_settings = st.builds(
    Settings,
    medium=st.sampled_from(["photo", "drawing"]),
    clahe_clip=st.floats(0, 10),
    clahe_tiles=st.integers(1, 32),
    threshold=st.sampled_from(["paper", "otsu", "adaptive"]),
    polarity=st.sampled_from(["auto", "dark_ink", "light_ink"]),
    rulings=st.sampled_from(["remove", "keep"]),
    touching_digits=st.sampled_from(["cut", "keep"]),
    smallest_line=st.floats(0, 1),
    minimum_stroke=st.floats(0, 0.3),
    aspect_ratio=st.sampled_from(["keep", "squash"]),
    centring=st.sampled_from(["mass", "box"]),
    digit_count=st.sampled_from(["", "3", "1-40"]),
    number_range=st.sampled_from(["", "0", "12-31"]),
    check_digit=st.sampled_from(["none", "luhn", "isbn", "ean", "iban"]),
    allowed_numbers=st.sampled_from([(), ("7",), ("007", "407")]),
)
