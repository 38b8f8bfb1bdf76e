"""Options of Playwright's browser contexts for the devices that tests, benchmarks and screenshots imitate."""

from typing import Any, Final

DESKTOP: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 780}, "is_mobile": True, "has_touch": True}
