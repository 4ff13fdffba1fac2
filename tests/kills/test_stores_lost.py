"""The queue forgets everything, the database goes and comes, processes die: the story ends the same."""

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.core import clock
from app.hotline.models import Call
from app.orders.models import ServiceOrder
from app.stores import Stores, running
from app.visits.models import DayPlan
from tests import databases
from tests.conftest import FOLDER
from tests.journeys import standing, steps, story
from tests.journeys.standing import Standing
from tests.journeys.town import HOTLINE, Town


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """Servers of this module's own, which its tests may stop, kill and start; what is committed is on the disk."""
    FOLDER.joinpath("own").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=FOLDER / "own"))
    folder.chmod(0o711)
    with running(folder, environ={}) as servers:
        databases.migrate(servers.owner_database_url)
        yield servers


@pytest.fixture(scope="module")
def standing_town(own: Stores) -> Iterator[Standing]:
    kept = {"SWITCH_STATE": str(FOLDER / "fragile-switch.sqlite")}
    with standing.up(own, FOLDER / "fragile", more=kept) as town:
        town.town.counts_started = False  # what the queue has forgotten never ends
        yield town


@pytest.fixture
def town(standing_town: Standing) -> Iterator[Town]:
    with standing_town.story() as town:
        yield town


def content(town: Town, ended: dict[str, object]) -> None:
    """The story ended well, and nobody got anything twice."""
    assert ended["orders"] == ["closed"]
    assert ended["visits"] == [("done", "code")]
    assert ended["follow-ups"] == [("answered", "very_satisfied")]
    assert ended["call-backs"] == []
    assert ended["rings"] == 2
    town.nothing_else_was_sent()


def test_a_queue_that_forgets_everything_after_each_step_loses_nothing(town: Town) -> None:
    content(town, story.tell(town, between=lambda town: town.redis.flushdb()))


def test_a_queue_that_dies_and_comes_back_loses_nothing(town: Town, own: Stores) -> None:
    times = iter(range(100))

    def restart(town: Town) -> None:
        if next(times) in (0, 3):
            assert own.queue is not None
            own.queue.kill()
            time.sleep(0.3)  # an outage is seen, not only a broken connection
            own.queue.start()

    content(town, story.tell(town, between=restart))


def test_a_minute_without_the_queue_costs_a_caller_nothing_but_the_wait(town: Town, own: Stores) -> None:
    assert own.queue is not None
    own.queue.kill()
    try:
        steps.orders_usual(town.rosa)
        town.eve.dial(HOTLINE)
        town.eve.hears("正在为您接通")
        for _ in range(12):
            clock.wind(timedelta(seconds=5))
            time.sleep(0.3)
        town.eve.hears("已经记下")
        town.eve.is_hung_up()
        assert town.amir.received() == []
    finally:
        own.queue.start()
    steps.is_asked(town.amir)
    town.until(lambda: [row.reason for row in town.call_backs()] == ["missed_call"], "Eve on the worklist")
    town.nothing_else_was_sent()


def test_a_database_that_is_restarted_after_each_step_loses_nothing(town: Town, own: Stores) -> None:
    def restart(town: Town) -> None:
        assert own.database is not None
        own.database.stop()
        own.database.start()

    content(town, story.tell(town, between=restart))


def test_a_database_that_dies_is_mended_by_its_own_log(town: Town, own: Stores) -> None:
    times = iter(range(100))

    def crash(town: Town) -> None:
        if next(times) in (1, 4, 7):
            assert own.database is not None
            own.database.kill()
            own.database.start()

    content(town, story.tell(town, between=crash))


def test_without_the_database_a_caller_hears_an_apology_and_reaches_the_duty_phone(town: Town, own: Stores) -> None:
    assert own.database is not None
    own.database.stop()
    try:
        town.rosa.dial(HOTLINE)
        town.rosa.hears("系统出了故障")
        town.duty.rings().answer()
        town.duty.wait_for("bridged")
        town.rosa.speak("请问有人吗")
        town.duty.hears("请问有人吗")
        town.duty.hang_up()
        town.rosa.wait_for("ended")
    finally:
        own.database.start()
    town.until(lambda: steps.orders_usual(town.rosa), "an order after the outage")
    steps.is_asked(town.amir)


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_web_process_killed_after_each_step_is_replaced(town: Town) -> None:
    def kill(town: Town) -> None:
        master = town.processes.running["web"].pid
        for pid in children(master):
            os.kill(pid, signal.SIGKILL)
        town.processes.await_page("web", f"{town.web}/ready")

    content(town, story.tell(town, between=kill))


def test_the_clock_killed_and_started_again_rings_what_was_due(town: Town) -> None:
    def kill(town: Town) -> None:
        os.kill(town.processes.running.pop("clock").pid, signal.SIGKILL)
        town.processes.start("clock", "app.cli", "clock")

    content(town, story.tell(town, between=kill))


def kill_switch(town: Town) -> None:
    """The switch dies and is started again, with what its file kept."""
    killed = town.processes.running.pop("switch")
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    town.processes.start("switch", "app.cli", "switch", "serve")
    town.processes.await_page("switch", f"{town.switch}/health")


def test_a_switch_killed_after_each_step_sends_nothing_twice_and_forgets_nothing(town: Town) -> None:
    ended = story.tell(town, between=kill_switch)
    assert (ended["orders"], ended["visits"]) == (["closed"], [("done", "code")])
    assert ended["follow-ups"] == [("answered", "very_satisfied")] and ended["call-backs"] == []
    assert ended["texts"] == {"Amir": 6, "Lena": 0, "Rosa": 0, "Rosa's daughter": 2}
    # A call that died with the switch before it rang was placed again; nobody was talked to twice.
    assert [call.status for call in town.all(Call) if call.direction == "outbound"].count("completed") == 2


def test_a_call_that_dies_with_the_switch_is_rung_back(town: Town) -> None:
    town.shan.dial(HOTLINE)
    town.shan.presses("1", after="正在为您接通")
    town.shan.hears("您常用的是")
    kill_switch(town)
    town.until(lambda: [row.reason for row in town.call_backs()] == ["missed_call"], "Mr Shan on the worklist")
    assert town.last(Call).finished and not town.all(ServiceOrder)


def test_all_workers_killed_after_each_step_are_replaced(town: Town) -> None:
    content(town, story.tell(town, between=kill_workers))


def kill_workers(town: Town) -> None:
    for pid in children(town.processes.running["worker"].pid):
        os.kill(pid, signal.SIGKILL)


def test_workers_killed_in_the_midst_of_a_plan_are_replaced_and_it_is_made_again(town: Town) -> None:
    steps.rosa_is_expecting_amir(town)
    town.set("dispatch_plan", {"seconds": 60})
    steps.amir_is_ill(town, is_seen=False)
    town.becomes("searching", DayPlan)
    kill_workers(town)
    assert town.visit.worker_id == town.worker("阿米尔").id
    town.set("dispatch_plan", {"seconds": 0.2})
    town.wind(minutes=11)
    steps.lena_comes_instead(town)
    assert [plan.state for plan in town.all(DayPlan)] == ["lost", "applied"]


def test_two_clocks_at_once_do_no_harm(town: Town) -> None:
    town.processes.start("second clock", "app.cli", "clock")
    try:
        content(town, story.tell(town))
    finally:
        town.processes.stop("second clock")
