"""Record all results of the reader for a fixed set of pictures, to check that a refactoring changes none of them.

    python -m testing.snapshot write before.json     # on the code as it was
    python -m testing.snapshot write after.json      # on the changed code
    python -m testing.snapshot compare before.json after.json [--ignore-words]
    python -m testing.snapshot outline tests/snapshot.json   # the smaller snapshot that a test compares with

The set contains the pictures in `samples/` with several settings, 200 synthetic pages, 100 drawings on the canvas, and 60 frames of a video
from a shaking camera. For each reading the snapshot holds the result without its duration, the name of every stage with a hash of its
pixels, a hash of the JSON export, and the CSV export.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from digitcore import Reading, Settings, Stroke, annotate, read_image, read_strokes, strokes_of
from digitcore.analysis.ablation import ablate
from digitcore.io.records import reading_record, to_csv
from digitcore.types import UInt8Array
from digitcore.video import LiveReader
from synthetic.hands import HANDS, strokes
from synthetic.pages import page
from synthetic.video import FRAMES_PER_SECOND, Shake, number_page, shaken

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = 200
DRAWINGS: Final = 100
FRAMES: Final = 60
OUTLINE_PAGES: Final = 10
OUTLINE_DRAWINGS: Final = 10
PROCESSES: Final = 2
CANVAS_WH: Final = (600, 280)

SETTINGS: Final = {
    "default": Settings(),
    "otsu": Settings(threshold="otsu"),
    "adaptive": Settings(threshold="adaptive"),
    "clahe": Settings(clahe_clip=2.0, smoothing_px=0.0),
    "light ink": Settings(polarity="light_ink"),
    "dark ink": Settings(polarity="dark_ink", paper_window=0.3),
    "kept": Settings(rulings="keep", touching_digits="keep", smallest_line=0.0),
    "squashed": Settings(aspect_ratio="squash", centring="box", minimum_stroke=0.0),
    "drawing": Settings(medium="drawing"),
}

Snapshot = dict[str, Any]


def describe_reading(name: str, reading: Reading) -> Snapshot:
    """Describe a reading without its duration: the result, its stages and exports, and, under a separate key, its messages."""
    digits = [{**digit.to_dict(), "reason": bool(digit.reason), "model_input": hash_pixels(digit.model_input)} for digit in reading.digits]
    record = {**reading_record(name, reading), "elapsed_ms": 0.0}
    plain = {**record, "digits": [{**each, "reason": ""} for each in record["digits"]], "notes": len(record["notes"])}
    return {
        "status": str(reading.status),
        "lines": reading.lines,
        "size_wh": list(reading.size_wh),
        "digits": digits,
        "stages": [[str(stage.name), list(stage.image.shape), hash_pixels(stage.image)] for stage in reading.stages],
        "json": hash_text(json.dumps(plain)),
        "csv": to_csv([record]),
        "words": [*reading.notes, *(digit.reason for digit in reading.digits), *(stage.note for stage in reading.stages)],
    }


def hash_pixels(image: UInt8Array) -> str:
    """Hash an array's bytes: the first 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(np.ascontiguousarray(image).tobytes()).hexdigest()[:16]


