"""Colours that people with colour blindness can tell apart (Okabe and Ito 2008), as RGB triples with levels from 0 to 255."""

from typing import Final

Rgb = tuple[int, int, int]

BLUE_RGB: Final[Rgb] = (0, 114, 178)
VERMILION_RGB: Final[Rgb] = (213, 94, 0)
ORANGE_RGB: Final[Rgb] = (230, 159, 0)
GREY_RGB: Final[Rgb] = (89, 99, 107)
