"""Measure response times and resource use; print a table for each part and write all tables into `docs/benchmarks.md`.

`python -m benchmarks` measures all parts except the long ones, `python -m benchmarks browser webcam-soak` only these two.
"""

import argparse
import os
import sys
from importlib import import_module
from typing import Final

from benchmarks.report import save, write_document

PARTS: Final = ("core", "api", "browser", "live-answer", "uploads", "people", "webcam", "bulk")
"""Modules of this package with a function `report()`. Each is imported just before it runs, since `core` imports TensorFlow, its peer."""

LONG_PARTS: Final = ("sizing", "replicas", "webcam-soak", "storm")
"""Measured only on request: `sizing` is for planning a host, `replicas` needs nginx, `webcam-soak` takes a quarter of an hour, and `storm`
needs root on Linux."""


def main() -> int:
    """Measure the requested parts, one after another, since simultaneous measurements would slow each other down.

    Returns:
        The exit status: with `--check` 1 if a row missed its target, else 0.
    """
    known = (*PARTS, *LONG_PARTS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"parts to measure: {', '.join(known)} (default: all except {', '.join(LONG_PARTS)})"
    )
    parser.add_argument("--check", action="store_true", help="fail if a row misses its target")
    options = parser.parse_args()
    parts, missed = options.parts or PARTS, False
    if unknown := sorted(set(parts) - set(known)):
        parser.error(f"unknown part: {', '.join(unknown)}; expected one of {', '.join(known)}")
    for part in parts:
        load = os.getloadavg()[0]
        print(f"{part} (load average at the start {load:.1f} on {os.cpu_count()} cores)", flush=True)
        report = import_module(f"benchmarks.{part.replace('-', '_')}").report()
        print(f"{report}\n", flush=True)
        save(part, report, load)
        missed |= not all(row.met for row in report.rows)
        write_document()
    return int(options.check and missed)


if __name__ == "__main__":
    sys.exit(main())
