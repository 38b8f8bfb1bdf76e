"""Measure response times and resource use; print a table for each part and write all tables into `docs/benchmarks.md`.

`python -m benchmarks` measures all parts except the long ones, `python -m benchmarks browser webcam-soak` only these two.
"""

import argparse
import os
from importlib import import_module
from typing import Final

from benchmarks.report import save, write_document

PARTS: Final = ("core", "api", "browser", "uploads", "people", "webcam", "bulk")
"""Modules of this package with a function `report()`. Each is imported just before it runs, since `core` imports TensorFlow, its peer."""

LONG_PARTS: Final = ("sizing", "replicas", "webcam-soak")
"""Measured only on request: `sizing` is for planning a host, `replicas` needs nginx, and `webcam-soak` takes a quarter of an hour."""


def main() -> None:
    """Measure the requested parts, one after another, since simultaneous measurements would slow each other down."""
    known = (*PARTS, *LONG_PARTS)
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument(
        "parts", nargs="*", metavar="part", help=f"parts to measure: {', '.join(known)} (default: all except {', '.join(LONG_PARTS)})"
    )
    parts = parser.parse_args().parts or PARTS
    if unknown := sorted(set(parts) - set(known)):
        parser.error(f"unknown part: {', '.join(unknown)}; expected one of {', '.join(known)}")
    for part in parts:
        load = os.getloadavg()[0]
        print(f"{part} (load average at the start {load:.1f} on {os.cpu_count()} cores)", flush=True)
        report = import_module(f"benchmarks.{part.replace('-', '_')}").report()
        print(f"{report}\n", flush=True)
        save(part, report, load)
        write_document()


if __name__ == "__main__":
    main()
