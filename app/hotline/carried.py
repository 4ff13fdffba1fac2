"""What a call that carries a voice message may say: the message's own parameters, and who is spoken to about what."""

from sqlalchemy.orm import Session

from app.catalogue import items
from app.hotline.call_rows import Opening
from app.hotline.models import Call
from app.messages import outbox, templates
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people import residents
from app.people.models import Relative, Resident, Staff
from app.visits.models import Visit
from app.workforce.models import Worker


def opening(session: Session, message: Message) -> Opening:
    """How the call for ``message`` begins. Raises BadInput("template.unknown")."""
    template = templates.get(message.template)
    assert template.flow is not None, message.template
    kind, _, row_id = message.recipient.partition(":")
    person = _person(session, kind, int(row_id))
    facts = _about(session, message) | templates.facts(message.template, message.language, message.params)
    facts["message"] = templates.say(message.template, message.language, message.params)
    facts["news"] = "changed" if message.template == "visit_announced_again" else "first"
    if isinstance(person, Resident):
        facts["name"] = residents.speakable(person, message.language)
    elif person is not None:
        facts["name"] = person.name if message.language == "zh-CN" else getattr(person, "name_en", person.name)
    return Opening(
        flow=template.flow,
        purpose=template.flow,
        number=message.number,
        facts=facts,
        language=message.language,
        pace=person.pace if isinstance(person, Resident) else "normal",
        resident_id=person.id if isinstance(person, Resident) else None,
        worker_id=person.id if isinstance(person, Worker) else None,
        order_id=message.order_id,
        message_id=message.id,
    )


def heard(session: Session, call: Call) -> None:
    """The person has heard the message that the call carries."""
    if call.message_id is not None:
        outbox.told(session, call.message_id)


def _person(session: Session, kind: str, row_id: int) -> Resident | Worker | Relative | Staff | None:
    if kind == "resident":
        return session.get(Resident, row_id)
    if kind == "worker":
        return session.get(Worker, row_id)
    if kind == "staff":
        return session.get(Staff, row_id)
    return session.get(Relative, row_id) if kind == "relative" else None


def _about(session: Session, message: Message) -> dict[str, str]:
    facts: dict[str, str] = {}
    order = session.get(ServiceOrder, message.order_id) if message.order_id else None
    if order is not None:
        facts["number"] = order.number
        if order.item_id is not None:
            facts["service"] = items.name(items.get(session, order.item_id), message.language)
    visit = session.get(Visit, message.visit_id) if message.visit_id else None
    if visit is not None and visit.worker_id is not None:
        worker = session.get_one(Worker, visit.worker_id)
        facts["worker"] = worker.name if message.language == "zh-CN" else worker.name_en
    return facts
