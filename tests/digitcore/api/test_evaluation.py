"""The evaluation of labelled pictures over HTTP; the readings are made by real worker processes."""

import asyncio
import io
import zipfile
from functools import partial

import cv2
import pytest

from digitcore import Settings
from digitcore.api.evaluation import PoolRunner
from digitcore.api.pool import INTERRUPTED, TOO_BUSY, WorkerPool
from digitcore.api.schemas import EvaluationModel
from digitcore.errors import DamagedImageError, RequestError
from testing.browser.loops import run
from testing.writer_profiles import profile_that_reads
from tests.digitcore.api import jobs
from tests.digitcore.api.conftest import SHARED_COUNT, TIMEOUT_S
from tests.digitcore.api.test_endpoints import Application, problem

EVALUATE = "/api/v1/evaluate"


@pytest.fixture
def create(_shared_processes):
    """Return a function that creates an application."""
    return Application


@pytest.fixture
def labelled(drawing):
    """A ZIP of five labelled digits, of which one has a wrong label and one is damaged."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for digit, label in ((7, 7), (0, 0), (4, 4), (2, 5)):
            archive.writestr(f"{label}_{digit}.png", cv2.imencode(".png", drawing(digit))[1].tobytes())
        archive.writestr("1_1.png", b"damaged")
    return buffer.getvalue()


def test_a_zip_is_evaluated_as_a_form_and_as_a_body(create, labelled):
    form, body = create().ask(
        ("POST", EVALUATE, {"files": {"file": ("a.zip", labelled, "application/zip")}}),
        ("POST", EVALUATE, {"content": labelled, "headers": {"Content-Type": "application/zip"}}),
    )
    answer = body.json()
    assert form.json() == answer
    assert (answer["pictures"], answer["right"], answer["unreadable"]) == (5, 3, 1)
    assert EvaluationModel.model_validate(answer).model_dump(mode="json") == answer


def test_a_recipe_and_a_profile_are_applied(create, labelled, seven, drawing):
    profile = profile_that_reads(seven, 1, unlike=drawing(0)).to_json()
    recipe = {"params": {"settings": Settings(minimum_contrast=1.0).to_json()}}
    blank, adapted = create().ask(
        ("POST", EVALUATE, {"content": labelled, **recipe}),
        ("POST", EVALUATE, {"files": {"file": ("a.zip", labelled), "profile": ("my-hand.json", profile)}}),
    )
    assert blank.json()["right"] == 0
    assert ("7_7.png", "1") in [(each["file"], each["text"]) for each in adapted.json()["misread"]]


@pytest.mark.parametrize(("content", "status", "detail"), [(b"no ZIP", 400, "ZIP is damaged"), (b"", 400, "ZIP is damaged")])
def test_what_is_no_zip_is_a_problem(create, content, status, detail):
    (response,) = create().ask(("POST", EVALUATE, {"content": content}))
    assert detail in problem(response, status)


def test_pictures_without_labels_are_a_problem(create, seven):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.png", seven)
    (response,) = create().ask(("POST", EVALUATE, {"content": buffer.getvalue()}))
    assert "No picture has a label" in problem(response, 400)


def with_runner(work, create_pool=lambda: WorkerPool(SHARED_COUNT, 8)):
    """Run work in a thread with a runner on the shared processes, or on another pool."""

    async def main():
        runner = PoolRunner(create_pool(), TIMEOUT_S)
        return await asyncio.to_thread(work, runner)

    return run(main())


@pytest.mark.usefixtures("_shared_processes")
def test_results_and_errors_come_in_the_order_of_the_jobs():
    first, failed, last = with_runner(lambda runner: list(runner([partial(int, "1"), jobs.fail, partial(int, "3")])))
    assert (first, last) == (1, 3)
    assert isinstance(failed, DamagedImageError)


@pytest.mark.usefixtures("_shared_processes")
def test_a_stopped_runner_starts_no_job():
    def work(runner):
        runner.stop()
        with pytest.raises(RequestError, match="disconnected"):
            list(runner([partial(int, "1")]))

    with_runner(work)


class FailingPool:
    """A pool that raises some errors, one for each job, before it runs any."""

    worker_count = 1

    def __init__(self, *messages):
        self.messages = list(messages)

    async def run(self, job):
        if self.messages:
            raise RequestError(self.messages.pop(0), 503, 0)
        return job()


@pytest.mark.parametrize("message", [INTERRUPTED, TOO_BUSY])
def test_an_interrupted_job_is_tried_again(message):
    assert with_runner(lambda runner: list(runner([partial(int, "1")])), lambda: FailingPool(message)) == [1]


def test_a_job_that_is_interrupted_again_is_an_error_of_its_own():
    failed, last = with_runner(lambda runner: list(runner([partial(int, "1"), partial(int, "2")])), lambda: FailingPool(*[INTERRUPTED] * 2))
    assert (failed.message, last) == (INTERRUPTED, 2)


def test_a_server_that_stays_too_busy_fails_the_evaluation():
    with pytest.raises(RequestError, match="too busy"):
        with_runner(lambda runner: list(runner([partial(int, "1")])), lambda: FailingPool(*[TOO_BUSY] * 2))
