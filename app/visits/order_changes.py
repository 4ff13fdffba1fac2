"""When an order is changed or cancelled, its visits follow."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import ServiceItem
from app.core import moves
from app.core.errors import Refused
from app.core.queue import later
from app.orders import confirming
from app.orders.models import ServiceOrder
from app.visits import assigning, dispatching, gathering, rows, visiting
from app.visits.models import Visit
from app.visits.rules import AT_THE_DOOR, PROMISED, SEARCHED

BY = "system:order"


def outdated(session: Session) -> list[tuple[int, bool]]:
    """(order id, whether it is cancelled) of orders whose visits have not followed yet."""
    rows_ = select(ServiceOrder.id, ServiceOrder.state).where(ServiceOrder.visits_outdated.is_(True))
    return [(order_id, state == "cancelled") for order_id, state in session.execute(rows_)]


def cancelled(session: Session, order_id: int) -> None:
    """Call off every visit of an order that is cancelled; worker and resident are told, once."""
    order = rows.order(session, order_id)
    order.visits_outdated = False
    if order.state != "cancelled":
        return
    visits = rows.current_visits(session, order.id)
    for visit in visits:
        assigning.call_off(session, visit, BY)
    if not any(visit.announced_at for visit in visits):
        confirming.called_off(session, order)


def changed(session: Session, order_id: int) -> None:
    """Let the visits follow what the order says now.

    Whoever promised keeps the visit if its time still fits, or is moved to a time that fits him; else the visit is
    called off and a new one is searched for. One that has begun is only shown to a dispatcher.
    """
    order = rows.order(session, order_id)
    order.visits_outdated = False
    if order.state not in SEARCHED or order.item_id is None or order.window_start is None:
        return
    visits = rows.current_visits(session, order.id)
    if not visits:
        later(session, "visits.dispatch", order.id)
    elif any(visit.state in AT_THE_DOOR for visit in visits):
        for visit in visits:
            rows.flag(session, visit, "changed", BY)
    elif all(_is_as_ordered(session, visit, order) for visit in visits):
        return
    elif not _keep_worker(session, order, visits):
        _start_anew(session, order, visits)


def _is_as_ordered(session: Session, visit: Visit, order: ServiceOrder) -> bool:
    """Whether nothing that concerns the visit is different, apart from a window that its time still fits."""
    same_wish = order.wished_worker_id in (None, visit.worker_id) or visit.worker_id is None
    return _is_same_work(session, visit, order) and same_wish and _fits_window(visit, order)


def _is_same_work(session: Session, visit: Visit, order: ServiceOrder) -> bool:
    item = session.get_one(ServiceItem, order.item_id)
    known = (visit.minutes, visit.skill, list(visit.place), visit.community_id)
    return known == (item.minutes, item.skill, list(order.place or ()), order.community_id)


def _fits_window(visit: Visit, order: ServiceOrder) -> bool:
    assert order.window_start is not None and order.window_end is not None
    if visit.during is None:
        return (visit.window_start, visit.window_end) == (order.window_start, order.window_end)
    start = rows.starts_at(visit)
    if order.window_start <= start <= order.window_end:
        visit.window_start, visit.window_end = order.window_start, order.window_end
        return True
    return False


def _keep_worker(session: Session, order: ServiceOrder, visits: Sequence[Visit]) -> bool:
    """Move the one promised visit to the best time of the same worker; False if that can't be."""
    visit = visits[0]
    if len(visits) > 1 or visit.state not in PROMISED - {"en_route"} or not _is_same_work(session, visit, order):
        return False
    if order.wished_worker_id not in (None, visit.worker_id):
        return False
    assert order.window_start is not None and order.window_end is not None
    visit.window_start, visit.window_end = order.window_start, order.window_end
    start = _his_time(session, order, visit)
    if start is None:
        return False
    try:
        assigning.move(session, visit, start, BY, "order.changed")
    except Refused:
        return False
    return True


def _his_time(session: Session, order: ServiceOrder, visit: Visit) -> datetime | None:
    problem = gathering.without(gathering.for_visits(session, order, [visit], ()), visit.id, visit.worker_id)
    found = dispatching.PLANNER.propose(gathering.only(problem, visit.worker_id or 0), 1).proposals
    return datetime.fromtimestamp(found[0].start, UTC) if found else None


def _start_anew(session: Session, order: ServiceOrder, visits: Sequence[Visit]) -> None:
    for visit in visits:
        assigning.call_off(session, visit, BY, "order.changed")
    visiting.unschedule(session, order, BY)
    dispatching.make_visits(session, order, BY)
    moves.record(session, order, "searched_anew", BY)
    later(session, "visits.dispatch", order.id)
