"""Measure one engine in a process of its own: `python -m model.compare litert`, or `tensorflow`, prints one line of JSON.

`litert` is the network as the pages serve it; `tensorflow` is the same network asked by `keras.Model.predict`, and TensorFlow is
imported for that alone.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.types import Float32Array, UInt8Array

RUNS: Final = {"litert": 300, "tensorflow": 40}
"""How often one picture is classified, after the first answer."""

Classify = Callable[[UInt8Array], Float32Array]


def measure(engine: str, started: float) -> dict[str, Any]:
    """Start-up, speed and memory of this process.

    Args:
        engine: a key of `RUNS`.
        started: when the process was started, as `time.time()` gives it.

    Returns:
        Milliseconds a digit (median), seconds from the start to the first answer, and peak memory in MiB, None where the
        system doesn't tell; or which package is missing.
    """
    picture = np.zeros((1, MODEL_SIDE_PX, MODEL_SIDE_PX), np.uint8)
    try:
        classify = _litert() if engine == "litert" else _tensorflow()
    except ImportError as error:
        return {"engine": engine, "missing": error.name or str(error)}
    classify(picture)
    startup_s = time.time() - started
    return {
        "engine": engine,
        "runs": RUNS[engine],
        "startup_s": round(startup_s, 3),
        "median_ms": round(statistics.median(_elapsed_ms(classify, picture) for _ in range(RUNS[engine])), 3),
        "memory_mib": peak_memory_mib(),
    }


def peak_memory_mib() -> float | None:
    """The most memory that this process has had, in MiB; None where the system doesn't tell.

    Linux's own figure is preferred: in a child, `ru_maxrss` there counts its parent's memory at the fork, too.
    """
    status = Path("/proc/self/status")
    if status.exists():
        fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
        return round(int(fields["VmHWM"].split()[0]) / 2**10, 1) if "VmHWM" in fields else None
    if sys.platform == "darwin":
        import resource  # noqa: PLC0415  not there on Windows

        return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 1)
    return None


def _litert() -> Classify:
    from digitcore import load_classifier  # noqa: PLC0415  what is imported is part of what is measured

    return load_classifier().logits


def _tensorflow() -> Classify:
    from model.peer import KerasPeer  # noqa: PLC0415  likewise

    return KerasPeer().logits


def _elapsed_ms(classify: Classify, picture: UInt8Array) -> float:
    start = time.perf_counter()
    classify(picture)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=RUNS)
    parser.add_argument("--started", type=float, default=time.time(), help="when the process was started, in seconds since 1970")
    options = parser.parse_args()
    print(json.dumps(measure(options.engine, options.started)))


if __name__ == "__main__":
    main()
