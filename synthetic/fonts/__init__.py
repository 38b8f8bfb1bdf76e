"""Draw the characters of handwriting fonts: `python -m synthetic.fonts` (or `make fonts`) writes `model/fonts.npz` and `model/FONTS.md`."""
