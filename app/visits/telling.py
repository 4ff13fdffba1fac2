"""What workers, residents and relatives are told about a visit: each thing once, by text or voice as the line decides.

A text carries the catalogue's name of the service, no full address and nothing about health. The visit's code is
told to the resident's own phones only.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue import items
from app.core import clock, crypto
from app.core.queue import later
from app.messages import outbox
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.people import residents
from app.people.models import Resident, Staff
from app.places import areas
from app.places.models import Area
from app.visits import codes, links, rows, timing
from app.visits.models import Offer, Visit
from app.workforce.models import Worker

starts_at = rows.starts_at


def service(session: Session, visit: Visit, language: str) -> str:
    """The name of what is to be done."""
    order = session.get_one(ServiceOrder, visit.order_id)
    return items.name(items.get(session, order.item_id), language) if order.item_id else ""


def community(session: Session, visit: Visit, language: str) -> str:
    """The name of where, as much as anybody may know beforehand."""
    area = session.get(Area, visit.community_id) if visit.community_id else None
    return areas.name(area, language) if area else ""


def minutes_away(visit: Visit) -> int:
    """The estimated way in whole minutes, at least one."""
    return max(1, round((visit.travel_seconds or 0) / 60))


def worker_name(worker: Worker, language: str) -> str:
    """The worker's name in ``language``."""
    return worker.name_en if language == "en" else worker.name


# -- workers ------------------------------------------------------------


def offer(session: Session, visit: Visit, made: Offer) -> Message | None:
    """Ask the worker."""
    worker = session.get_one(Worker, made.worker_id)
    params = _about(session, visit, worker) | {
        "when": made.starts_at,
        "minutes": minutes_away(visit),
        "code": made.code,
        "link": links.url(visit.id, worker.id),
    }
    return _to_worker(session, visit, worker, f"offer:{made.id}", "offer", params, urgent=visit.urgent)


def offer_is_over(session: Session, visit: Visit, made: Offer, template: str) -> None:
    """It ran out or was withdrawn (template offer_expired or offer_withdrawn); an unsent offer is just taken back."""
    if outbox.withdraw(session, f"offer:{made.id}"):
        return
    worker = session.get_one(Worker, made.worker_id)
    _to_worker(session, visit, worker, f"{template}:{made.id}", template, {"code": made.code})


def accepted(session: Session, visit: Visit, made: Offer) -> None:
    """It is his: when, where roughly, his half of the code, and the link with the address."""
    worker = session.get_one(Worker, made.worker_id)
    params = {
        "when": starts_at(visit),
        "community": community(session, visit, worker.language),
        "code_half": codes.workers_half(visit.code),
        "link": links.url(visit.id, worker.id),
    }
    _to_worker(session, visit, worker, f"accepted:{made.id}", "offer_accepted", params, urgent=True)


def given(session: Session, visit: Visit, mark: int) -> None:
    """The dispatcher gave it to him; ``mark`` is the history row of that."""
    worker = session.get_one(Worker, visit.worker_id)
    params = _about(session, visit, worker) | {"when": starts_at(visit), "link": links.url(visit.id, worker.id)}
    _to_worker(session, visit, worker, f"given:{visit.id}:{mark}", "visit_given", params, urgent=visit.urgent)


def changed(session: Session, visit: Visit, mark: int) -> None:
    """His visit has another time or content."""
    worker = session.get_one(Worker, visit.worker_id)
    params = _about(session, visit, worker) | {"when": starts_at(visit), "link": links.url(visit.id, worker.id)}
    _to_worker(session, visit, worker, f"changed:{visit.id}:{mark}", "visit_changed", params, urgent=_is_soon(visit))


def not_his(session: Session, visit: Visit, worker_id: int, when: datetime, mark: int) -> None:
    """A visit that a worker had promised is no longer his."""
    worker = session.get_one(Worker, worker_id)
    params = _about(session, visit, worker) | {"when": when}
    key = f"cancelled:{visit.id}:{worker_id}:{mark}"
    _to_worker(session, visit, worker, key, "visit_cancelled", params, urgent=_is_soon(visit))


def _about(session: Session, visit: Visit, worker: Worker) -> dict[str, Any]:
    language = worker.language
    return {"service": service(session, visit, language), "community": community(session, visit, language)}


def _to_worker(
    session: Session,
    visit: Visit,
    worker: Worker,
    key: str,
    template: str,
    params: dict[str, Any],
    urgent: bool = False,
) -> Message | None:
    return outbox.write(
        session,
        key=key,
        template=template,
        recipient=f"worker:{worker.id}",
        number=worker.number,
        language=worker.language,
        params=params,
        order_id=visit.order_id,
        visit_id=visit.id,
        urgent=urgent,
    )


