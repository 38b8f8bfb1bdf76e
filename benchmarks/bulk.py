"""Measure batch processing: throughput, the gain from a second worker, and the memory and processor time that many files cost the driver.

The command runs as in a shell. The peer is a plain loop over the same files in one process. The times of both include their start and end
unless the row says otherwise.
"""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import numpy as np
import psutil

from benchmarks.pictures import frame, frame_text
from benchmarks.report import Report
from benchmarks.timing import Row
from digitcore.io.encode import encode_image
from synthetic.hands import strokes, write
from synthetic.paper import Ruling

ROOT: Final = Path(__file__).resolve().parent.parent
FRAMES: Final = 100
COPIES: Final = 20
"""Copies of each frame, since rendering a thousand frames takes longer than reading them."""

RULINGS: Final[tuple[Ruling, ...]] = ("plain", "squared", "ruled")
FEW, MANY = 10_000, 30_000
"""Numbers of files, both greater than the number of results that are in memory at once when the table is written."""

LABELLED_COPIES: Final = 10
"""Copies of each frame in a set of labelled pictures, in all a thousand pictures."""

WRONG_LABELS: Final = 10
"""One label of so many is wrong, so that the report has misread pictures to show, and to read again."""

SMALL_PX: Final = 28
LISTED_FILES: Final = 200_000
SAMPLE_INTERVAL_S: Final = 0.1
LIMIT_S: Final = 300

LOOP_NAME: Final = "plain loop, one process"
LOOP_PROGRAM: Final = """
import sys
from pathlib import Path
import cv2, digitcore
cv2.setNumThreads(1)
for path in sorted(Path(sys.argv[1]).iterdir()):
    digitcore.read_image(path.read_bytes())
"""
FINDER_PROGRAM: Final = """
import sys, time
from pathlib import Path
from digitcore.batch.journal import Journal
from digitcore.batch.sources import Finder
start, finder = time.perf_counter(), Finder()
with Journal(Path(sys.argv[2])) as journal:
    journal.store_files({}, finder.find(["@" + sys.argv[1]]), finder, 64, 8)
    print(time.perf_counter() - start)
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """Time and resources of one run of the command."""

    elapsed_s: float
    rate: float
    """Files per second while they were read, as reported by the command."""

    driver_mib: float
    """Peak resident memory of the driver."""

    driver_cpu_s: float
    """Processor time of the driver without its workers."""

    worker_mib: float
    """Peak resident memory of a worker."""


def report() -> Report:
    """Measure batch processing: rates, memory, and the cost of many files."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        frames = _frames(folder / "frames")
        files = FRAMES * COPIES
        one, two = (_run(folder, frames, workers) for workers in (1, 2))
        loop_s = _elapsed_s(LOOP_PROGRAM, str(frames))
        few, many = (_run(folder, _small(folder / str(count), count), 2) for count in (FEW, MANY))
        listed_s = _listed_s(folder)
        report_s = _report_s(folder, _labelled(folder / "labelled", frames))
    growth_mib, more_thousands = many.driver_mib - few.driver_mib, (MANY - FEW) / 1000
    rows = [
        Row(
            f"{files:,} JPEGs of 640×480, two workers", files / two.elapsed_s, "a second", 150, files / loop_s, LOOP_NAME, 0, at_least=True
        ),
        Row("one worker, while it reads", one.rate, "a second", 75, at_least=True),
        Row("two workers, while they read", two.rate, "a second", 150, at_least=True),
        Row("two workers relative to one, while they read", two.rate / one.rate, "times", 1.7, at_least=True),
        Row(f"driver's memory for {MANY:,} files", many.driver_mib, "MiB", 250, few.driver_mib, f"for {FEW:,} files", 0),
        Row(f"growth of the driver's memory with {MANY - FEW:,} more files", growth_mib, "MiB", 10),
        Row("a worker's memory", two.worker_mib, "MiB", 350),
        Row("driver's processor time for 1,000 files", 1000 * (many.driver_cpu_s - few.driver_cpu_s) / more_thousands, "ms", 200),
        Row(f"finding {LISTED_FILES:,} files by a list", listed_s, "s", 20),
        Row(f"report of {FRAMES * LABELLED_COPIES:,} labelled pictures, beyond the time to read them", report_s, "s", 3),
    ]
    return Report(rows)


