"""From the commit of an order to its offer's SMS handed to the carrier, through real processes and the switch.

doorline bench order-to-sms --rates 5,20 --seconds 20
"""

import itertools
import time
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core import clock, db, site
from app.messages.models import Message
from app.orders import intake
from app.people.models import Resident
from benchmarks import ground

SETTLE_SECONDS = 20

AHEAD, SPAN = timedelta(hours=2), timedelta(days=3)
"""A wide wish, so that sixty workers have room for all orders and every one of them is offered."""


def measure(rate: int, seconds: int) -> list[float]:
    """Milliseconds from commit to carrier for ``rate`` orders a second kept up for ``seconds``, sorted."""
    with ground.prepared(residents=rate * seconds + 50) as prepared:
        log = prepared.folder / "log"
        with (
            ground.process("app.cli", "switch", "serve", "--speech", "instant", log=log),
            ground.process("app.cli", "worker", log=log),
            ground.process("app.cli", "clock", log=log),
        ):
            ground.wait_for("http://127.0.0.1:18090/health")
            with db.unit_of_work() as session:
                site.put(session, "live", True)
                people = session.execute(
                    select(Resident.id, Resident.usual_item_id).where(Resident.usual_item_id.is_not(None))
                ).all()
            _order(people[0])
            time.sleep(3)
            committed = _orders(people[1:], rate, seconds)
            return sorted(_waits(committed))


def _orders(people, rate: int, seconds: int) -> dict[int, datetime]:  # type: ignore[no-untyped-def]
    committed, began = {}, time.perf_counter()
    for n, person in enumerate(itertools.islice(itertools.cycle(people), rate * seconds)):
        time.sleep(max(0.0, began + n / rate - time.perf_counter()))
        order_id = _order(person)
        committed[order_id] = clock.now()
    return committed


def _order(person) -> int:  # type: ignore[no-untyped-def]
    with db.unit_of_work() as session:
        order = intake.open_order(
            session,
            channel="phone_menu",
            item_id=person.usual_item_id,
            subject_id=person.id,
            by="system:bench",
            window=(clock.now() + AHEAD, clock.now() + AHEAD + SPAN),
        )
        return order.id


def _waits(committed: dict[int, datetime]) -> list[float]:
    first = (
        select(Message.order_id, func.min(Message.sent_at))
        .where(Message.template == "offer", Message.sent_at.is_not(None), Message.order_id.in_(committed))
        .group_by(Message.order_id)
    )
    end = time.monotonic() + SETTLE_SECONDS
    while True:
        with db.unit_of_work() as session:
            rows = session.execute(first).all()
        if len(rows) == len(committed) or time.monotonic() > end:
            return [1000 * (sent - committed[order_id]).total_seconds() for order_id, sent in rows if order_id and sent]
        time.sleep(0.5)


def report(rate: int, waits: list[float]) -> str:
    """One line of figures."""
    if not waits:
        return f"{rate:3} orders/s: nothing was sent"
    p50, p99 = (waits[min(len(waits) - 1, int(len(waits) * part))] for part in (0.5, 0.99))
    times = f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {waits[-1]:.0f} ms"
    return f"{rate:3} orders/s: {len(waits)} offers handed over, {times}"
