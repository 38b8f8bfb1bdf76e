"""Measure one engine in a separate process: `python -m model.compare litert`, or `tensorflow`, prints one line of JSON.

`litert` is the network as it is served; `tensorflow` is the same network run by `keras.Model.predict`. TensorFlow is imported only for the
latter.
"""

import argparse
from collections.abc import Callable
from typing import Final

from digitcore.analysis.litert_benchmark import ENGINE, RUN_COUNT, LogitsFn, add_started_option, load_litert, print_measurement


def _load_tensorflow() -> LogitsFn:
    from model.peer import KerasPeer  # noqa: PLC0415  importing TensorFlow is part of what is measured

    return KerasPeer().logits


LOADERS: Final[dict[str, Callable[[], LogitsFn]]] = {ENGINE: load_litert, "tensorflow": _load_tensorflow}
"""The functions that load an engine, by its name."""

RUN_COUNTS: Final = {ENGINE: RUN_COUNT, "tensorflow": 40}
"""Number of timed classifications of one image after the first."""


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engine", choices=LOADERS)
    add_started_option(parser)
    options = parser.parse_args()
    print_measurement(options.engine, LOADERS[options.engine], RUN_COUNTS[options.engine], options.started)


if __name__ == "__main__":
    main()
