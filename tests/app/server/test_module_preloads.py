import json

import pytest

from app.navigation import PAGE_ENTRIES
from app.server.module_preloads import ELEMENTS, MANIFEST_PATH, PAGE_ELEMENTS, STATIC_DIR, element_source, module_preloads


def test_streamlit_has_each_element():
    manifest = json.loads(MANIFEST_PATH.read_text(encoding="utf-8"))
    elements = {*ELEMENTS, *(each for elements in PAGE_ELEMENTS.values() for each in elements)}
    assert {each for each in elements if element_source(each) not in manifest} == set()


@pytest.mark.parametrize("name", PAGE_ENTRIES)
def test_the_scripts_are_files_that_the_document_does_not_name_itself(name):
    scripts = module_preloads(name)
    assert any("PageLink" in each for each in scripts)
    assert all((STATIC_DIR / each).is_file() for each in scripts)
    assert not [each for each in scripts if each in (STATIC_DIR / "index.html").read_text(encoding="utf-8")]
    assert len(set(scripts)) == len(scripts)


def test_a_page_without_elements_of_its_own_has_those_of_every_page():
    assert set(module_preloads("mine")) == set.intersection(*(set(module_preloads(name)) for name in PAGE_ENTRIES))
