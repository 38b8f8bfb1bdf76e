"""Fuzz one target with libFuzzer's options: `python -m testing.fuzz.run TARGET [OPTION …] [CORPUS …]`."""

import sys
import warnings

import atheris

from testing.fuzz.bounds import bounded

with atheris.instrument_imports(include=["digitcore", "zipfile", "json"]):
    from testing.fuzz.targets import TARGETS

if __name__ == "__main__":
    warnings.simplefilter("error")
    warnings.filterwarnings("ignore", module="PIL")  # on damaged files, which are read all the same
    atheris.Setup([sys.argv[0], *sys.argv[2:]], bounded(TARGETS[sys.argv[1]]))
    atheris.Fuzz()
