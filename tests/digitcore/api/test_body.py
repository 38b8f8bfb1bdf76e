"""Bodies arrive message by message, in virtual time."""

import tempfile

import pytest
from starlette.requests import Request

from digitcore.api import ApiSettings
from digitcore.api.body import MAX_DRAWING_BYTES, MIN_UPLOAD_BYTES_PER_S, receive_drawing, receive_upload
from digitcore.api.form import Upload
from digitcore.api.memory import MemoryBudget
from digitcore.errors import RequestError
from digitcore.recognition.writer_profile import MAX_JSON_BYTES
from tests.digitcore.api.asgi import DISCONNECT, Exchange, chunk, http_scope
from tests.digitcore.api.virtual_time import now, run_in_virtual_time

MIB = 2**20
FORM = {"Content-Type": "multipart/form-data; boundary=edge"}
END = chunk(b"--edge--\r\n", more=False)

NO_PICTURE_TYPE = "This isn't a picture. Send the picture in the form field `file`, or as the request body."
NO_PICTURE = "This form has no picture. Send the picture in the form field `file`, or as the request body."
INCOMPLETE = "This form is incomplete. Send the picture in the form field `file`, or as the request body."
MALFORMED = "This form is malformed. Send the picture in the form field `file`, or as the request body."
TOO_LARGE = "This picture has more than 1 MB. Make it smaller and try again."
TOO_SLOW = "The picture arrived too slowly. Try again over a faster connection."


def part(name, content, filename=None):
    """Return the message with one part of a form."""
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return chunk(f"--edge\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n")


def receiving(messages, headers=None, budget=None, **settings):
    """Return the context manager that receives a body of up to 1 MiB."""
    request = Request(http_scope("POST", headers=headers), Exchange(*messages).receive)
    return receive_upload(request, ApiSettings(**{"body_limit_mib": 1, **settings}), budget or MemoryBudget(10 * MIB))


def received_upload(*messages, **options):
    """Return what a request sends."""

    async def receive():
        async with receiving(messages, **options) as upload:
            return upload

    return run_in_virtual_time(receive())


def received(*messages, **options):
    """Return the picture of a request without a profile."""
    upload = received_upload(*messages, **options)
    assert upload.profile is None
    return upload.picture


def refused(*messages, budget_bytes=10 * MIB, **options):
    """Return the error of a request that is refused: its status, its message and the time."""
    budget = MemoryBudget(budget_bytes)

    async def receive():
        with pytest.raises(RequestError) as caught:
            async with receiving(messages, budget=budget, **options):
                pass
        return caught.value.status, caught.value.message, now()

    error = run_in_virtual_time(receive())
    assert budget.used_bytes == 0
    return error


def test_a_body_is_the_picture_itself():
    assert received(chunk(b"abc"), chunk(), chunk(b"de"), chunk(b"f", more=False)) == b"abcdef"


def test_a_body_may_be_empty():
    assert received(chunk(more=False)) == b""


@pytest.mark.parametrize("headers", [{}, FORM])
def test_memory_stays_reserved_until_the_block_ends(headers):
    budget = MemoryBudget(10 * MIB)
    messages = [part("file", b"abc", "a.png"), END] if headers else [chunk(b"abc"), chunk(b"def", more=False)]

    async def receive():
        async with receiving(messages, headers=headers, budget=budget):
            return budget.used_bytes

    assert run_in_virtual_time(receive()) == sum(len(message["body"]) for message in messages)
    assert budget.used_bytes == 0


def test_memory_is_released_if_the_block_fails():
    budget = MemoryBudget(10)

    async def receive():
        async with receiving([chunk(b"abc", more=False)], budget=budget):
            raise ValueError("from the block")

    with pytest.raises(ValueError, match="from the block"):
        run_in_virtual_time(receive())
    assert budget.used_bytes == 0