def hash_text(text: str) -> str:
    """Hash a text: the first 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def sample_snapshot(path: Path) -> Snapshot:
    """Describe the readings of a sample with each of `SETTINGS`, and its annotated picture and ablation with the default settings."""
    encoded = path.read_bytes()
    readings = {name: read_image(encoded, settings) for name, settings in SETTINGS.items()}
    default = readings["default"]
    outcomes = ablate(encoded, Settings(), default)
    return {
        **{name: describe_reading(path.name, reading) for name, reading in readings.items()},
        "annotated": hash_pixels(annotate(default.stages[0].image, default)),
        "what matters": [[each.variation.field, str(each.status), each.text, each.changed, each.lowest_confidence] for each in outcomes],
    }


def page_snapshot(seed: int) -> Snapshot:
    """Describe the reading of the synthetic page of a seed."""
    return describe_reading(f"page {seed}", read_image(page(seed).picture))


def drawing_snapshot(seed: int) -> Snapshot:
    """Describe the reading of a number drawn on the canvas."""
    return describe_reading(*read_drawing(seed))


def read_drawing(seed: int) -> tuple[str, Reading]:
    """Draw a random number on the canvas and read it; for odd seeds the strokes pass through the canvas's JSON objects.

    Returns:
        The number as a text, and the reading.
    """
    rng = np.random.default_rng(seed)
    text = "".join(str(digit) for digit in rng.integers(0, 10, rng.integers(1, 5)))
    hand = list(HANDS)[rng.integers(len(HANDS))]
    height = float(rng.uniform(50, 160))
    pen_px = float(rng.choice([2.0, 8.0, 16.0, 30.0]))
    paths = [
        path * height + (30 + position * 0.8 * height, rng.uniform(30, 60))
        for position, digit in enumerate(text)
        for path in strokes(int(digit), hand)
    ]
    drawn = [Stroke(path, pen_px) for path in paths]
    if seed % 2:
        lines = [[["M", *path[0].tolist()], *(["L", *point.tolist()] for point in path[1:])] for path in paths]
        drawn = strokes_of([{"path": line, "strokeWidth": pen_px} for line in lines])
    return text, read_strokes(drawn, CANVAS_WH)


def live_snapshot() -> Snapshot:
    """Describe each frame of a shaken video, by its annotated picture, text and confidence, and the log of numbers."""
    reader = LiveReader()
    frames = []
    for index, frame in enumerate(shaken(number_page("31415", seed=1), FRAMES / FRAMES_PER_SECOND, Shake(), seed=1)):
        annotated = reader.process(frame, now_s=index / FRAMES_PER_SECOND)
        assert reader.view is not None
        frames.append([hash_pixels(annotated), reader.view.reading.text, reader.view.reading.lowest_confidence])
    return {"frames": frames, "log": [[entry.text, entry.confidence] for entry in reader.log.entries]}


def take_snapshot(pages: int = PAGES, drawings: int = DRAWINGS, *, live: bool = True, processes: int = PROCESSES) -> Snapshot:
    """Describe the readings of the whole set, computed in `processes` parallel processes."""
    samples = sorted((ROOT / "samples").glob("*.jpg"))
    with ProcessPoolExecutor(processes, initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        live_result = pool.submit(live_snapshot) if live else None
        snapshot: Snapshot = {
            "samples": dict(zip((path.name for path in samples), pool.map(sample_snapshot, samples), strict=True)),
            "pages": dict(enumerate(pool.map(page_snapshot, range(pages), chunksize=5))),
            "drawings": dict(enumerate(pool.map(drawing_snapshot, range(drawings), chunksize=5))),
        }
        if live_result is not None:
            snapshot["live"] = live_result.result()
    return json.loads(json.dumps(snapshot))


def outline_reading(reading: Reading) -> Snapshot:
    """Describe a reading by values that don't depend on a processor's rounding: its marks, and each stage's size and mean grey level."""
    return {
        "status": str(reading.status),
        "lines": reading.lines,
        "marks": [[digit.label, digit.accepted, digit.rejection, *digit.box_xywh] for digit in reading.digits],
        "stages": [[str(stage.name), *stage.image.shape, round(float(stage.image.mean()), 2)] for stage in reading.stages],
    }


def take_outline() -> Snapshot:
    """Describe the readings of the samples, a few synthetic pages and a few drawings: the smaller snapshot that a test compares with."""
    samples = {path.name: outline_reading(read_image(path.read_bytes())) for path in sorted((ROOT / "samples").glob("*.jpg"))}
    pages = {f"page {seed}": outline_reading(read_image(page(seed).picture)) for seed in range(OUTLINE_PAGES)}
    drawings = {f"drawing {seed}": outline_reading(read_drawing(seed)[1]) for seed in range(OUTLINE_DRAWINGS)}
    return json.loads(json.dumps({**samples, **pages, **drawings}))


def differences(before: Any, after: Any, where: str = "", *, ignore_words: bool = False) -> Iterator[str]:
    """Yield a line for each value in which two snapshots differ, with its path."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            if not (ignore_words and key == "words"):
                yield from differences(before.get(key), after.get(key), f"{where}/{key}", ignore_words=ignore_words)
    elif before != after:
        yield f"{where}: {str(before)[:200]} → {str(after)[:200]}"


def main() -> int:
    """Run the command line.

    Returns:
        The exit code: 1 if two compared snapshots differ, otherwise 0.
    """
    parser = argparse.ArgumentParser(prog="python -m testing.snapshot", description=(__doc__ or "").splitlines()[0])
    commands = parser.add_subparsers(required=True, dest="command")
    write = commands.add_parser("write", help="read the whole set and write the snapshot")
    write.add_argument("file", type=Path)
    write.add_argument("--quick", action="store_true", help="a tenth of the pages and drawings")
    outline = commands.add_parser("outline", help="write the smaller snapshot that a test compares with")
    outline.add_argument("file", type=Path)
    compare = commands.add_parser("compare", help="list the differences between two snapshots")
    compare.add_argument("before", type=Path)
    compare.add_argument("after", type=Path)
    compare.add_argument("--ignore-words", action="store_true", help="ignore messages, whose wording may change on purpose")
    options = parser.parse_args()
    if options.command == "write":
        divisor = 10 if options.quick else 1
        snapshot = take_snapshot(PAGES // divisor, DRAWINGS // divisor)
        options.file.write_text(json.dumps(snapshot, indent=1), encoding="utf-8")
        return 0
    if options.command == "outline":
        options.file.write_text(json.dumps(take_outline()), encoding="utf-8")
        return 0
    before, after = (json.loads(path.read_text(encoding="utf-8")) for path in (options.before, options.after))
    found = list(differences(before, after, ignore_words=options.ignore_words))
    print(*found[:50], f"{len(found)} differences", sep="\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
