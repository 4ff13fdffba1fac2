"""Texts that come in: kept first, then understood. Who wrote decides what it can mean.

A social worker's reply moves his offer or visit. What a resident or a stranger writes is read by a person, who rings
back: no machine closes a request.
"""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock, crypto, phones, settings
from app.core.errors import BadInput
from app.core.queue import later
from app.hotline import call_backs
from app.hotline.models import InboundText
from app.messages import lines, outbox, replies
from app.messages.models import Message
from app.people import residents
from app.workforce.models import Worker

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
    worker = session.scalar(select(Worker).where(Worker.number_hash == text.number_hash, Worker.active.is_(True)))
    if reply.kind == "stop":
        _stop(session, text, worker)
    elif reply.kind == "start":
        _start(session, text, worker)
    else:
        _to_person(session, text)


def _stop(session: Session, text: InboundText, worker: Worker | None) -> None:
    if lines.stop(session, text.number_hash):
        answer(session, text, "stopped", worker)


def _start(session: Session, text: InboundText, worker: Worker | None) -> None:
    if lines.start(session, text.number_hash):
        answer(session, text, "started", worker)


def _to_person(session: Session, text: InboundText) -> None:
    """A resident or a stranger: his words go on the worklist, one row an hour for each phone."""
    here = residents.by_number(session, text.number)
    call_backs.open_for(
        session,
        "wanted",
        f"text:{text.number_hash[:16]}:{text.received_at:%Y%m%d%H}",
        number=text.number,
        resident_id=here[0].id if len(here) == 1 else None,
        said=text.body,
    )
    language = here[0].language if here else settings.current().default_language
    if _helped(session, text) < HELP_AN_HOUR:
        _write(session, text, "help_resident", f"resident:{here[0].id}" if here else f"caller:{text.id}", language, {})


def answer(session: Session, text: InboundText, template: str, worker: Worker | None, **params: object) -> None:
    """Answer ``text`` by ``template``, once."""
    if worker is not None:
        _write(session, text, template, f"worker:{worker.id}", worker.language, params)
        return
    here = residents.by_number(session, text.number)
    language = here[0].language if here else settings.current().default_language
    _write(session, text, template, f"resident:{here[0].id}" if here else f"caller:{text.id}", language, params)


def _write(
    session: Session, text: InboundText, template: str, recipient: str, language: str, params: dict[str, object]
) -> None:
    outbox.write(
        session,
        key=f"answer:{text.id}",
        template=template,
        recipient=recipient,
        number=text.number,
        language=language,
        params=params,
        order_id=text.order_id,
        kind="text",
    )


def _helped(session: Session, text: InboundText) -> int:
    """How many help answers this phone got within the hour."""
    recent = select(func.count(Message.id)).where(
        Message.number_hash == text.number_hash,
        Message.template.like("help_%"),
        Message.created_at > clock.now() - timedelta(hours=1),
    )
    return session.scalar(recent) or 0
