"""The worker process, with moments at which it can be told to die: around each commit, bell and request to the carrier.

``python -m tests.kills.doomed_worker`` runs the product's own pool. DOORLINE_DOOM names a folder: every moment that
comes is written to its file ``moments``; when the one that stands in ``doom`` comes, the process that lives it gets
SIGKILL, once.
"""

import fcntl
import os
import signal
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from rq import get_current_job
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.core import db, queue
from app.gateways import carrier
from workers import run

REQUESTS = ("send_text", "place_call", "redirect_call", "hang_up", "find_texts", "find_calls", "call")


def moment(folder: Path, what: str) -> None:
    """Live through a moment of the present job, or die."""
    job = get_current_job()
    if job is None:
        return
    name = f"{job.func_name.removeprefix('workers.')} {what}"
    with (folder / "moments").open("a+") as book:
        fcntl.flock(book, fcntl.LOCK_EX)
        book.seek(0)
        mark = f"{name} {1 + sum(line.startswith(name + ' ') for line in book)}"
        book.write(mark + "\n")
        book.flush()
        doom = folder / "doom"
        doomed = doom.exists() and doom.read_text() == mark
        if doomed:
            doom.unlink()
    if doomed:
        os.kill(os.getpid(), signal.SIGKILL)


def watch_commits(folder: Path) -> None:
    """Moments before and after each commit that writes, and after the doorbells that follow it."""

    def wrote(session: Session, *_: Any) -> None:
        session.info["wrote"] = True

    def before(session: Session) -> None:
        if session.new or session.dirty or session.deleted or session.info.get("wrote"):
            session.info["wrote"] = True
            moment(folder, "before commit")

    def after(session: Session) -> None:
        if session.info.pop("wrote", False):
            moment(folder, "after commit")

    event.listen(Session, "after_flush", wrote)
    event.listen(Session, "before_commit", before)
    event.listen(Session, "after_commit", after)
    ring = queue.ring

    def ring_and_live(session: Session) -> None:
        bells = len(queue.waiting(session))
        ring(session)
        if bells:
            moment(folder, "after bells")

    db.queue.ring = ring_and_live  # type: ignore[attr-defined]


def watch_requests(folder: Path) -> None:
    """Moments before and after each request to the carrier."""

    def watched(name: str, request: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(request)
        def live(*args: Any, **kwargs: Any) -> Any:
            moment(folder, f"before {name}")
            answer = request(*args, **kwargs)
            moment(folder, f"after {name}")
            return answer

        return live

    for name in REQUESTS:
        setattr(carrier.TwilioCarrier, name, watched(name, getattr(carrier.TwilioCarrier, name)))


def main() -> None:
    """Run two workers, as the product does."""
    folder = Path(os.environ["DOORLINE_DOOM"])
    watch_commits(folder)
    watch_requests(folder)
    carrier.time_out = lambda: 2.0  # the switch next door is quicker; whoever asks what became of a text outwaits it
    run.run(2)


if __name__ == "__main__":
    main()
