"""Synthetic photographs as difficult as many real ones, with their whole ground truth.

A page of `synthetic.pages` is read without error far more often than real photographs are. The pages of this package imitate what makes
real ones fail: lamps and dark rims, what lies around the sheet, folds, squared and printed paper, sums with signs and brackets,
uneven writing, and the cameras of phones and videos. Each imitation is an effect, a function of its own with a severity from 0 to 1:

- `styles`: how a page is written, for `writing`, which places the `characters`;
- `surfaces`, `rulings` and `prints`: sheets, their folds, and what is printed on them;
- `views` and `scenery`: where the sheet lies in the picture, and what is around it;
- `lights` and `cameras`: what becomes of the picture.

`effects` lists them with their probabilities. An effect has a random generator of its own, so that a page can be compared with and without
it: `hard_page(seed, effects=…)`.
"""

from synthetic.hard_pages.effects import EFFECTS, random_effects
from synthetic.hard_pages.pages import hard_page
from synthetic.hard_pages.truth import HardPage, Mark, Truth
from synthetic.hard_pages.without_digits import hard_page_without_digits

__all__ = ["EFFECTS", "HardPage", "Mark", "Truth", "hard_page", "hard_page_without_digits", "random_effects"]
