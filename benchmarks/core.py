"""Measure the core without a browser: network, drawings, photographs, memory, and the start of a process."""

import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np

from benchmarks import pictures
from benchmarks.report import Report
from benchmarks.timing import Row, median_ms
from digitcore import Stroke, WriterProfile, default_classifier, read_strokes
from digitcore.recognition.personalization import PersonalClassifier
from model.peer import KerasPeer
from synthetic.hands import strokes
from testing.browser.chromium import launched
from testing.browser.pages import draw_digit, open_page, reading, wait_for_canvas, wait_for_rest
from testing.browser.server import serve

ROOT: Final = Path(__file__).resolve().parent.parent
RUNS: Final = 300
CANVAS_WH: Final = (280, 280)
PEER_RUNS: Final = 40
FRESH_RUNS: Final = 7
BATCH_COUNT: Final = 1_000
BATCH_RUNS: Final = 15

FIRST_ANSWER_PROGRAM: Final = """
import numpy as np, digitcore
page = np.full((280, 280), 255, np.uint8)
page[60:220, 130:150] = 0
assert digitcore.read_image(page).text == "1"
"""
TENSORFLOW_MEMORY_PROGRAM: Final = "import psutil, tensorflow; print(psutil.Process().memory_info().rss / 2**20)"


def canvas_strokes() -> list[Stroke]:
    """Make the strokes of a 5 on the canvas."""
    return [Stroke(path * 180 + (70, 50), 16) for path in strokes(5)]


def logits_row(peer: KerasPeer) -> Row:
    """Measure the classification of one 28×28 picture on one thread."""
    picture = np.zeros((1, 28, 28), np.uint8)
    classifier = default_classifier()
    ours, theirs = median_ms(lambda: classifier.logits(picture), RUNS), median_ms(lambda: peer.logits(picture), PEER_RUNS)
    return Row("logits of one 28×28 picture", ours, "ms", 1, theirs, "keras predict", 25)


def batch_row(peer: KerasPeer) -> Row:
    """Measure the time per picture of a batch of 28×28 pictures, on one thread; the peer uses all cores."""
    pictures = np.zeros((BATCH_COUNT, 28, 28), np.uint8)
    classifier = default_classifier()
    ours, theirs = (median_ms(partial(each.logits, pictures), BATCH_RUNS) / BATCH_COUNT for each in (classifier, peer))
    return Row("logits of one picture of a batch of 1,000", ours, "ms", 0.5, theirs, "keras predict, all cores", 0)


def profile_row() -> Row:
    """Measure what a profile of 100 examples adds to the classification of one picture; the peer is the network itself."""
    picture = np.zeros((1, 28, 28), np.uint8)
    rng, profile = np.random.default_rng(0), WriterProfile()
    for label in range(100):
        profile.add(rng.integers(0, 256, picture.shape[1:], np.uint8), label % 10)
    plain = default_classifier()
    personal = PersonalClassifier(plain, profile)
    with_profile, without = (median_ms(partial(each.logits, picture), RUNS) for each in (personal, plain))
    return Row("what a profile of 100 examples adds to a digit", with_profile - without, "ms", 0.1, without, "the network itself")


def canvas_row(peer: KerasPeer) -> Row:
    """Measure the reading of a drawing from its strokes; the peer classifies with Keras instead of LiteRT."""
    drawing, classifier = canvas_strokes(), default_classifier()
    ours = median_ms(lambda: read_strokes(drawing, CANVAS_WH), RUNS)
    inputs = read_strokes(drawing, CANVAS_WH).digits[0].model_input[np.newaxis]
    network = median_ms(lambda: classifier.logits(inputs), RUNS)
    return Row(
        "drawing on the canvas to Reading",
        ours,
        "ms",
        4,
        ours - network + median_ms(lambda: peer.logits(inputs), PEER_RUNS),
        "keras predict",
    )


def fresh_row() -> Row:
    """Measure a new process from its start to the first answer: the interpreter, imports, loading the network, reading."""
    ours, theirs = (
        median(_seconds(command) for _ in range(runs))
        for command, runs in (([sys.executable, "-c", FIRST_ANSWER_PROGRAM], FRESH_RUNS), ([sys.executable, "-m", "model.peer"], 3))
    )
    return Row("fresh process to first answer", ours, "s", 0.6, theirs, "keras")


def memory_row() -> Row:
    """Measure the server's memory after a visitor has used every page; the peer is a process that has only imported TensorFlow."""
    with serve() as server, launched() as browser:
        page = browser.new_page()
        open_page(page, server.url, "Write a number")
        wait_for_canvas(page)
        draw_digit(page, 5)
        reading(page).wait_for()
        open_page(page, f"{server.url}/upload", "Upload pictures")
        page.get_by_role("button", name="Hard shadow", exact=True).click()
        reading(page).wait_for()
        open_page(page, f"{server.url}/inspector?picture=sample:page.jpg", "Inspector")
        reading(page).wait_for()
        open_page(page, f"{server.url}/model", "Model")
        wait_for_rest(page)
        ours = server.resident_mib()
    theirs = subprocess.run([sys.executable, "-c", TENSORFLOW_MEMORY_PROGRAM], capture_output=True, text=True, check=True).stdout
    return Row("server memory, every page visited", ours, "MiB", 350, float(theirs), "TensorFlow imported")


def _seconds(command: list[str]) -> float:
    """Measure the run time of a command."""
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start


def report() -> Report:
    """Measure the core; the separate processes first, before this one imports TensorFlow and grows."""
    fresh, memory = fresh_row(), memory_row()
    peer = KerasPeer()
    frames = [pictures.frame_row(ruling, peer) for ruling in ("plain", "squared")]
    rows = [
        logits_row(peer),
        batch_row(peer),
        profile_row(),
        canvas_row(peer),
        *frames,
        pictures.small_page_row(peer),
        pictures.page_row(),
        pictures.hatching_row(),
        pictures.memory_row(),
        fresh,
        memory,
    ]
    return Report(rows, f"Time of each stage for a frame of plain paper:\n{pictures.stages('plain')}")
