"""Going live: fresh messages are released, old ones never flood the district."""

from datetime import timedelta

from app.core import clock, db, site
from app.messages import live
from tests.databases import Database
from tests.fake_carrier import FakeCarrier
from tests.messages.conftest import state, written
from workers import messages as jobs


def test_only_what_is_still_news_goes_out(database: Database, fake: FakeCarrier) -> None:
    old = written()
    jobs.send(old)
    clock.wind(timedelta(hours=26))
    fresh = written(key="2")
    jobs.send(fresh)
    assert (state(old), state(fresh), fake.texts) == ("withheld", "withheld", [])
    with db.unit_of_work() as session:
        site.put(session, "live", True)
        assert live.release(session) == (1, 1)
    jobs.send(old)
    jobs.send(fresh)
    assert (state(old), state(fresh), len(fake.texts)) == ("withdrawn", "sent", 1)


def test_before_that_nothing_is_released_but_for_listed_numbers(database: Database, fake: FakeCarrier) -> None:
    message_id = written()
    jobs.send(message_id)
    with db.unit_of_work() as session:
        assert live.release(session) == (0, 0)
        site.put(session, "allow_list", ["+8613800138000"])
        assert live.release(session) == (1, 0)
    jobs.send(message_id)
    assert state(message_id) == "sent"
