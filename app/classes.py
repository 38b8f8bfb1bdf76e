"""What the network reads: some parts of the app are about digits, and an app with another network goes without them."""

from digitcore import default_classifier
from digitcore.class_names import DIGITS


def reads_digits() -> bool:
    """Return whether the network reads digits."""
    return default_classifier().classes == DIGITS
