"""The tools, called by the SDK's own client in this process."""

import asyncio
import base64
import json

import cv2
import numpy as np
import pytest
from mcp import Client
from pydantic import BaseModel

from digitcore import Settings, read_image
from digitcore.api.schemas import EvaluationModel, ReadingModel
from digitcore.mcp.explanation import ExplanationModel
from digitcore.mcp.server import create_server
from testing.batch_runs import save_digit
from testing.writer_profiles import profile_that_reads
from tests.digitcore.mcp.conftest import LIMITS


def call(server, *calls):
    """Call tools of one server one after another, and return the results."""

    async def run():
        async with Client(server) as client:
            return [await client.call_tool(name, arguments) for name, arguments in calls]

    return asyncio.run(run())


def sentence(result):
    assert result.is_error
    assert result.structured_content is None
    return result.content[0].text


def without_time(answer):
    return {name: value for name, value in answer.items() if name != "elapsed_ms"}


def tools_of(server):
    async def run():
        async with Client(server) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    return asyncio.run(run())


def test_a_picture_is_read_as_from_python_with_the_settings_of_the_call(server, seven, encoded, tmp_path):
    path = tmp_path / "seven.png"
    path.write_bytes(seven)
    in_lines = "\n".join(encoded[start : start + 76] for start in range(0, len(encoded), 76))
    sent, named, changed = call(
        server,
        ("read_picture", {"picture": in_lines}),
        ("read_picture", {"path": str(path)}),
        ("read_picture", {"picture": encoded, "settings": {"polarity": "light_ink"}}),
    )
    expected = without_time(read_image(seven).to_dict())
    assert without_time(sent.structured_content) == expected
    assert without_time(named.structured_content) == expected
    assert json.loads(sent.content[0].text) == sent.structured_content
    assert without_time(changed.structured_content) == without_time(read_image(seven, Settings(polarity="light_ink")).to_dict())


def test_the_servers_settings_and_profile_hold_for_each_call(seven, encoded, drawing):
    unlike = cv2.imencode(".png", drawing(0))[1].tobytes()
    profile = profile_that_reads(seven, as_digit=1, unlike=unlike)
    server = create_server(LIMITS, Settings(digit_count="1"), profile, has_local_files=False)
    calls = [(name, {"picture": encoded}) for name in ("read_picture", "explain_digit")]
    assert [each.structured_content["text"] for each in call(server, *calls)] == ["1", "1"]


def test_a_mark_is_explained_with_the_settings_that_would_change_the_answer(server, encoded):
    dot = np.full((200, 200), 255, np.uint8)
    cv2.circle(dot, (100, 100), 12, 0, -1)
    refused = base64.b64encode(cv2.imencode(".png", dot)[1].tobytes()).decode()
    blank = base64.b64encode(cv2.imencode(".png", np.full_like(dot, 255))[1].tobytes()).decode()
    seven, dotted, beyond, nothing = call(
        server,
        ("explain_digit", {"picture": encoded}),
        ("explain_digit", {"picture": refused}),
        ("explain_digit", {"picture": encoded, "index": 3}),
        ("explain_digit", {"picture": blank}),
    )
    answer = seven.structured_content
    assert (answer["text"], answer["digit"]["label"], answer["rejection"]) == ("7", 7, None)
    assert len(answer["digit"]["probabilities"]) == 10
    assert ["polarity", "light_ink"] in [[each["setting"], each["value"]] for each in answer["changes"]]
    assert dotted.structured_content["rejection"] == "dot"
    assert dotted.structured_content["digit"]["reason"]
    assert sentence(beyond) == "This picture has one mark: its index is 0."
    assert sentence(nothing) == "This picture has no marks to explain."


def test_an_unknown_tool_is_named(server):
    (unknown,) = call(server, ("draw_picture", {}))
    assert sentence(unknown) == "Unknown tool: draw_picture"


def test_a_folder_is_evaluated(server, tmp_path):
    for name, digit in (("7_1.png", 7), ("sub/5_1.png", 2), ("photo.png", 1)):
        save_digit(tmp_path / name, digit)
    (tmp_path / "3_1.png").write_bytes(b"no picture")
    done, missing = call(server, ("evaluate_folder", {"path": str(tmp_path)}), ("evaluate_folder", {"path": str(tmp_path / "gone")}))
    answer = done.structured_content
    assert (answer["pictures"], answer["right"], answer["unreadable"]) == (3, 1, 1)
    assert {each["file"]: each["text"] for each in answer["misread"]} == {"3_1.png": "", "sub/5_1.png": "2"}
    assert answer["advice"]["misread_tried"] == 1
    assert answer["notes"] == ["1 picture without a label was left out."]
    assert "Check its name" in sentence(missing)


def test_bad_input_is_one_sentence_and_the_next_call_is_answered(server, encoded, tmp_path):
    large = tmp_path / "large.png"
    large.write_bytes(bytes(LIMITS.body_limit_bytes + 1))
    cases = [
        ({"picture": "no base64!"}, "This isn't base64."),
        ({"picture": "é"}, "This isn't base64."),
        ({"picture": ""}, "This file is empty."),
        ({"picture": base64.b64encode(b"a text").decode()}, "This file isn't a picture"),
        ({"picture": base64.b64encode(large.read_bytes()).decode()}, "This picture has more than 1 MB."),
        ({"path": str(large)}, "This picture has more than 1 MB."),
        ({"path": str(tmp_path)}, "This is a folder"),
        ({"path": str(tmp_path / "gone.png")}, "This file can't be read or written: No such file"),
        ({"path": "a\0b"}, "The argument `path` can't be used"),
        ({"picture": encoded, "path": str(large)}, "Give either `picture` or `path`."),
        ({}, "Give either `picture` or `path`."),
        ({"picture": 7}, "The argument `picture` can't be used"),
        ({"picture": encoded, "settings": {"colour": "red"}}, "There is no setting 'colour'."),
        ({"picture": encoded, "settings": {"threshold": "none"}}, "The setting 'threshold' can't be 'none'."),
    ]
    *failed, read = call(server, *(("read_picture", arguments) for arguments, _ in cases), ("read_picture", {"picture": encoded}))
    for result, (_, start) in zip(failed, cases, strict=True):
        assert sentence(result).startswith(start)
        assert "\n" not in sentence(result)
    assert read.structured_content["text"] == "7"


@pytest.mark.parametrize("has_local_files", [True, False])
def test_only_a_client_on_this_machine_may_name_files(has_local_files):
    tools = tools_of(create_server(LIMITS, Settings(), None, has_local_files=has_local_files))
    assert set(tools) == {"read_picture", "explain_digit"} | ({"evaluate_folder"} if has_local_files else set())
    for name in ("read_picture", "explain_digit"):
        assert ("path" in tools[name].input_schema["properties"]) == has_local_files


def test_the_tools_describe_their_answers_as_the_api_does(server):
    tools = tools_of(server)
    models: dict[str, type[BaseModel]] = {
        "read_picture": ReadingModel,
        "explain_digit": ExplanationModel,
        "evaluate_folder": EvaluationModel,
    }
    for name, model in models.items():
        assert tools[name].description
        assert tools[name].output_schema == model.model_json_schema()
