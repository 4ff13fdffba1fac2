"""The worker process: a pool of preloaded workers that respawns a killed one and outlives a Redis outage."""

import ctypes
import gc
import importlib
import logging
import os
import pkgutil
import signal
import subprocess
import sys
from typing import Any, NoReturn

import structlog
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker_pool import WorkerPool
from tenacity import retry, retry_if_exception_type, wait_fixed

import workers
from app.core import db, logs, queue
from app.visits.planner import warm
from workers import failures

log = structlog.get_logger(__name__)

TTL_SECONDS = 30
"""A killed worker's name and jobs are given up after this long; our own sweep is the real guard."""


PR_SET_PDEATHSIG = 1


class PreloadedWorker(SimpleWorker):
    """Runs jobs in its own process: no fork and no import for each job."""

    dying = False
    max_connection_wait_time = 1.0
    """Seconds between two looks whether Redis is back: RQ's own would grow to a minute, in which no phone rings."""

    def __init__(self, *args, **kwargs) -> None:  # type: ignore[no-untyped-def]
        patience = {"worker_ttl": TTL_SECONDS, "job_monitoring_interval": 5, "maintenance_interval": 5}
        super().__init__(*args, **(kwargs | patience))

    def work(self, *args, **kwargs) -> bool:  # type: ignore[no-untyped-def]
        """Without RQ's scheduler: what is due later stands in the database, and the clock process rings."""
        return bool(super().work(*args, **(kwargs | {"with_scheduler": False})))

    def request_force_stop(self, signum, frame) -> None:  # type: ignore[no-untyped-def]
        """A second signal is heard as well, in case the first was lost in a library's own care for errors.

        RQ ignores it for a second and then cuts the job in hand short; a job of ours is short and is let finish.
        """
        if not self.dying:
            self._shutdown()

    def handle_exception(self, job: Job, *exc_info: Any) -> None:
        """One line about a job that failed, without the personal data that its error may quote."""
        failures.tell("job_failed", exc_info[1], job=job.func_name, args=job.args)

    def teardown(self) -> None:
        """The last steps, which must not be interrupted."""
        self.dying = True
        super().teardown()


class Pool(WorkerPool):
    """Respawns a killed worker, but none any more once it was told to stop."""

    def start_worker(self, *args: Any, **kwargs: Any) -> None:
        """A worker that ends because of the stop signal, before the pool has seen it, is not replaced."""
        if self.status != self.Status.STOPPED:
            super().start_worker(*args, **kwargs)


def _begin() -> None:
    """In a fresh worker: connections of its own, and an end when its pool is killed (Linux)."""
    db.bind(None)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def preload() -> None:
    """Import every job module now, so that the first job of a fresh worker is as quick as the next."""
    for module in pkgutil.iter_modules(workers.__path__):
        importlib.import_module(f"workers.{module.name}")


def warm_the_planner() -> None:
    """Fetch the planner's machine code now; where there is none yet it is made beside us, and plans wait for that."""
    if warm.is_ready():
        warm.warm_up()
    else:
        log.info("planner_is_being_compiled")
        subprocess.Popen([sys.executable, "-m", warm.__name__], preexec_fn=_politely)


def _politely() -> None:
    """Calls come first."""
    os.nice(10)


@retry(retry=retry_if_exception_type(RedisError), wait=wait_fixed(1))
def _start(pool: WorkerPool, log_level: str) -> None:
    pool.start(logging_level=log_level)


def run(count: int) -> NoReturn:
    """Run ``count`` workers until a signal comes; does not return, since the process then ends at once.

    Taking all that was imported apart, object by object, would last seconds on a busy machine, and whoever stops us
    (honcho, systemd, an orchestrator) would lose patience and kill workers that have long finished.
    """
    level = logs.configure()
    preload()
    warm_the_planner()
    gc.freeze()  # as app.web.serving does, and for the same reason
    os.register_at_fork(after_in_child=_begin)
    pool = Pool(
        list(queue.QUEUES),
        connection=queue.connection(),
        num_workers=count,
        worker_class=PreloadedWorker,
        serializer=JSONSerializer,
    )
    _start(pool, level)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)
