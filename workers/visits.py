"""Jobs of visits: look for a worker, act on what has run out or changed."""

from app.core import db
from app.visits import alarms, dispatching, offers, order_changes


def dispatch(order_id: int) -> None:
    """Find and ask the right worker for an order that has none."""
    with db.unit_of_work() as session:
        dispatching.dispatch(session, order_id)


def expire_offer(offer_id: int) -> None:
    """Give up an offer that was not answered in time."""
    with db.unit_of_work() as session:
        offers.expire(session, offer_id)


def alarm(visit_id: int) -> None:
    """Look after a visit that is late or missed."""
    with db.unit_of_work() as session:
        alarms.check(session, visit_id)


def order_cancelled(order_id: int) -> None:
    """Call off the visits of an order that was cancelled, and tell the worker."""
    with db.unit_of_work() as session:
        order_changes.cancelled(session, order_id)


def order_changed(order_id: int) -> None:
    """Look again at the visits of an order whose time, place or service was changed."""
    with db.unit_of_work() as session:
        order_changes.changed(session, order_id)
