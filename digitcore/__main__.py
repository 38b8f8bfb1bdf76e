"""Run the command line as `python -m digitcore`; see `digitcore.cli`."""

import sys

from digitcore.cli import main

if __name__ == "__main__":
    sys.exit(main())
