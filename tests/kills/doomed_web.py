"""The web process, told to die in each webhook once: by its first try, before or after the commit.

``gunicorn "tests.kills.doomed_web:create_app()"`` serves the product itself. DOORLINE_DOOM names a folder: as
long as its file ``doom`` says "before" or "after", the process that comes there with a webhook gets SIGKILL, and the
file ``deaths`` a line. The carrier's next try of that webhook, which bears the same token, is spared.
"""

import os
import signal
from pathlib import Path

from flask import Flask, has_request_context, request
from sqlalchemy import event
from sqlalchemy.orm import Session

from app.web import factory

MOST = 8
"""Deaths by kind of webhook: all steps, calls and texts of the story, and the first of its many receipts."""


def die(folder: Path, moment: str) -> None:
    """Die here, unless this webhook has died already."""
    doom, deaths = folder / "doom", folder / "deaths"
    if not has_request_context() or request.blueprint != "carrier" or doom.read_text() != moment:
        return
    mark = f"{request.endpoint} {request.headers['I-Twilio-Idempotency-Token']}\n"
    with deaths.open("a+") as book:
        book.seek(0)
        known = book.readlines()
        if mark in known or sum(line.split()[0] == request.endpoint for line in known) >= MOST:
            return
        book.write(mark)
    os.kill(os.getpid(), signal.SIGKILL)


def create_app() -> Flask:
    """The product's application, doomed."""
    folder = Path(os.environ["DOORLINE_DOOM"])
    event.listen(Session, "before_commit", lambda session: die(folder, "before"))
    event.listen(Session, "after_commit", lambda session: die(folder, "after"))
    return factory.create_app()
