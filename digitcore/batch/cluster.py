"""Connect to a Dask cluster: a local one for the time of a run, or one that is running already."""

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
"""How long to wait for a running scheduler."""

_CONFIGURATION: Final = {
    "distributed.admin.log-length": 100,
    "distributed.admin.low-level-log-length": 10,  # Dask's default keeps a thousand messages per worker, file names included
    "distributed.admin.system-monitor.log-length": 10,
}
"""Bounds how much history Dask keeps in this process, so that memory stays flat however long a run takes."""

_LOCAL_CONFIGURATION: Final = {
    **_CONFIGURATION,
    "distributed.scheduler.allowed-failures": 1,  # a chunk that kills two workers is split into single images, or has only one
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.spill": False,  # no image data is written to disk
    "distributed.worker.memory.target": False,
    "distributed.worker.profile.enabled": False,
}


def available_cores() -> int:
    """Count the cores that this process may use.

    Returns:
        The number of cores; the limit of a container is respected.
    """
    return int(CPU_COUNT)


@contextmanager
def local_client(workers: int) -> Iterator[Client]:
    """Start a local cluster on loopback, and stop it when the block ends.

    Its connections are encrypted with a certificate made for this run, so that no other user of the machine can submit work.

    Args:
        workers: the number of worker processes, each with one thread.

    Yields:
        A client of the cluster.
    """
    with dask.config.set(_LOCAL_CONFIGURATION):
        with block_sigint():
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
def block_sigint() -> Iterator[None]:
    """Block SIGINT until the block ends, for this thread and for all processes started in the block.

    A terminal sends Ctrl-C to all processes of its group. Workers, including those that replace dead ones later, must ignore it: this
    process stops them.
    """
    if sys.platform == "win32":
        yield
        return
    resource_tracker.ensure_running()  # its start would unblock SIGINT in the calling thread
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@contextmanager
def remote_client(address: str) -> Iterator[Client]:
    """Connect to a running scheduler until the block ends.

    Args:
        address: such as `tcp://host:8786`; for `tls://`, Dask's own configuration names the certificates.

    Yields:
        A client of the cluster.

    Raises:
        ClusterError: no scheduler answers at the address.
    """
    with dask.config.set(_CONFIGURATION):
        try:
            client = Client(address, timeout=CONNECT_TIMEOUT_S, set_as_default=False)
        except (OSError, ValueError, TypeError) as error:
            advice = "Check the address, such as tcp://host:8786, and that the scheduler is running."
            raise ClusterError(f"No Dask scheduler answers at {address}. {advice}") from error
        with client:
            yield client


def require_shared_path(client: Client, path: str) -> None:
    """Check that all workers see a file that this process sees; one that doesn't exist here is not checked.

    Args:
        client: a client of the cluster.
        path: the file.

    Raises:
        ClusterError: a worker doesn't see the file.
    """
    if not os.path.exists(path):  # noqa: PTH110
        return
    without_path = [worker for worker, exists in client.run(os.path.exists, path).items() if not exists]
    if without_path:
        raise ClusterError(f"The worker {without_path[0]} can't find {path}. Mount the same folder under the same path on all workers.")