@pytest.mark.parametrize(
    "media_type",
    [
        *("text/plain", "TEXT/HTML", " text/plain", "audio/mpeg", "video/mp4", "application/json; charset=utf-8", "application/xml"),
        *("application/pdf", "application/x-www-form-urlencoded"),
    ],
)
def test_a_type_that_is_no_picture_is_refused_unread(media_type):
    assert refused(headers={"Content-Type": media_type}) == (415, NO_PICTURE_TYPE, 0)


@pytest.mark.parametrize("media_type", ["", "image/png", "application/octet-stream", "plain/text", "multipart"])
def test_a_body_of_any_other_type_is_taken_for_a_picture(media_type):
    assert received(chunk(b"abc", more=False), headers={"Content-Type": media_type}) == b"abc"


@pytest.mark.parametrize("encoding", ["gzip", "BR", "identity, gzip", ""])
def test_a_compressed_body_is_refused_unread(encoding):
    message = "Compressed request bodies aren't supported. Send the picture without `Content-Encoding`."
    assert refused(headers={"Content-Encoding": encoding}) == (415, message, 0)


@pytest.mark.parametrize("encoding", ["identity", "Identity"])
def test_an_uncompressed_body_may_be_declared_so(encoding):
    assert received(chunk(b"abc", more=False), headers={"Content-Encoding": encoding}) == b"abc"


@pytest.mark.parametrize("length", [str(MIB + 1), 5_000 * "9"])
def test_a_body_that_is_announced_too_large_is_refused_unread(length):
    assert refused(headers={"Content-Length": length}) == (413, TOO_LARGE, 0)


@pytest.mark.parametrize("length", [str(MIB), "-1", "many", "", "²²²²²²²²"])
def test_another_length_is_left_to_what_arrives(length):
    assert received(chunk(b"abc", more=False), headers={"Content-Length": length}) == b"abc"


def test_a_body_of_the_largest_size_is_received():
    assert received(chunk(bytes(MIB - 1)), chunk(b"x", more=False)) == bytes(MIB - 1) + b"x"