def dispatchers(session: Session, visit: Visit, mark: int) -> None:
    """Nobody is left to be asked: every dispatcher with a phone of his own is told, by text or by a call."""
    on_duty = select(Staff).where(Staff.role == "dispatcher", Staff.active.is_(True), Staff.number.is_not(None))
    for member in session.scalars(on_duty.order_by(Staff.id)):
        assert member.number is not None
        outbox.write(
            session,
            key=f"dispatcher:{visit.id}:{mark}:{member.id}",
            template="dispatcher_needed",
            recipient=f"staff:{member.id}",
            number=member.number,
            language=member.language,
            params={
                "service": service(session, visit, member.language),
                "community": community(session, visit, member.language),
            },
            order_id=visit.order_id,
            visit_id=visit.id,
            urgent=visit.urgent,
        )


# -- residents and relatives --------------------------------------------


def announce(session: Session, visit: Visit, again: bool, mark: int) -> None:
    """Who comes, when, and the code; at once if it is soon. Whoever wants people only is rung by an agent."""
    worker = session.get_one(Worker, visit.worker_id)
    subject = _subject(session, visit)
    number = _own_number(session, visit, subject)
    visit.announced_at = clock.now()
    if number is None:
        later(session, "hotline.task", "people_only", visit.order_id)
    else:
        params = {
            "worker": worker_name(worker, subject.language),
            "when": starts_at(visit),
            "code": visit.code,
        }
        template = "visit_announced_again" if again else "visit_announced"
        _to_resident(session, visit, subject, number, f"{template}:{visit.id}:{mark}", template, params)
    _to_relatives(session, visit, subject, f"accepted:{visit.id}:{mark}", "relative_accepted", starts_at(visit))


def late(session: Session, visit: Visit, expected: datetime, mark: int) -> None:
    """The worker comes later than agreed; ``mark`` is the history row of that, since it may happen twice."""
    _inform(session, visit, "visit_late", {"when": expected}, mark)


def unfilled(session: Session, visit: Visit) -> None:
    """Nobody could be found for the time that was wished or agreed; told once."""
    _inform(session, visit, "visit_unfilled", {}, 0)


def missed(session: Session, visit: Visit) -> None:
    """Nobody came; somebody else will."""
    _inform(session, visit, "visit_missed", {}, visit.worker_id or 0)
    _to_relatives(session, visit, _subject(session, visit), f"missed:{visit.id}", "relative_missed")


def done(session: Session, visit: Visit) -> None:
    """The relatives who may know hear that it is done."""
    _to_relatives(session, visit, _subject(session, visit), f"done:{visit.id}", "relative_done")


def called_off(session: Session, visit: Visit, when: datetime) -> None:
    """An announced visit will not be: nobody is to be let in."""
    _inform(session, visit, "visit_called_off", {"when": when}, visit.worker_id or 0)


def _inform(session: Session, visit: Visit, template: str, params: dict[str, Any], mark: int) -> None:
    subject = _subject(session, visit)
    number = _own_number(session, visit, subject)
    if number is None:
        later(session, "hotline.task", "people_only", visit.order_id)
        return
    _to_resident(session, visit, subject, number, f"{template}:{visit.id}:{mark}", template, params)


def _subject(session: Session, visit: Visit) -> Resident:
    return session.get_one(Resident, session.get_one(ServiceOrder, visit.order_id).subject_id)


def _own_number(session: Session, visit: Visit, subject: Resident) -> str | None:
    """The resident's own phone, preferably the one given for this order; None means that a person must ring."""
    if "people_only" in subject.flags or not subject.phones:
        return None
    contact = session.get_one(ServiceOrder, visit.order_id).contact_number
    own = {phone.number_hash for phone in subject.phones}
    return contact if contact and crypto.keyed_hash(contact) in own else subject.phones[0].number


def _is_soon(visit: Visit) -> bool:
    return timing.is_announced_at_once(clock.now(), starts_at(visit), visit.urgent)


def _to_resident(
    session: Session,
    visit: Visit,
    subject: Resident,
    number: str,
    key: str,
    template: str,
    params: dict[str, Any],
) -> None:
    outbox.write(
        session,
        key=key,
        template=template,
        recipient=f"resident:{subject.id}",
        number=number,
        language=subject.language,
        params=params,
        order_id=visit.order_id,
        visit_id=visit.id,
        urgent=_is_soon(visit),
    )


def _to_relatives(
    session: Session, visit: Visit, subject: Resident, key: str, template: str, when: datetime | None = None
) -> None:
    for relative in residents.notified_relatives(subject):
        outbox.write(
            session,
            key=f"{key}:relative:{relative.id}",
            template=template,
            recipient=f"relative:{relative.id}",
            number=relative.number,
            language=relative.language,
            params={"when": when} if when else {},
            order_id=visit.order_id,
            visit_id=visit.id,
        )
