"""Install programs that the tests need with Debian's package manager, where it can be used."""

import os
import shutil
import subprocess
import sys
from typing import Final

INSTALL_TIMEOUT_S: Final = 600


def install(package: str) -> None:
    """Install a package; do nothing if there is no `apt-get` or the user isn't root."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", package)


def run(*command: str) -> None:
    """Run a command until it exits, and ignore its exit code; a timeout is only reported on standard error."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, timeout=INSTALL_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        print(f"{command[0]} took longer than {INSTALL_TIMEOUT_S} s.", file=sys.stderr)