@pytest.mark.parametrize("headers", [{}, {"Content-Length": "1"}, FORM])
def test_a_body_that_grows_too_large_is_refused(headers):
    first = part("file", bytes(MIB // 2), "a.png") if headers == FORM else chunk(bytes(MIB // 2))
    assert refused(first, chunk(bytes(MIB // 2 - 200)), chunk(bytes(201)), headers=headers) == (413, TOO_LARGE, 0)


def test_the_limit_in_the_message_is_the_one_that_is_set():
    message = "This picture has more than 3 MB. Make it smaller and try again."
    assert refused(headers={"Content-Length": str(3 * MIB + 1)}, body_limit_mib=3) == (413, message, 0)


def test_a_body_that_finds_no_free_memory_is_refused():
    message = "The server is processing too many pictures. Try again in a moment."
    assert refused(chunk(b"abc"), chunk(b"de"), budget_bytes=4) == (503, message, 0)
    assert received(chunk(b"abc"), chunk(b"d", more=False), budget=MemoryBudget(4)) == b"abcd"


@pytest.mark.parametrize("headers", [{}, FORM])
def test_a_sender_who_stops_is_cut_off(headers):
    assert refused(chunk(b"--edge"), headers=headers, body_timeout_s=2.5) == (408, TOO_SLOW, pytest.approx(2.5, abs=0.001))
    assert refused(headers=headers, body_timeout_s=7) == (408, TOO_SLOW, 7)


def test_a_sender_of_single_bytes_is_cut_off():
    assert refused(*[0.25, chunk(b"x")] * 100, body_timeout_s=2) == (408, TOO_SLOW, pytest.approx(2, abs=0.001))


def test_each_chunk_gives_its_sender_time_for_the_next():
    second = chunk(bytes(MIN_UPLOAD_BYTES_PER_S))
    assert refused(second, second, body_timeout_s=2) == (408, TOO_SLOW, 4)
    assert len(received(0.5, second, 1.5, second, 1.9, chunk(more=False), body_timeout_s=2)) == 2 * MIN_UPLOAD_BYTES_PER_S


def test_a_sender_at_the_lowest_rate_is_never_cut_off():
    pieces = [1.0, chunk(bytes(MIN_UPLOAD_BYTES_PER_S))] * 60
    assert len(received(*pieces, chunk(more=False), body_timeout_s=1.1)) == 60 * MIN_UPLOAD_BYTES_PER_S


@pytest.mark.parametrize("headers", [{}, FORM])
def test_a_client_that_disconnects_is_told_apart(headers):
    assert refused(chunk(b"--edge"), 1, DISCONNECT, headers=headers) == (499, "The client disconnected.", 1)


@pytest.mark.parametrize("media_type", [FORM["Content-Type"], "  Multipart/Form-Data; boundary=edge", "multipart/mixed; boundary=edge"])
def test_a_file_in_a_form_is_the_picture(media_type):
    picture = received(part("note", b"a text"), part("file", b"abc", "a.png"), END, headers={"Content-Type": media_type})
    assert picture == b"abc"


def test_a_file_may_be_empty():
    assert received(part("file", b"", "a.png"), END, headers=FORM) == b""


def test_a_file_of_any_size_stays_in_memory(monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", "/no/such/folder")
    content = bytes(range(256)) * 8192
    assert received(part("file", content, "a.png"), END, headers=FORM, body_limit_mib=3) == content


@pytest.mark.parametrize(
    ("parts", "count"),
    [
        ([part("file", b"a", "a.png"), part("file", b"b", "b.png")], 2),
        ([part("file", b"a", "a.png"), part("other", b"b", "b.png")], 2),
        ([part("file", b"a", "a.png"), part("file", b"a text")], 2),
        ([part("file", b"a text"), part("file", b"another"), part("file", b"a third")], 3),
        ([part("file", b"a", "a.png")] * 8, 8),
    ],
)
def test_several_files_are_refused_with_their_number(parts, count):
    assert refused(*parts, END, headers=FORM) == (400, f"This form has {count} files. Send one file per request.", 0)


@pytest.mark.parametrize(
    "parts",
    [
        [part("other", b"a", "a.png")],
        [part("file", b"a text")],
        [part("text", b"a text"), part("more", b"a text")],
        [part("other", b"a", "a.png"), part("text", b"a text")],
        [],
    ],
)
def test_a_form_without_a_picture_is_refused(parts):
    assert refused(*parts, END, headers=FORM) == (400, NO_PICTURE, 0)


@pytest.mark.parametrize(("filename", "profile"), [(None, "{}"), ("my-hand.json", b"{}")])
def test_a_profile_in_a_form_may_be_a_text_or_a_file(filename, profile):
    parts = [part("profile", b"{}", filename), part("file", b"abc", "a.png")]
    for messages in (parts, parts[::-1]):
        assert received_upload(*messages, END, headers=FORM) == Upload(b"abc", profile)


def test_a_profile_is_kept_only_as_far_as_one_may_reach():
    parts = [part("file", b"abc", "a.png"), part("profile", bytes(3_000_000), "my-hand.json")]
    upload = received_upload(*parts, END, headers=FORM, body_limit_mib=4)
    assert upload == Upload(b"abc", bytes(MAX_JSON_BYTES + 1))


def test_a_profile_is_no_picture():
    assert refused(part("profile", b"{}", "my-hand.json"), END, headers=FORM) == (400, NO_PICTURE, 0)


def test_several_profiles_are_refused_with_their_number():
    parts = [part("file", b"a", "a.png"), part("profile", b"{}", "my-hand.json"), part("profile", b"{}")]
    assert refused(*parts, END, headers=FORM) == (400, "This form has 2 profiles. Send one profile per request.", 0)


@pytest.mark.parametrize(
    "messages",
    [
        [chunk(b"no form at all", more=False)],
        [part("file", b"a", "a.png")] * 9,
        [part("file", b"a", "a.png"), *[part("text", b"a text")] * 9],
        [part("file", b"a", "a.png"), part("text", b"x" * (MIB + 1))],
    ],
)
def test_a_malformed_form_is_refused(messages):
    assert refused(*messages, END, headers=FORM, body_limit_mib=3) == (400, MALFORMED, 0)


@pytest.mark.parametrize("missing", [0, 1, 7, 20, 60, 76])
def test_an_incomplete_form_is_refused(missing):
    whole = part("file", b"abc", "a.png")["body"] + b"--edge"
    assert refused(chunk(whole[: len(whole) - missing], more=False), headers=FORM) == (400, INCOMPLETE, 0)


def test_an_empty_form_is_incomplete():
    assert refused(chunk(more=False), headers=FORM) == (400, INCOMPLETE, 0)


def test_a_form_that_lacks_only_its_end_is_accepted():
    assert received(part("file", b"abc", "a.png"), chunk(b"--edge\r\n", more=False), headers=FORM) == b"abc"


@pytest.mark.parametrize("media_type", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; charset=none"])
def test_a_form_without_a_boundary_is_refused(media_type):
    assert refused(part("file", b"abc", "a.png"), END, headers={"Content-Type": media_type}) == (400, MALFORMED, 0)


def test_a_picture_may_come_with_eight_texts_of_1_mib():
    texts = [part("text", b"x" * MIB)] * 8
    assert received(*texts, part("file", b"abc", "a.png"), END, headers=FORM, body_limit_mib=9, body_timeout_s=1) == b"abc"


def drawing_of(*messages, content_type="application/json", **settings):
    """Return the drawing that a request sends, or the error with which it is refused."""
    headers = {"Content-Type": content_type, **settings.pop("headers", {})}
    request, budget = Request(http_scope("POST", headers=headers), Exchange(*messages).receive), MemoryBudget(20 * MIB)

    async def receive():
        try:
            async with receive_drawing(request, ApiSettings(**settings), budget) as drawing:
                assert budget.used_bytes == len(drawing)
                return drawing
        except RequestError as error:
            return error.status, error.message

    received = run_in_virtual_time(receive())
    assert budget.used_bytes == 0
    return received


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8", "application/json ;x"])
def test_a_drawing_is_the_body_itself(content_type):
    assert drawing_of(chunk(b"{"), chunk(b"}", more=False), content_type=content_type) == b"{}"


@pytest.mark.parametrize("content_type", ["", "text/plain", "application/jsonp", "multipart/form-data; boundary=edge"])
def test_a_drawing_of_another_type_is_refused(content_type):
    expected = 415, "This isn't a drawing. Send its strokes as `application/json`."
    assert drawing_of(chunk(b"{}", more=False), content_type=content_type) == expected


@pytest.mark.parametrize(("settings", "limit_mb"), [({}, 8), ({"body_limit_mib": 2}, 2)])
def test_a_drawing_over_its_limit_is_refused_announced_or_not(settings, limit_mb):
    expected = 413, f"This drawing has more than {limit_mb} MB. Make it smaller and try again."
    announced = {"Content-Length": str(limit_mb * MIB + 1)}
    assert drawing_of(chunk(bytes(limit_mb * MIB + 1)), **settings) == expected
    assert drawing_of(chunk(b""), headers=announced, **settings) == expected
    assert drawing_of(chunk(bytes(limit_mb * MIB), more=False), **settings) == bytes(limit_mb * MIB)
    assert MAX_DRAWING_BYTES == 8 * MIB


def test_a_compressed_or_slow_drawing_is_refused():
    compressed = 415, "Compressed request bodies aren't supported. Send the drawing without `Content-Encoding`."
    assert drawing_of(chunk(b"{}", more=False), headers={"Content-Encoding": "gzip"}) == compressed
    assert drawing_of(chunk(b"{"), 1_000, chunk(b"}")) == (408, "The drawing arrived too slowly. Try again over a faster connection.")
    assert drawing_of(chunk(b"{"), DISCONNECT) == (499, "The client disconnected.")
