"""Measure the time and memory that the core needs for photographs, and the time of each stage for a camera frame."""

import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from benchmarks.timing import Row, median_ms
from digitcore import default_classifier, read_image
from digitcore.io.decode import load_picture
from digitcore.io.encode import encode_image
from digitcore.types import UInt8Array
from model.peer import KerasPeer
from synthetic.hands import HANDS
from synthetic.paper import Ruling, Scene, photograph

ROOT: Final = Path(__file__).resolve().parent.parent
FRAME_WH: Final = (640, 480)
FRAME_RUNS: Final = 60
PAGE_WH: Final = (4000, 3000)
PAGE_RUNS: Final = 9
LARGE_HW: Final = (7071, 7071)
SAMPLE_PAGE: Final = ROOT / "samples" / "page.jpg"
SMALL_PAGE_WH: Final = (480, 640)
HATCHING_HW: Final = (641, 1203)
HATCHING_RUNS: Final = 5

MEMORY_PROGRAM: Final = """
import re, resource, sys
from pathlib import Path
import numpy as np, digitcore
encoded = sys.stdin.buffer.read()
{work}
status = Path("/proc/self/status")  # unlike ru_maxrss, without the parent's memory at the fork
peak = re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text()) if status.exists() else None
print(int(peak[1]) / 2**10 if peak else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""
OUR_WORK: Final = 'assert digitcore.read_image(encoded).text == "1"'
PEER_WORK: Final = "import cv2; cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR).astype(np.float32) / 255"


def frame_text(seed: int = 1) -> str:
    """Draw five random digits."""
    return "".join(str(digit) for digit in np.random.default_rng(seed).integers(0, 10, 5))


def frame(ruling: Ruling, seed: int = 1) -> UInt8Array:
    """Render a camera frame of the digits of `frame_text`: uint8 `(480, 640, 3)` RGB."""
    scene = Scene(ruling=ruling, light_fall=0.3, shadow=0.3 * (seed % 2))
    return photograph(frame_text(seed), list(HANDS)[seed % len(HANDS)], FRAME_WH, 80, scene, seed)


def hatching() -> UInt8Array:
    """Draw hundreds of parallel lines, 3 px wide, whose boxes overlap: uint8 `HATCHING_HW`, a worst case for segmentation."""
    rows, columns = map(np.arange, HATCHING_HW)
    return (np.add.outer(rows, columns) // 3 % 2 * 255).astype(np.uint8)


def frame_row(ruling: Ruling, peer: KerasPeer) -> Row:
    """Measure the reading of a camera frame on one core."""
    return _reading_row(f"640×480 frame of five digits, {ruling} paper, one core", frame(ruling), 8, peer)


def small_page_row(peer: KerasPeer) -> Row:
    """Measure the reading of a sample page of 20 digits, reduced, on one core."""
    page = load_picture(SAMPLE_PAGE.read_bytes()).pixels
    reduced = np.asarray(cv2.resize(page, SMALL_PAGE_WH, interpolation=cv2.INTER_AREA), np.uint8)
    return _reading_row("480×640 page of 20 digits, one core", reduced, 40, peer)


def hatching_row() -> Row:
    """Measure the reading of hatching on one core."""
    picture = hatching()
    return Row("641×1203 pixels of hatching, one core", _on_one_core(lambda: read_image(picture), HATCHING_RUNS), "ms", 2_000)


def _reading_row(what: str, picture: UInt8Array, target_ms: float, peer: KerasPeer) -> Row:
    """Measure the reading of a picture on one core; the peer classifies its digits with Keras instead of LiteRT."""
    classifier = default_classifier()
    inputs = np.stack([digit.model_input for digit in read_image(picture).digits])
    ours = _on_one_core(lambda: read_image(picture), FRAME_RUNS)
    network = _on_one_core(lambda: classifier.logits(inputs), FRAME_RUNS)
    theirs = ours - network + median_ms(lambda: peer.logits(inputs), FRAME_RUNS // 3)
    return Row(what, ours, "ms", target_ms, theirs, "keras predict")


def page_row() -> Row:
    """Measure the reading of a 12-megapixel JPEG on one core, from its bytes; the peer only decodes it, in full size."""
    encoded = encode_image(photograph("2026", "round", PAGE_WH, 700, Scene(light_fall=0.4, shadow=0.3), 1), "jpeg")
    ours = _on_one_core(lambda: read_image(encoded), PAGE_RUNS)
    theirs = _on_one_core(lambda: cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR), PAGE_RUNS)
    return Row("12-megapixel JPEG to Reading, one core", ours, "ms", 250, theirs, "decoding it in full size", 0)


def memory_row() -> Row:
    """Measure the peak memory of a process that reads 50 megapixels in colour; the peer decodes them to float32 RGB."""
    page = np.full((*LARGE_HW, 3), (245, 240, 230), np.uint8)
    page[2000:5000, 3400:3700] = 30
    encoded = encode_image(page, "png")
    ours, theirs = (
        float(
            subprocess.run(
                [sys.executable, "-c", MEMORY_PROGRAM.format(work=work)], cwd=ROOT, input=encoded, capture_output=True, check=True
            ).stdout
        )
        for work in (OUR_WORK, PEER_WORK)
    )
    return Row("peak memory for 50 megapixels", ours, "MiB", 600, theirs, "decoding to float32 RGB")


def stages(ruling: Ruling) -> str:
    """Measure the median time of each stage for a frame on one core; return one line of text per stage."""
    picture = frame(ruling)
    times_ms: dict[str, list[float]] = defaultdict(list)
    with one_core():
        for _ in range(FRAME_RUNS):
            reading = read_image(picture)
            for stage in reading.stages:
                times_ms[stage.name].append(stage.elapsed_ms)
            times_ms["total"].append(reading.elapsed_ms)
    return "\n".join(f"  {name:<10} {statistics.median(times):6.2f} ms" for name, times in times_ms.items())


def _on_one_core(work: Callable[[], object], runs: int) -> float:
    """Measure the median time in milliseconds with OpenCV on one thread."""
    with one_core():
        return median_ms(work, runs)


@contextmanager
def one_core() -> Iterator[None]:
    """Limit OpenCV to one thread until the block ends; the network uses only one anyway."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(threads)
