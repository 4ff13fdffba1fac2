"""The worker process: a pool of preloaded workers that respawns a killed one and outlives a Redis outage."""

import importlib
import os
import pkgutil

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from rq.worker_pool import WorkerPool
from tenacity import retry, retry_if_exception_type, wait_fixed

import workers
from app.core import db, logs, queue

TTL_SECONDS = 30
"""A killed worker's name and jobs are given up after this long; our own sweep is the real guard."""


class PreloadedWorker(SimpleWorker):
    """Runs jobs in its own process: no fork and no import for each job."""

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        patience = {"worker_ttl": TTL_SECONDS, "job_monitoring_interval": 5, "maintenance_interval": 5}
        super().__init__(*args, **(kwargs | patience))

    def work(self, *args, **kwargs) -> bool:  # type: ignore[no-untyped-def]
        """Without RQ's scheduler: what is due later stands in the database, and the clock process rings."""
        return bool(super().work(*args, **(kwargs | {"with_scheduler": False})))


def preload() -> None:
    """Import every job module now, so that the first job of a fresh worker is as quick as the next."""
    for module in pkgutil.iter_modules(workers.__path__):
        importlib.import_module(f"workers.{module.name}")


@retry(retry=retry_if_exception_type(RedisError), wait=wait_fixed(1))
def _start(pool: WorkerPool, log_level: str) -> None:
    pool.start(logging_level=log_level)


def run(count: int) -> None:
    """Run ``count`` workers until a signal comes."""
    level = logs.configure()
    preload()
    os.register_at_fork(after_in_child=lambda: db.bind(None))
    pool = WorkerPool(
        [queue.NAME],
        connection=queue.connection(),
        num_workers=count,
        worker_class=PreloadedWorker,
        serializer=JSONSerializer,
    )
    _start(pool, level)
