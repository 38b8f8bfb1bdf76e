"""Measure what a user waits for and what a host pays for; print one table a part.

`python -m benchmarks` measures all parts, `python -m benchmarks browser people` only these.
"""

import argparse
import os
from importlib import import_module
from typing import Final

PARTS: Final = ("core", "browser", "uploads", "people")
"""Modules of this package, each with its `report()`; imported only when their turn comes, as the core's peer brings TensorFlow."""


def main() -> None:
    """Measure the parts that were asked for, one after another: at once they would slow each other down."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory.")
    parser.add_argument("parts", nargs="*", metavar="part", help=f"only these: {', '.join(PARTS)}; all by default")
    parts = parser.parse_args().parts or PARTS
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    for part in parts:
        print(f"{part} (load at the start {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores)", flush=True)
        print(f"{import_module(f'benchmarks.{part}').report()}\n", flush=True)


if __name__ == "__main__":
    main()
