"""When a message may go out: quiet hours of residents and workers, noon, and news that would be stale by then."""

from datetime import timedelta

import pytest

from app.core import clock, db, queue, site
from app.messages import outbox
from tests.messages.conftest import ROSA_AT_HOME, claimed, evening, recorded, row, state, write, written

pytestmark = pytest.mark.usefixtures("live")


# -- quiet hours ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours", "changes", "waits"),
    [
        (0, {}, 0),
        (12, {}, 10.5),
        (12, {"urgent": True}, 0),
        (3, {"number": ROSA_AT_HOME}, 2),
        (3, {}, 0),
        (12, {"template": "help_resident", "params": {}}, 0),
        (12.5, {"template": "offer_expired", "params": {"code": "27"}}, 0),
        (13, {"template": "offer_expired", "params": {"code": "27"}}, 8.5),
    ],
)
def test_nobody_is_disturbed_in_quiet_hours(hours: float, changes: dict[str, object], waits: float) -> None:
    evening(hours)
    message = row(written(**changes))
    assert message.due_at == clock.now() + timedelta(hours=waits)
    assert (claimed(message.id) is None) == (waits > 0)


def test_a_message_that_slid_into_quiet_hours_waits_for_their_end() -> None:
    evening(11.9)
    message_id = written()
    clock.wind(timedelta(minutes=30))
    assert claimed(message_id) is None
    assert row(message_id).due_at == clock.now() + timedelta(hours=10, minutes=6)
    clock.wind(timedelta(hours=10.2))
    assert claimed(message_id) is not None


def test_the_site_may_set_its_own_quiet_hours() -> None:
    with db.unit_of_work() as session:
        site.put(session, "quiet_hours", {"resident": {"text": [["08:00", "10:00"]], "voice": []}, "worker": {}})
    assert row(written()).due_at == clock.now() + timedelta(hours=1)


VISIT = {"template": "visit_announced", "number": ROSA_AT_HOME}


def announced(hours: float, **changes: object) -> int:
    """The announcement of a visit in so many hours."""
    when = clock.now() + timedelta(hours=hours)
    return written(**(VISIT | {"params": {"worker": "阿米尔", "when": when, "code": "8245"}} | changes))


def test_an_announcement_is_no_news_after_the_visit_began() -> None:
    message = row(announced(1))
    assert message.good_until == clock.now() + timedelta(hours=1)


def test_what_noon_would_hold_back_until_it_is_too_late_is_told_by_a_person() -> None:
    clock.wind(timedelta(hours=3, minutes=30))
    message_id = announced(1)
    assert (state(message_id), row(announced(2, key="2")).state) == ("withdrawn", "queued")
    with db.unit_of_work() as session:
        written_late = write(
            session, key="3", **(VISIT | {"params": {"worker": "x", "when": clock.now(), "code": "1"}})
        )
        assert written_late is not None and queue.waiting(session) == []


def test_a_person_is_told_at_once_and_not_when_noon_is_over() -> None:
    clock.wind(timedelta(hours=3, minutes=30))
    when = clock.now() + timedelta(hours=1)
    with db.unit_of_work() as session:
        message = write(session, **(VISIT | {"params": {"worker": "阿米尔", "when": when, "code": "8245"}}))
        assert message is not None
        assert queue.waiting(session) == [("hotline.tell_person", (message.id,))]


def test_a_worker_hears_at_night_what_the_morning_would_be_too_late_for() -> None:
    clock.wind(timedelta(hours=13.5))
    params = {"service": "理发", "when": clock.now() + timedelta(hours=7), "community": "春晓"}
    message = row(written(template="visit_cancelled", recipient="worker:1", params=params))
    assert message.due_at == clock.now()
    assert claimed(message.id) is not None


def test_urgent_news_are_rung_once_at_night_and_again_in_the_morning() -> None:
    clock.wind(timedelta(hours=12, minutes=10))
    message_id = written(template="visit_called_off", number=ROSA_AT_HOME, urgent=True, params={"when": clock.now()})
    assert claimed(message_id) is not None
    recorded(lambda session, row_id: outbox.not_reached(session, row_id, "no-answer"), message_id)
    clock.wind(timedelta(minutes=31))
    assert claimed(message_id) is None
    clock.wind(timedelta(hours=9, minutes=50))
    assert claimed(message_id) is not None


def test_a_near_visit_is_announced_at_noon_once_and_then_a_person_tells() -> None:
    clock.wind(timedelta(hours=3, minutes=10))
    message_id = announced(1, urgent=True)
    assert claimed(message_id) is not None
    bells = recorded(lambda session, row_id: outbox.not_reached(session, row_id, "no-answer"), message_id)
    assert (bells, state(message_id)) == ([("hotline.tell_person", (message_id,))], "withdrawn")


def test_a_near_visit_announced_before_noon_is_not_rung_again_before_two() -> None:
    clock.wind(timedelta(hours=2, minutes=55))
    message_id = announced(4, urgent=True)
    assert claimed(message_id) is not None
    recorded(lambda session, row_id: outbox.not_reached(session, row_id, "no-answer"), message_id)
    clock.wind(timedelta(minutes=31))
    assert claimed(message_id) is None
    clock.wind(timedelta(hours=1, minutes=34))
    assert claimed(message_id) is not None


def test_a_near_visit_in_the_morning_is_rung_again_after_half_an_hour() -> None:
    message_id = announced(1, urgent=True)
    assert claimed(message_id) is not None
    recorded(lambda session, row_id: outbox.not_reached(session, row_id, "no-answer"), message_id)
    clock.wind(timedelta(minutes=31))
    assert claimed(message_id) is not None


def test_a_try_that_would_come_too_late_is_left_to_a_person() -> None:
    message_id = announced(0.4)
    assert claimed(message_id) is not None
    bells = recorded(lambda session, row_id: outbox.not_reached(session, row_id, "no-answer"), message_id)
    assert (bells, state(message_id)) == ([("hotline.tell_person", (message_id,))], "withdrawn")
