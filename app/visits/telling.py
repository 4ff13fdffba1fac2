"""Who is told what about a visit: the resident, relatives who may know, the worker.

A resident who wants people only is rung by an agent instead of a machine; a relative hears only with recorded consent.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.catalogue import items
from app.core.queue import later
from app.messages import outbox
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.places.models import Area
from app.visits import links
from app.visits.models import Offer, Visit
from app.workforce.models import Worker


def starts_at(visit: Visit) -> datetime:
    """When the visit is to begin, aware."""
    assert visit.during is not None and visit.during.lower is not None
    return visit.during.lower


def announce(session: Session, visit: Visit) -> None:
    """Tell the resident who comes, when, and the code; relatives that it is arranged."""
    assert visit.worker_id is not None
    worker = session.get_one(Worker, visit.worker_id)
    before = visit.announced_at is not None
    order = session.get_one(ServiceOrder, visit.order_id)
    name = worker.name if order.language == "zh-CN" else worker.name_en
    _to_resident(
        session,
        visit,
        "visit_announced_again" if before else "visit_announced",
        f"announce:{visit.id}:{worker.id}:{int(starts_at(visit).timestamp())}",
        {"worker": name, "when": starts_at(visit), "code": visit.code},
    )
    _to_relatives(session, visit, "relative_accepted", {"when": starts_at(visit)})


def late(session: Session, visit: Visit, expected: datetime) -> None:
    """Tell the resident before the window ends that it will be later."""
    _to_resident(session, visit, "visit_late", f"late:{visit.id}", {"when": expected})


def missed(session: Session, visit: Visit) -> None:
    """Tell the resident and relatives that nobody came, and that another visit is being arranged."""
    _to_resident(session, visit, "visit_missed", f"missed:{visit.id}", {})
    _to_relatives(session, visit, "relative_missed", {})


def called_off(session: Session, visit: Visit, when: datetime) -> None:
    """Tell the resident not to open to anybody: the visit is cancelled."""
    _to_resident(session, visit, "visit_called_off", f"called_off:{visit.id}", {"when": when})


def done(session: Session, visit: Visit) -> None:
    """Tell relatives that the visit is done."""
    _to_relatives(session, visit, "relative_done", {})


def worker(session: Session, visit: Visit, worker_id: int, template: str, key: str, **params: Any) -> None:
    """Write to a worker about a visit; the template decides which parameters are filled in."""
    row = session.get_one(Worker, worker_id)
    known = _about(session, visit, row) | params
    outbox.write(
        session,
        key=key,
        template=template,
        recipient=f"worker:{row.id}",
        number=row.number,
        language=row.language,
        params=outbox.wanted(template, known),
        order_id=visit.order_id,
        visit_id=visit.id,
        urgent=visit.urgent,
    )


def offer(session: Session, visit: Visit, made: Offer) -> None:
    """Ask the worker by text (by phone, where no text reaches him)."""
    worker(
        session,
        visit,
        made.worker_id,
        "offer",
        f"offer:{made.id}",
        when=made.starts_at,
        minutes=max(1, round((visit.travel_seconds or 0) / 60)),
        code=made.code,
    )


def _about(session: Session, visit: Visit, row: Worker) -> dict[str, Any]:
    order = session.get_one(ServiceOrder, visit.order_id)
    community = session.get(Area, visit.community_id) if visit.community_id else None
    chinese = row.language == "zh-CN"
    return {
        "service": items.name(items.get(session, order.item_id), row.language) if order.item_id else "",
        "community": (community.name if chinese else community.name_en) if community else "",
        "when": starts_at(visit) if visit.during else visit.window_start,
        "code_half": visit.code[:2],
        "link": links.url(visit.id, row.id),
    }


def _to_resident(session: Session, visit: Visit, template: str, key: str, params: dict[str, Any]) -> None:
    order = session.get_one(ServiceOrder, visit.order_id)
    if order.subject_id is None:
        return
    resident = session.get_one(Resident, order.subject_id)
    number = order.contact_number or (resident.phones[0].number if resident.phones else None)
    if number is None or "people_only" in resident.flags:
        later(session, "hotline.task", "people_only", order.id)
        return
    outbox.write(
        session,
        key=key,
        template=template,
        recipient=f"resident:{resident.id}",
        number=number,
        language=order.language,
        params=params,
        order_id=order.id,
        visit_id=visit.id,
        urgent=visit.urgent,
    )


def _to_relatives(session: Session, visit: Visit, template: str, params: dict[str, Any]) -> None:
    order = session.get_one(ServiceOrder, visit.order_id)
    resident = session.get(Resident, order.subject_id) if order.subject_id else None
    for relative in resident.relatives if resident else []:
        if relative.consented_at is not None:
            outbox.write(
                session,
                key=f"{template}:{visit.id}:{visit.worker_id}:{relative.id}",
                template=template,
                recipient=f"relative:{relative.id}",
                number=relative.number,
                language=relative.language,
                params=params,
                order_id=order.id,
                visit_id=visit.id,
            )
