"""What happens to an order after intake by a person's will: change, cancel, restore, reopen; each with a reason."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.errors import BadInput, Refused
from app.core.queue import later
from app.orders import particulars, windows
from app.orders.models import ServiceOrder
from app.orders.rules import CHANGEABLE

_ABOUT_THE_VISIT = particulars.FIELDS - {"caller_id", "caller_name", "contact", "text", "language"}


def change(session: Session, order: ServiceOrder, changes: Mapping[str, Any], by: str, reason: str) -> bool:
    """Change what was asked for; returns whether anything is different now.

    changes: particulars.FIELDS. The history names the fields, the reason is kept with it; the clocks go on from intake.
    If the visit is touched, the worker is told by "visits.order_changed".
    Raises BadInput("order.wrong" or "reason.missing"), Refused("order.over") in a state that is over.
    """
    _needs(reason)
    if order.state not in CHANGEABLE:
        raise Refused("order.over", state=order.state)
    checked = particulars.read(session, changes)
    values = {field: value for field, value in checked.items() if particulars.differs(order, field, value)}
    if not values:
        return False
    particulars.replace(session, order, values)
    particulars.fill_from_subject(session, order, order.language)
    if "item_id" in values:
        particulars.start_clocks(session, order)
    moves.record(session, order, "changed", by, reason, fields=sorted(values))
    if order.state != "draft" and _ABOUT_THE_VISIT & set(values):
        order.visits_outdated = True
        later(session, "visits.order_changed", order.id)
    return True


def cancel(session: Session, order: ServiceOrder, by: str, reason: str) -> bool:
    """Call the order off; its visit is called off after the commit. False if somebody moved it first.

    Raises BadInput("reason.missing"), moves.NotAllowed if it is done, closed or cancelled.
    """
    _needs(reason)
    was_draft = order.state == "draft"
    if moves.move(session, order, "cancelled", by, reason) is None:
        return False
    if not was_draft:
        order.visits_outdated = True
        later(session, "visits.order_cancelled", order.id)
    return True


def restore(session: Session, order: ServiceOrder, by: str, reason: str = "") -> bool:
    """Undo a cancellation: open again, with the clocks of old; a draft is a draft again.

    Raises moves.NotAllowed if it is not cancelled.
    """
    if particulars.missing(order) or order.window_end is None:
        return moves.move(session, order, "redrafted", by, reason) is not None
    if moves.move(session, order, "restored", by, reason) is None:
        return False
    windows.give(session, order)
    later(session, "visits.dispatch", order.id)
    return True


def reopen(session: Session, order: ServiceOrder, by: str, reason: str) -> bool:
    """It was not done well, or not done: open again, for a new visit within the redo deadline.

    Raises BadInput("reason.missing"), moves.NotAllowed unless it is done or closed.
    """
    _needs(reason)
    if moves.move(session, order, "reopened", by, reason) is None:
        return False
    order.reopened += 1
    order.responded_at = order.resolved_at = None
    order.wished_worker_id = order.wished_start = None
    particulars.start_redo_clocks(session, order, clock.now())
    windows.give(session, order)
    later(session, "visits.dispatch", order.id)
    return True


def _needs(reason: str) -> None:
    if not reason.strip():
        raise BadInput("reason.missing")
