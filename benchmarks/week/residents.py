"""The residents: they ring and order, some ring again and call it off."""

from app.core import moves
from app.orders import changes, intake
from app.orders.models import ServiceOrder
from app.orders.rules import CHANGEABLE
from benchmarks.week.calls import Call
from benchmarks.week.stage import Stage
from benchmarks.week.time import Life

AGENT = "staff:1"


def ring(stage: Stage, call: Call, item_id: int, subject_id: int) -> Life:
    """One order, from the call to what the resident does about it himself."""
    yield stage.time.until(call.at.timestamp())
    with stage.transaction() as session:
        order = intake.open_order(
            session, channel="phone_agent", item_id=item_id, subject_id=subject_id, by=AGENT, window=call.window
        )
        # Known before anything is carried out that asks for it.
        stage.calls[order.id] = call
    if call.called_off_at is not None:
        yield stage.time.until(call.called_off_at.timestamp())
        _call_off(stage, order.id)


def _call_off(stage: Stage, order_id: int) -> None:
    """He needs nobody any more, unless somebody was there already."""
    with stage.transaction() as session:
        order = session.get_one(ServiceOrder, order_id)
        if order.state in CHANGEABLE - {"under_way"}:
            try:
                changes.cancel(session, order, "caller:1", "not needed any more")
            except moves.NotAllowed:
                return
