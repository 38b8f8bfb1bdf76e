"""Who does the work: a Dask cluster on this machine for the time of a run, or one that is there already."""

import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import Final

import dask
from dask.system import CPU_COUNT
from distributed import Client, LocalCluster

from digitcore.errors import ClusterError

CONNECT_TIMEOUT_S: Final = 15

_CONFIGURATION: Final = {
    "distributed.admin.log-length": 100,
    "distributed.admin.low-level-log-length": 10,  # Dask else holds a thousand messages to each worker, with the names of their files
    "distributed.admin.system-monitor.log-length": 10,
}
"""How much of what has passed this process keeps: memory stays flat however long a run takes."""

_LOCAL_CONFIGURATION: Final = {
    **_CONFIGURATION,
    "distributed.scheduler.allowed-failures": 1,  # what ends two workers is broken up into single pictures, or is the one that does it
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.spill": False,  # nothing of a picture goes to a disk
    "distributed.worker.memory.target": False,
    "distributed.worker.profile.enabled": False,
}


def cores() -> int:
    """How many this process may use, a container's limit respected."""
    return int(CPU_COUNT)


@contextmanager
def local_client(workers: int) -> Iterator[Client]:
    """A cluster of so many processes on loopback, each with one thread, until the block ends.

    Its connections are encrypted with a certificate of its own, so that no other user of the machine can give it work.
    """
    with dask.config.set(_LOCAL_CONFIGURATION):
        with _deaf_to_ctrl_c():
            cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",
                security=True,
                silence_logs=logging.CRITICAL,
            )
        with cluster, Client(cluster, set_as_default=False) as client:
            yield client


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """What starts in this block, workers that take a dead one's place later among them, hears no Ctrl-C: this process tells them to end.

    A terminal sends it to all; here it waits until the block ends.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # which, when it starts, lets signals through again to the thread that needed it first
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def remote_client(address: str) -> Iterator[Client]:
    """A connection to a running scheduler, until the block ends; for `tls://` Dask's own settings name the certificates.

    Raises:
        ClusterError: nobody answers at that address.
    """
    with dask.config.set(_CONFIGURATION):
        try:
            client = Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            wanted = "Check the address, as in tcp://host:8786, and that it runs."
            raise ClusterError(f"No Dask scheduler answers at {address}. {wanted}") from error
        with client:
            yield client


def check_sight(client: Client, path: str) -> None:
    """See whether all workers see what this process sees.

    Raises:
        ClusterError: one doesn't, with its address.
    """
    if not os.path.exists(path):  # noqa: PTH110
        return
    blind = [worker for worker, sees in client.run(os.path.exists, path).items() if not sees]
    if blind:
        raise ClusterError(f"The worker {blind[0]} doesn't see {path}. Mount the same folder, under the same name, on all workers.")
