"""Measure what a user waits for and what a host pays for; print a table for each part and write it into `docs/benchmarks.md`.

`python -m benchmarks` measures all parts but the long ones, `python -m benchmarks browser webcam-soak` only these.
"""

import argparse
import os
from importlib import import_module
from typing import Final

from benchmarks.report import save, write_document

PARTS: Final = ("core", "api", "browser", "uploads", "people", "webcam", "bulk")
"""Modules of this package, each with its `report()`; imported only when their turn comes, as the core's peer brings TensorFlow."""

LONG_PARTS: Final = ("sizing", "replicas", "webcam-soak")
"""Measured only when asked for: what a host plans with, what needs a proxy besides, and what takes a quarter of an hour."""


def main() -> None:
    """Measure the parts that were asked for, one after another: at once they would slow each other down."""
    known = (*PARTS, *LONG_PARTS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"only these: {', '.join(known)}; by default all but {', '.join(LONG_PARTS)}"
    )
    parts = parser.parse_args().parts or PARTS
    if unknown := sorted(set(parts) - set(known)):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(known)}")
    for part in parts:
        load = os.getloadavg()[0]
        print(f"{part} (load average at the start {load:.1f} on {os.cpu_count()} cores)", flush=True)
        report = import_module(f"benchmarks.{part.replace('-', '_')}").report()
        print(f"{report}\n", flush=True)
        save(part, report, load)
        write_document()


if __name__ == "__main__":
    main()
