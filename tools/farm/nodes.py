"""A Ray cluster of two nodes on this machine, for trials: each takes one line at a time."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from mannerism.core.errors import MissingPartError


@dataclass
class TwoNodes:
    """HOST:PORT of the cluster, and what it takes to end its second node."""

    address: str
    cluster: Any
    second: Any

    def kill_one(self) -> None:
        """End the second node as a power cut would."""
        self.cluster.remove_node(self.second, allow_graceful=False)


@contextmanager
def two_nodes() -> Iterator[TwoNodes]:
    """Run a cluster while the block lasts. Raises MissingPartError without Ray."""
    settings = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_worker_niceness": "0",
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }
    os.environ.update(settings)
    try:
        from ray.cluster_utils import Cluster  # noqa: PLC0415  reads the environment
    except ImportError as error:
        raise MissingPartError("This Python has no Ray", "Install it with “pip install ray”") from error
    store = 80 << 20
    cluster = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "object_store_memory": store, "include_dashboard": False},
    )
    try:
        second = cluster.add_node(num_cpus=1, object_store_memory=store)
        cluster.wait_for_nodes()
        yield TwoNodes(cluster.address, cluster, second)
    finally:
        cluster.shutdown()