def _frames(folder: Path) -> Path:
    """Write several copies of each frame as JPEG files; return the folder."""
    folder.mkdir()
    for seed in range(FRAMES):
        encoded = encode_image(frame(RULINGS[seed % len(RULINGS)], seed), "jpeg")
        for copy in range(COPIES):
            (folder / f"{copy:02}-{seed:03}.jpg").write_bytes(encoded)
    return folder


def _small(folder: Path, count: int) -> Path:
    """Write one digit of 28×28 under `count` file names, as hard links; return the folder."""
    folder.mkdir()
    ink = write(np.zeros((SMALL_PX, SMALL_PX), np.uint8), strokes(5), (7, 4), 20, 2)
    first = folder / f"{0:06}.png"
    first.write_bytes(cv2.imencode(".png", 255 - ink)[1].tobytes())
    for index in range(1, count):
        os.link(first, folder / f"{index:06}.png")
    return folder


def _labelled(folder: Path, frames: Path) -> Path:
    """Link some copies of each frame, and write their labels; return the folder."""
    folder.mkdir()
    rows = ["file,label"]
    for number, (copy, seed) in enumerate((copy, seed) for copy in range(LABELLED_COPIES) for seed in range(FRAMES)):
        name = f"{copy:02}-{seed:03}.jpg"
        os.link(frames / name, folder / name)
        rows.append(f"{name},{frame_text(seed if number % WRONG_LABELS else seed + 1)}")
    (folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    return folder


def _report_s(folder: Path, labelled: Path) -> float:
    """Measure how much longer the command `evaluate` takes with a report than `batch` takes for the same pictures."""
    start = time.perf_counter()
    _run(folder, labelled, 2)
    read_s = time.perf_counter() - start
    command = [sys.executable, "-m", "digitcore", "evaluate", str(labelled), "--report", str(folder / "report.html"), "--workers", "2"]
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start - read_s


def _run(folder: Path, source: Path, workers: int) -> Cost:
    """Run the command on a folder and measure its processes from outside.

    Raises:
        RuntimeError: the command failed or took longer than `LIMIT_S`.
    """
    output = folder / f"{source.name}-{workers}.parquet"
    command = [sys.executable, "-m", "digitcore", "batch", str(source), "--output", str(output), "--workers", str(workers)]
    start = time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        driver, driver_mib, cpu_s, worker_mib = psutil.Process(process.pid), 0.0, 0.0, 0.0
        while process.poll() is None and time.perf_counter() - start < LIMIT_S:
            times = driver.cpu_times()
            driver_mib, cpu_s = max(driver_mib, _resident_mib(driver)), max(cpu_s, times.user + times.system)
            worker_mib = max([worker_mib, *map(_resident_mib, driver.children())])
            time.sleep(SAMPLE_INTERVAL_S)
        elapsed_s = time.perf_counter() - start
        process.terminate()
        output_text, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"expected exit status 0 of the batch command, received {process.returncode}.")
    return Cost(elapsed_s, float(output_text.split()[-3].replace(",", "")), driver_mib, cpu_s, worker_mib)


def _resident_mib(process: psutil.Process) -> float:
    """Measure the resident memory of a process; 0 if it has ended."""
    try:
        return float(process.memory_info().rss / 2**20)
    except psutil.NoSuchProcess:
        return 0.0


def _listed_s(folder: Path) -> float:
    """Measure the time to find files by a list and to store them in a journal; the files needn't exist."""
    list_path = folder / "list.txt"
    list_path.write_text("".join(f"/pictures/{i % 1000:03}/{i:07}.jpg\n" for i in range(LISTED_FILES)), encoding="utf-8")
    command = [sys.executable, "-c", FINDER_PROGRAM, str(list_path), str(folder / "list.journal")]
    return float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)


def _elapsed_s(program: str, *arguments: str) -> float:
    """Measure the run time of a Python program in a new process."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, check=True)
    return time.perf_counter() - start
