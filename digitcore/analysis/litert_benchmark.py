"""Measure LiteRT in a process of its own: `python -m digitcore.analysis.litert_benchmark` prints one line of JSON."""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from digitcore.recognition.classifier import load_classifier
from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.types import Float32Array, UInt8Array

ENGINE: Final = "litert"

RUN_COUNT: Final = 300
"""How often one image is classified after the first answer."""

LogitsFn = Callable[[UInt8Array], Float32Array]
"""Computes float32 `(N, 10)` logits for uint8 `(N, 28, 28)` images."""


def measure_process(engine: str, load: Callable[[], LogitsFn], run_count: int, started_s: float) -> dict[str, Any]:
    """Measure the start-up, speed and memory of this process.

    Args:
        engine: the name under which the figures are returned.
        load: imports and loads the network; that is part of the start-up.
        run_count: how often one image is classified after the first answer.
        started_s: when the process was started, in seconds since 1970.

    Returns:
        `startup_s`, seconds from the start to the first answer; `median_ms`, milliseconds for one image; `memory_mib`, the peak memory
        in MiB, None where the system doesn't report it. Or `missing`, the name of a package that isn't installed.
    """
    image = np.zeros((1, MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    try:
        logits = load()
    except ImportError as error:
        return {"engine": engine, "missing": error.name or str(error)}
    logits(image)
    startup_s = time.time() - started_s
    return {
        "engine": engine,
        "runs": run_count,
        "startup_s": round(startup_s, 3),
        "median_ms": round(statistics.median(_elapsed_ms(logits, image) for _ in range(run_count)), 3),
        "memory_mib": peak_memory_mib(),
    }


def peak_memory_mib() -> float | None:
    """Return the peak memory of this process.

    On Linux the figure of `/proc` is taken: in a child process, `ru_maxrss` includes its parent's memory at the time of the fork.

    Returns:
        MiB; None where the system doesn't report it.
    """
    status = Path("/proc/self/status")
    if status.exists():
        fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return round(int(fields["VmHWM"].split()[0]) / 2**10, 1) if "VmHWM" in fields else None
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415  Windows has no such module

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1)
    return None


def print_measurement(engine: str, load: Callable[[], LogitsFn], run_count: int, started_s: float) -> None:
    """Print what `measure_process` measures, as one line of JSON.

    Args:
        engine: as in `measure_process`, like the rest.
        load: likewise.
        run_count: likewise.
        started_s: likewise.
    """
    sys.stdout.write(json.dumps(measure_process(engine, load, run_count, started_s)) + "\n")


def add_started_option(parser: argparse.ArgumentParser) -> None:
    """Add the option `--started`, which `digitcore.analysis.engine_benchmark` passes to every command.

    Args:
        parser: the parser of a command that measures an engine.
    """
    parser.add_argument("--started", type=float, default=time.time(), help="when the process was started, in seconds since 1970")


def load_litert() -> LogitsFn:
    """Load the packaged network.

    Returns:
        A function from images to logits.
    """
    return load_classifier().logits


def _elapsed_ms(logits: LogitsFn, image: UInt8Array) -> float:
    start = time.perf_counter()
    logits(image)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    add_started_option(parser)
    print_measurement(ENGINE, load_litert, RUN_COUNT, parser.parse_args().started)


if __name__ == "__main__":
    main()
