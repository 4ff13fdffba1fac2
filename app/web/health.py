"""Whether this process lives, and whether it can serve: for load balancers and people, without secrets."""

import structlog
from flask import Blueprint
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from app.core import db, queue
from app.web import guards

log = structlog.get_logger(__name__)

blueprint = guards.open_blueprint(Blueprint("health", __name__), "says only whether the parts answer")


@blueprint.get("/health")
def live() -> dict[str, str]:
    """200 as long as the process answers."""
    return {"status": "ok"}


@blueprint.get("/ready")
def ready() -> tuple[dict[str, str], int]:
    """200 when database and redis answer, else 503 naming the one that does not."""
    parts = {"database": _database(), "redis": _redis()}
    return parts, 200 if set(parts.values()) == {"ok"} else 503


def _database() -> str:
    try:
        with db.engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.warning("not_ready", part="database", error=type(error).__name__)
        return "down"
    return "ok"


def _redis() -> str:
    try:
        queue.connection().ping()
    except (RedisError, ValueError) as error:
        log.warning("not_ready", part="redis", error=type(error).__name__)
        return "down"
    return "ok"
