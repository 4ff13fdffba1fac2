"""What the log says of a failure: which error, and where in our own code; never what somebody typed or is called."""

import traceback
from pathlib import Path
from typing import Any

import structlog

log = structlog.get_logger(__name__)

ROOT = str(Path(__file__).resolve().parents[1])


def tell(event: str, error: BaseException, **facts: Any) -> None:
    """Log ``event`` with the kind of ``error`` and the path it took through our code.

    Its message is left out: a database quotes values there. facts: ids and names of jobs.
    """
    log.error(event, error=type(error).__name__, code=getattr(error, "code", None), at=_way(error), **facts)


def _way(error: BaseException) -> str:
    """The calls in our own files that led to ``error``, outermost first: "workers/visits.py:12 dispatch > ..."."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(ROOT) and "site-packages" not in frame.filename]
    return " > ".join(f"{Path(frame.filename).relative_to(ROOT)}:{frame.lineno} {frame.name}" for frame in ours)
