"""Logging for every process: one line an event, names and values, never personal data."""

import logging

import structlog

from app.core import settings

QUIET = {"rq": "WARNING", "httpx": "WARNING", "alembic": "INFO", "twilio": "WARNING", "rq.worker": "WARNING"}


def configure() -> str:
    """Set up logging by LOG_LEVEL and return the level for libraries that want it (WARNING where ours is INFO)."""
    level = settings.current().log_level
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name, threshold in QUIET.items():
        logging.getLogger(name).setLevel(threshold)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        cache_logger_on_first_use=True,
    )
    return "WARNING" if level == "INFO" else level
