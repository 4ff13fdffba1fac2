"""Everything around an order in one list."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.core import clock, moves
from app.core.moves import History
from app.messages import outbox
from app.orders import changes, timeline
from tests.people import cast
from tests.people.cast import SHAN


def call_history(session: Session, call_id: int, order_id: int | None, event: str) -> None:
    row = {"thing": "call", "thing_id": call_id, "order_id": order_id, "event": event, "by": f"caller:{call_id}"}
    session.add(History(at=clock.now(), facts={}, **row))
    session.flush()


def test_the_call_comes_first_then_the_order_then_what_was_done_with_it(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    call_history(session, 7, None, "arrived")
    call_history(session, 8, None, "arrived")
    clock.wind(timedelta(seconds=30))
    order = cast.order(session, place, rosa, call_id=7)
    clock.wind(timedelta(seconds=30))
    call_history(session, 7, order.id, "ended")
    changes.cancel(session, order, "staff:3", "不需要了")
    entries = timeline.assemble(session, order)
    assert [(entry["kind"], entry["event"]) for entry in entries] == [
        ("call", "arrived"),
        ("order", "opened"),
        ("call", "ended"),
        ("order", "cancelled"),
    ]
    assert entries[-1] == {
        "kind": "order",
        "id": order.id,
        "at": clock.now(),
        "event": "cancelled",
        "by": "staff:3",
        "before": "open",
        "after": "cancelled",
        "note": "不需要了",
        "facts": {},
    }


def test_another_orders_events_are_not_mixed_in(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    first, second = cast.order(session, place, rosa, call_id=7), cast.order(session, place, rosa, call_id=7)
    call_history(session, 7, second.id, "ended")
    assert [entry["id"] for entry in timeline.assemble(session, first)] == [first.id]
    assert [entry["id"] for entry in timeline.assemble(session, second)] == [second.id, 7]


def test_a_message_tells_its_template_and_only_the_masked_number(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(session, place, cast.mr_shan(session, place), channel="phone_menu")
    message = outbox.write(
        session,
        key="test:1",
        template="satisfaction",
        recipient=f"resident:{order.subject_id}",
        number=SHAN,
        language="zh-CN",
        params={},
        order_id=order.id,
    )
    assert message is not None
    moves.move(session, message, "withdrawn", "system:messages")
    entries = [entry for entry in timeline.assemble(session, order) if entry["kind"] == "message"]
    assert [entry["event"] for entry in entries] == ["written", "withdrawn"]
    facts = entries[0]["facts"]
    assert (facts["template"], facts["message_kind"], facts["number"]) == ("satisfaction", "text", "138****0002")
    assert SHAN not in str(entries)
