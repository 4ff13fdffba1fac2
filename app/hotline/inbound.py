"""Texts that come in: kept first, then understood. Who wrote decides what it can mean.

A social worker's reply moves his offer or visit. What a resident or a stranger writes is read by a person, who rings
back: no machine closes a request.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock, crypto, phones, settings
from app.core.errors import BadInput
from app.core.queue import later
from app.hotline import call_backs, worker_texts
from app.hotline.models import InboundText
from app.messages import lines, outbox, replies
from app.messages.models import Message
from app.people import residents
from app.workforce.models import Worker
from ivr_flows import loader, words

HELP_AN_HOUR = 3
"""Not more answers to what we did not understand, for each phone and hour: two machines would talk for ever."""


def receive(session: Session, sid: str, number: str, body: str) -> int | None:
    """Keep a text and ring for it; its id, or None if it was here before.

    sid: the carrier's. number: as the carrier gives it.
    """
    e164 = _e164(number)
    row = insert(InboundText).values(
        sid=sid, number=e164, number_hash=crypto.keyed_hash(e164), body=body, received_at=clock.now()
    )
    made = session.scalar(row.on_conflict_do_nothing(index_elements=["sid"]).returning(InboundText.id))
    if made is not None:
        later(session, "hotline.read_text", made)
    return made


def _e164(number: str) -> str:
    try:
        return phones.parse(number).e164
    except BadInput:
        return number


def read_text(session: Session, text_id: int) -> None:
    """Do what a text says, once; called again it changes nothing."""
    text = session.scalar(select(InboundText).where(InboundText.id == text_id).with_for_update())
    if text is None or text.handled_at is not None:
        return
    reply = replies.read(text.body)
    text.meaning = reply.kind
    text.handled_at = clock.now()
    writer = _writer(session, text)
    if reply.kind == "stop":
        if lines.stop(session, text.number_hash):
            _answer(session, text, writer, "stopped")
    elif reply.kind == "start":
        if lines.start(session, text.number_hash):
            _answer(session, text, writer, "started")
    elif writer.worker is not None:
        _from_worker(session, text, writer, writer.worker, reply)
    else:
        _to_person(session, text, writer)
        _help(session, text, writer, "help_resident")


@dataclass(frozen=True)
class Writer:
    """Who wrote. recipient: as messages name him. resident_id: only where the phone belongs to one resident alone."""

    recipient: str
    language: str
    worker: Worker | None = None
    resident_id: int | None = None


def _writer(session: Session, text: InboundText) -> Writer:
    worker = session.scalar(select(Worker).where(Worker.number_hash == text.number_hash, Worker.active.is_(True)))
    if worker is not None:
        return Writer(f"worker:{worker.id}", worker.language, worker)
    here = residents.by_number(session, text.number)
    if here:
        return Writer(f"resident:{here[0].id}", here[0].language, resident_id=here[0].id if len(here) == 1 else None)
    return Writer(f"caller:{text.id}", settings.current().default_language)


def _from_worker(session: Session, text: InboundText, writer: Writer, worker: Worker, reply: replies.Reply) -> None:
    found = worker_texts.carry_out(session, worker, reply)
    text.order_id = found.order_id
    if found.for_person:
        _to_person(session, text, writer)
    if found.template == "help_worker":
        _help(session, text, writer, found.template)
    elif found.template is not None:
        _answer(session, text, writer, found.template, **found.params)


def _to_person(session: Session, text: InboundText, writer: Writer) -> None:
    """His words go on the worklist, a row for each phone and hour; a cry for help at once and by itself."""
    urgent = words.heard_anywhere(_known_words(), "emergency", text.body)
    reason = "emergency" if urgent else "wanted"
    call_backs.open_for(
        session,
        reason,
        f"text:{reason}:{text.number_hash[:16]}:{text.received_at:%Y%m%d%H}",
        number=text.number,
        resident_id=writer.resident_id,
        order_id=text.order_id,
        said=text.body,
    )


@cache
def _known_words() -> words.Hearers:
    return words.hearers(loader.document("hotline")["words"])


def _help(session: Session, text: InboundText, writer: Writer, template: str) -> None:
    """Say that we did not understand, but not to the same phone for ever."""
    recent = select(func.count(Message.id)).where(
        Message.number_hash == text.number_hash,
        Message.template.in_(("help_worker", "help_resident")),
        Message.created_at > clock.now() - timedelta(hours=1),
    )
    if (session.scalar(recent) or 0) < HELP_AN_HOUR:
        _answer(session, text, writer, template)


def _answer(session: Session, text: InboundText, writer: Writer, template: str, **params: object) -> None:
    outbox.write(
        session,
        key=f"answer:{text.id}",
        template=template,
        recipient=writer.recipient,
        number=text.number,
        language=writer.language,
        params=params,
        order_id=text.order_id,
        kind="text",
    )
