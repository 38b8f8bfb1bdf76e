"""Fuzz one target after the other with atheris (libFuzzer), and continue where an earlier run ended.

    python -m testing.fuzz --seconds 600 [TARGET …]

The inputs in `testing/fuzz/corpus` are the seeds; what a run finds out is kept in `.fuzz`. An input that raises an error which isn't
documented, never ends, or takes more time or memory than `testing.fuzz.bounds` allows ends the run, and is kept in `.fuzz/findings`: add it
to the corpus with its mend.
"""

import argparse
import math
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Final

from testing.fuzz.targets import TARGETS

SEEDS: Final = Path(__file__).parent / "corpus"
STATE: Final = Path(".fuzz")
TIMEOUT_S: Final = 60
"""After which an input counts as one that never ends, however busy the machine is."""

MEMORY_MIB: Final = 4_000
"""Of the process, for an input that takes memory without end."""

INPUTS_PER_PROCESS: Final = defaultdict(lambda: 4_000, pictures=1_000)
"""After so many inputs of a target another process goes on, since atheris keeps the arrays that instrumented code compares: up to a MiB for
each picture."""

MAX_INPUT_BYTES: Final = 100_000


def main() -> int:
    """Fuzz the targets; return 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m testing.fuzz", description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"by default all: {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=600, help="for each target")
    options = parser.parse_args()
    if unknown := set(options.targets) - set(TARGETS):
        parser.error(f"there is no target {', '.join(sorted(unknown))}")
    failed = [name for name in options.targets or TARGETS if _fuzz(name, options.seconds)]
    print(f"Findings: {', '.join(failed) or 'none'}.")
    return int(bool(failed))


def _fuzz(name: str, seconds: int) -> bool:
    """Fuzz one target in processes of its own, since libFuzzer ends the process that it runs in; return whether anything was found."""
    found, findings = STATE / name, STATE / "findings"
    found.mkdir(parents=True, exist_ok=True)
    findings.mkdir(parents=True, exist_ok=True)
    end_s = time.monotonic() + seconds
    while (remaining_s := math.ceil(end_s - time.monotonic())) > 0:
        options = {
            "max_total_time": remaining_s,
            "runs": INPUTS_PER_PROCESS[name],
            "timeout": TIMEOUT_S,
            "rss_limit_mb": MEMORY_MIB,
            "max_len": MAX_INPUT_BYTES,
            "artifact_prefix": f"{findings}/{name}-",
        }
        arguments = [f"-{option}={value}" for option, value in options.items()]
        print(f"Fuzzing {name} for {remaining_s} s", flush=True)
        command = [sys.executable, "-m", "testing.fuzz.run", name, *arguments, str(found), str(SEEDS / name)]
        if subprocess.run(command, check=False).returncode:
            return True
    return False


if __name__ == "__main__":
    sys.exit(main())
