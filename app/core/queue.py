"""The doorbell: ``later`` names a job that shall run after the commit; Redis only carries the news.

Losing Redis loses nothing: the row that the job works on is in the database, and the sweep rings again for every row
that has waited too long.
"""

import time
from functools import cache
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError, TimeoutError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import Session

from app.core import settings

log = structlog.get_logger(__name__)

NAME = "doorline"
FIRST = "doorline-first"
QUEUES = (FIRST, NAME)
"""In the order in which workers empty them."""

PRESSING = frozenset({"hotline", "messages"})
"""Wings whose jobs go first: somebody is on the line, or a text is written and only has to go out."""

JOB_SECONDS = 120
KEPT_SECONDS = 600

CALM = 5.0
BELL = 1.0
"""Longest, in real seconds, that Redis may be waited for: by whoever works for it, and by whoever rings a bell; behind
the second somebody is on the line."""

DEAF = 5.0
"""A Redis that hangs is not rung again for so many real seconds: each bell in vain would cost the caller a wait."""

_deaf_until = 0.0
_silent = False


@cache
def connection(patience: float = CALM) -> Redis:
    """This process' connection pool to Redis; a dead server is noticed within 2 s, a hanging one after ``patience``."""
    settings.need("redis_url")
    return Redis.from_url(
        settings.current().redis_url, socket_connect_timeout=min(patience, 2), socket_timeout=patience,
        health_check_interval=30,
    )  # fmt: skip


@cache
def jobs(name: str = NAME) -> Queue:
    """One of QUEUES; arguments travel as JSON, so jobs take ids only."""
    return Queue(name, connection=connection(BELL), serializer=JSONSerializer, default_timeout=JOB_SECONDS)


def later(session: Session, name: str, *args: Any) -> None:
    """Run job ``name`` ("wing.verb", a function in workers/wing.py) with JSON ``args`` after the outermost commit."""
    session.info.setdefault("later", []).append((name, args))


def waiting(session: Session) -> list[tuple[str, tuple[Any, ...]]]:
    """What ``session`` has asked for so far (tests)."""
    return list(session.info.get("later", []))


def forget(session: Session) -> None:
    """The transaction was rolled back: nothing shall run."""
    session.info.pop("later", None)


def ring(session: Session) -> None:
    """Send what the committed ``session`` asked for; with Redis down the sweep finds the rows instead."""
    global _deaf_until, _silent
    for name, args in session.info.pop("later", []):
        if time.monotonic() < _deaf_until:
            continue
        try:
            jobs(FIRST if name.partition(".")[0] in PRESSING else NAME).enqueue_call(
                f"workers.{name}", args=args, result_ttl=0, failure_ttl=KEPT_SECONDS
            )
            _silent = False
        except RedisError as error:
            if isinstance(error, TimeoutError):
                _deaf_until = time.monotonic() + DEAF
            _silent = True
            log.warning("doorbell_silent", job=name, error=str(error))


def is_silent() -> bool:
    """Whether the last bell of this process was rung in vain."""
    return _silent


def pending() -> list[Job]:
    """Jobs that wait for a worker, the pressing ones first."""
    return [job for name in QUEUES for job in jobs(name).get_jobs()]


def workers() -> list[int]:
    """Process ids of the workers that have shown a sign of life lately, on whichever machine."""
    return [worker.pid for worker in Worker.all(connection=connection()) if worker.pid]
