"""A control group with a memory limit, as containers have one: for tests and benchmarks on Linux, as root."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import uuid4

import yaml

from testing.browser.server import ROOT

_ROOT: Final = Path("/sys/fs/cgroup")
_DEPLOYMENT: Final = ROOT / "deploy" / "kubernetes" / "deployment.yaml"
_REMOVAL_TIMEOUT_S: Final = 60.0


def replica_limit_mib() -> int:
    """Return the memory limit of a replica, in MiB, as the manifest of the app's container sets it."""
    manifest = next(each for each in yaml.safe_load_all(_DEPLOYMENT.read_text(encoding="utf-8")) if each["kind"] == "Deployment")
    app = next(each for each in manifest["spec"]["template"]["spec"]["containers"] if each["name"] == "app")
    return int(app["resources"]["limits"]["memory"].removesuffix("Mi"))


class NoCgroupError(RuntimeError):
    """No control group can be made on this machine."""


@dataclass(frozen=True, slots=True)
class MemoryCgroup:
    """A control group, of version 1 or 2 of the kernel's interface."""

    folder: Path
    is_version_2: bool

    @property
    def runner(self) -> list[str]:
        """Return the beginning of a command line that runs the rest of it in the group, its child processes included."""
        return ["sh", "-c", 'echo $$ > "$0" && exec "$@"', str(self.folder / "cgroup.procs")]

    def used_mib(self) -> float:
        """Return the memory of the group's processes in MiB, without the files that the system has cached for them."""
        counts = dict(line.split() for line in (self.folder / "memory.stat").read_text(encoding="utf-8").splitlines())
        return int(counts["anon" if self.is_version_2 else "total_rss"]) / 2**20

    def killed(self) -> int:
        """Return how many processes the system has killed because the group's memory was full."""
        name = "memory.events" if self.is_version_2 else "memory.oom_control"
        counts = dict(line.split() for line in (self.folder / name).read_text(encoding="utf-8").splitlines())
        return int(counts["oom_kill"])


@contextmanager
def memory_cgroup(limit_mib: int) -> Iterator[MemoryCgroup]:
    """Make a control group below that of this process, and remove it once its processes have ended.

    Args:
        limit_mib: the memory that its processes may take together, without swap, in MiB.

    Raises:
        NoCgroupError: the machine has no control groups for memory, or this process may not make one.
    """
    parent, is_version_2 = _own_group()
    group = MemoryCgroup(parent / f"digits-{uuid4().hex}", is_version_2)
    try:
        group.folder.mkdir()
        _limit(group, limit_mib * 2**20)
    except OSError as error:
        if group.folder.exists():
            group.folder.rmdir()
        raise NoCgroupError(f"no control group can be made: {error}") from error
    try:
        yield group
    finally:
        _remove(group.folder)


def _own_group() -> tuple[Path, bool]:
    """Return the folder of this process's control group for memory, and whether it is of version 2."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise NoCgroupError("there are no control groups") from error
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            return _ROOT / "memory" / path.lstrip("/"), False
    if (_ROOT / "cgroup.controllers").exists():
        return _ROOT / lines[-1].split(":", 2)[2].lstrip("/"), True
    raise NoCgroupError("there are no control groups for memory")


def _limit(group: MemoryCgroup, limit_bytes: int) -> None:
    if group.is_version_2:
        (group.folder / "memory.max").write_text(str(limit_bytes), encoding="utf-8")
        (group.folder / "memory.swap.max").write_text("0", encoding="utf-8")
    else:
        (group.folder / "memory.limit_in_bytes").write_text(str(limit_bytes), encoding="utf-8")


def _remove(folder: Path) -> None:
    """Remove a group; its last process may have ended only just now."""
    end = time.monotonic() + _REMOVAL_TIMEOUT_S
    while folder.exists():
        try:
            folder.rmdir()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
