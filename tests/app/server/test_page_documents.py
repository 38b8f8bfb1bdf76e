"""Which documents and pictures the app serves itself; tests/deploy/test_front.py requests them from a server."""

import gzip
import re
from html.parser import HTMLParser

import httpx
import pytest
from PIL import Image
from starlette.responses import PlainTextResponse

from app import language
from app.navigation import PAGE_ENTRIES
from app.server.document_head import INDEX_PATH, PREVIEW_SIZE_WH
from app.server.page_documents import PageDocuments
from app.style import STYLE_PATH
from synthetic.samples import PREVIEW_PATH
from testing.browser.loops import run

DESCRIPTIONS = {entry.description for entry in PAGE_ENTRIES.values()}


class Head(HTMLParser):
    """The language, the title and the named contents of a document."""

    def __init__(self, document):
        super().__init__()
        self.contents, self.titles, self.language, self._in_title = {}, [], "", False
        self.feed(document)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self._in_title = tag == "title"
        if tag == "html":
            self.language = found["lang"]
        if tag == "meta" and "content" in found:
            self.contents.setdefault(found.get("name") or found.get("property"), []).append(found["content"])

    def handle_data(self, data):
        if self._in_title:
            self.titles.append(data)
            self._in_title = False


def get(path, method="GET", **headers):
    async def send():
        app = PageDocuments(PlainTextResponse("of Streamlit"))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://digits.example:8501") as client:
            return await client.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return run(send())


def head(path, **headers):
    return Head(get(path, **headers).text)


def test_each_page_has_a_title_a_description_and_a_preview_of_its_own():
    heads = {path: head(path) for path in ("/", "/upload", "/webcam", "/inspector", "/model")}
    assert [each.titles for each in heads.values()] == [
        [f"{title} · Digit reader"] for title in ("Draw", "Upload", "Webcam", "Inspector", "Model")
    ]
    assert {each.contents["description"][0] for each in heads.values()} == DESCRIPTIONS
    for path, each in heads.items():
        assert each.contents["og:title"] == each.titles
        assert each.contents["og:description"] == each.contents["description"]
        assert each.contents["og:url"] == [f"http://digits.example:8501{path}"]
        assert each.contents["og:image"] == ["http://digits.example:8501/preview.png"]
        assert each.contents["og:type"] == ["website"]
        assert each.contents["twitter:card"] == ["summary_large_image"]
        assert each.contents["theme-color"] == ["#fbfaf7", "#14181d"]
        assert "viewport-fit=cover" in each.contents["viewport"][0]


def test_the_image_precedes_its_properties():
    names = re.findall('property="(og:image[^"]*)"', get("/").text)
    assert names[0] == "og:image"
    assert len(names) == 5


@pytest.mark.parametrize(
    ("path", "accepted", "code"),
    [
        ("/upload", "", "en"),
        ("/upload", "es-MX,es;q=0.9,en;q=0.8", "es"),
        ("/upload", "fr-FR,es;q=0.9", "en"),
        ("/upload?lang=es", "en-GB", "es"),
        ("/upload?lang=en", "es", "en"),
        ("/upload?lang=xx", "es;q=1", "es"),
        ("/upload?lang=", ";,;q", "en"),
    ],
)
def test_the_language_is_that_of_the_address_or_else_that_of_the_browser(path, accepted, code):
    found = head(path, Accept_Language=accepted)
    assert found.language == code
    assert found.titles == [{"en": "Upload · Digit reader", "es": "Subir · Lector de dígitos"}[code]]


def test_the_address_in_the_preview_keeps_the_language_and_nothing_else():
    assert head("/model?lang=es&x=1").contents["og:url"] == ["http://digits.example:8501/model?lang=es"]
    assert head("/model?x=1", Accept_Language="es").contents["og:url"] == ["http://digits.example:8501/model"]


def test_behind_a_proxy_with_tls_the_addresses_are_secure():
    contents = head("/", X_Forwarded_Proto="https").contents
    assert (contents["og:url"], contents["og:image"]) == (["https://digits.example:8501/"], ["https://digits.example:8501/preview.png"])


@pytest.mark.parametrize("host", ['x"><script>', "a b", "a/b", "", "a:b"])
def test_a_host_that_is_none_is_not_repeated(host):
    contents = head("/", Host=host).contents
    assert "og:title" in contents
    assert not {"og:url", "og:image", "og:image:alt"} & set(contents)


def test_without_its_catalogue_the_document_is_in_english(monkeypatch, tmp_path):
    monkeypatch.setattr(language, "LOCALE_DIR", tmp_path)
    language._read_catalogue.cache_clear()
    assert head("/upload?lang=es").titles == ["Upload · Digit reader"]
    language._read_catalogue.cache_clear()


def test_an_unchanged_document_is_not_sent_again():
    first = get("/upload")
    again = get("/upload", If_None_Match=f'W/"other", {first.headers["etag"]}')
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert get("/upload", If_None_Match=first.headers["etag"], Accept_Language="es").status_code == 200
    assert first.headers["cache-control"] == "no-cache"
    assert {"Accept-Language", "Accept-Encoding"} <= set(first.headers["vary"].split(", "))


@pytest.mark.parametrize("encoding", ["gzip", "identity"])
def test_the_length_is_that_of_what_is_sent(encoding):
    answer = get("/upload?lang=es", Accept_Encoding=encoding)
    sent = gzip.compress(answer.content) if encoding == "gzip" else answer.content
    assert ("content-encoding" in answer.headers) == (encoding == "gzip")
    assert abs(int(answer.headers["content-length"]) - len(sent)) <= (20 if encoding == "gzip" else 0)
    assert get("/upload?lang=es", "HEAD", Accept_Encoding=encoding).headers == answer.headers


def test_the_style_is_there_before_the_first_element_and_after_the_styles_of_streamlit():
    document = get("/").text
    assert document.index('<div id="root">') < document.index(f"<style>{STYLE_PATH.read_text('utf-8')}</style>")


def test_the_scripts_are_those_of_streamlit():
    own, original = (re.findall("<script.*?</script>", document, re.DOTALL) for document in (get("/").text, INDEX_PATH.read_text("utf-8")))
    assert own == original


@pytest.mark.parametrize("path", ["/draw", "/nowhere", "/upload/", "/upload/x", "/app/preview.png", "/_stcore/health", "/router.py"])
def test_everything_else_is_left_to_streamlit(path):
    assert get(path).text == "of Streamlit"


def test_other_methods_are_left_to_streamlit():
    assert get("/upload", "POST").text == "of Streamlit"


def test_a_base_path_precedes_every_address(monkeypatch):
    monkeypatch.setattr("app.server.page_documents.config.get_option", {"server.baseUrlPath": "digits/"}.get)
    assert head("/digits/upload").contents["og:image"] == ["http://digits.example:8501/digits/preview.png"]
    assert get("/digits/preview.png").headers["content-type"] == "image/png"
    assert get("/upload").text == "of Streamlit"


@pytest.mark.parametrize("name", ["preview.png", "favicon.png"])
def test_the_pictures_are_served_and_may_be_kept_for_a_day(name):
    answer = get(f"/{name}")
    assert answer.content == PREVIEW_PATH.with_name(name).read_bytes()
    assert answer.headers["cache-control"] == "public, max-age=86400"
    assert get(f"/{name}", If_None_Match=answer.headers["etag"]).status_code == 304


def test_the_preview_has_the_size_that_the_document_states():
    with Image.open(PREVIEW_PATH) as picture:
        assert picture.size == PREVIEW_SIZE_WH
    assert PREVIEW_PATH.stat().st_size < 100_000
