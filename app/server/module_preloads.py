"""Name the scripts that a page's first elements need, so that a browser loads them together with the document.

Streamlit's own script loads each kind of element when the first one is to be shown, and shows a grey box of another height until then: what
is below it moves.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import streamlit

STATIC_DIR: Final = Path(streamlit.__file__).parent / "static"
MANIFEST_PATH: Final = STATIC_DIR / "manifest.json"
"""The list of Streamlit's scripts, by their sources, that its build wrote."""

ELEMENTS: Final = ("elements/PageLink", "elements/Html", "widgets/BidiComponent", "widgets/Button", "widgets/ButtonGroup")
"""The elements of every page, as folders of Streamlit's sources."""

PAGE_ELEMENTS: Final = {
    "draw": ("widgets/CustomComponent",),
    "upload": ("widgets/FileUploader", "elements/ImageList"),
    "webcam": ("widgets/CustomComponent", "widgets/Checkbox"),
    "inspector": ("widgets/Selectbox", "elements/ImageList"),
    "model": ("elements/Metric", "elements/ArrowVegaLiteChart"),
}
"""Further elements of the top of a page, by the name of the page's file; a page that isn't here shows a box in their place at first."""

_ENTRY: Final = "index.html"


@lru_cache(maxsize=len(PAGE_ELEMENTS))
def module_preloads(name: str) -> tuple[str, ...]:
    """Return the addresses of the scripts of a page's elements, relative to the document, except those that the document names itself.

    Args:
        name: the name of the page's file.
    """
    manifest = json.loads(MANIFEST_PATH.read_text(encoding="utf-8"))
    sources = [element_source(element) for element in (*ELEMENTS, *PAGE_ELEMENTS.get(name, ()))]
    found = _with_imports([each for each in sources if each in manifest], manifest)
    return tuple(f"./{manifest[each]['file']}" for each in found if each not in _with_imports([_ENTRY], manifest))


def element_source(element: str) -> str:
    """Return the source of an element of `ELEMENTS` or `PAGE_ELEMENTS`, as the manifest names it."""
    component = element.rpartition("/")[2]
    file = "ComponentInstance" if component == "CustomComponent" else component
    return f"../lib/src/components/{element}/{file}.tsx"


def _with_imports(entries: list[str], manifest: dict[str, Any]) -> list[str]:
    """Return entries of the manifest and all that they import."""
    found = dict.fromkeys(entries)
    queue = list(found)
    while queue:
        new = [each for each in manifest[queue.pop()].get("imports", ()) if each not in found]
        found.update(dict.fromkeys(new))
        queue += new
    return list(found)
