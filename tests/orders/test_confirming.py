"""A written confirmation goes to lines that take texts, and only where nobody has heard the number already."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.messages.models import Message
from app.orders import changes
from app.visits import order_changes
from tests.people import cast


def written(session: Session, template: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.template == template)))


def test_an_agents_order_is_confirmed_by_text_with_its_number(session: Session) -> None:
    place = cast.town(session)
    shan = cast.mr_shan(session, place)
    order = cast.order(session, place, shan)
    (message,) = written(session, "order_confirmed")
    assert (message.number, message.kind, message.params) == (cast.SHAN, "text", {"number": order.number})
    assert message.recipient == f"resident:{shan.id}"


def test_a_landline_has_heard_its_number_and_is_not_rung_for_it(session: Session) -> None:
    place = cast.town(session)
    cast.order(session, place, cast.rosa(session, place))
    assert written(session, "order_confirmed") == []


@pytest.mark.parametrize(("channel", "texts"), [("phone_menu", 0), ("phone_agent", 1), ("web", 1)])
def test_who_heard_the_number_from_the_machine_gets_no_text(session: Session, channel: str, texts: int) -> None:
    place = cast.town(session)
    cast.order(session, place, cast.mr_shan(session, place), channel=channel)
    assert len(written(session, "order_confirmed")) == texts


def test_who_wants_people_only_gets_no_text(session: Session) -> None:
    place = cast.town(session)
    shan = cast.mr_shan(session, place)
    shan.flags = ["people_only"]
    cast.order(session, place, shan)
    assert written(session, "order_confirmed") == []


def test_calling_off_before_anybody_was_announced_is_confirmed_once(session: Session) -> None:
    place = cast.town(session)
    order = cast.order(session, place, cast.mr_shan(session, place))
    changes.cancel(session, order, "staff:1", "not needed")
    order_changes.cancelled(session, order.id)
    order_changes.cancelled(session, order.id)
    assert len(written(session, "order_cancelled")) == 1
