"""What would follow from absences is seen before anybody is told, and is what happens when a dispatcher says so."""

from datetime import datetime

import pytest
from sqlalchemy import select

from app.core import clock, queue, site
from app.core.errors import BadInput, NotFound
from app.messages.models import Message
from app.visits import absence_proposals, planning
from app.visits.absences import Absence
from app.visits.models import AbsenceProposal, DayPlan, Visit
from app.workforce.models import Shift
from tests.people import cast
from tests.visits.plans import accepted, run_plan, said, wanted
from tests.visits.town import World, local, wind
from workers import sweep
from workers import visits as jobs


@pytest.fixture(autouse=True)
def _quick(world):
    """A search of a tenth of a second is enough for days of this size."""
    site.put(world.session, "dispatch_plan", {"seconds": 0.1})


def ill(worker, until: datetime | None = None, since: datetime | None = None) -> Absence:
    return Absence(worker.id, since or clock.now(), until or local("18:00"), "staff:1", "fever")


def weighed(world: World, *absences: Absence) -> AbsenceProposal:
    """The open proposal after its consequences were worked out, as a worker process does it."""
    for absence in absences:
        absence_proposals.add(world.session, absence)
    proposal = absence_proposals.current(world.session)
    world.session.commit()
    jobs.weigh(proposal.id)
    world.session.expire_all()
    return proposal


def leaves(world: World) -> int:
    return len(world.session.scalars(select(Shift).where(Shift.kind == "leave")).all())


def sent_to(world: World, since: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for recipient in world.session.scalars(select(Message.recipient).order_by(Message.id).offset(since)):
        kind = recipient.partition(":")[0]
        found[kind] = found.get(kind, 0) + 1
    return found


def test_what_would_follow_is_shown_and_nothing_has_happened(world):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    before, code = said(world), visit.code
    proposal = weighed(world, ill(amir))
    assert proposal.state == "shown" and proposal.unserved == []
    assert [(one["visit_id"], one["worker_id"], one["why"]) for one in proposal.changes] == [
        (visit.id, lena.id, "absent")
    ]
    assert proposal.messages == {"worker": 2}
    assert (said(world), leaves(world), visit.worker_id, visit.code) == (before, 0, amir.id, code)
    assert not planning.is_pending(world.session)


def test_what_was_shown_is_what_happens_after_the_confirmation(world):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    proposal = weighed(world, ill(amir))
    before = len(said(world))
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    plan = run_plan(world)
    assert (plan.state, plan.proposal_id, plan.changes) == ("applied", proposal.id, proposal.changes)
    assert (plan.problem, plan.laps) == (proposal.problem, proposal.laps)
    assert (visit.state, visit.worker_id, leaves(world)) == ("offered", lena.id, 1)
    assert sent_to(world, before) == proposal.messages
    assert absence_proposals.current(world.session) is None


def test_several_absences_are_looked_at_together_and_who_is_left_is_ranked_by_how_pressing_it_is(world):
    amir, lena = world.amir(), world.lena()
    quiet = accepted(world, window=(local("14:00"), local("14:10")))
    frail = cast.rosa(world.session, world.town, number="+862155510077", flags=["living_alone", "care_level_3"])
    pressing = accepted(world, window=(local("15:00"), local("15:10")), subject=frail)
    proposal = weighed(world, ill(amir), ill(lena))
    assert proposal.unserved == [pressing.id, quiet.id]
    assert [one["worker_id"] for one in proposal.changes] == [None, None]
    assert len(absence_proposals.absences_of(proposal)) == 2
    [taken_out] = [n for n, one in enumerate(absence_proposals.absences_of(proposal)) if one.worker_id == lena.id]
    absence_proposals.remove(world.session, proposal.version, taken_out, "staff:1")
    assert (proposal.state, proposal.changes) == ("drafted", [])
    assert weighed(world).unserved == []


def test_who_had_nobody_before_is_not_among_them(world):
    amir = world.amir()
    nobody = world.dispatched(window=(local("22:00"), local("22:10")))
    assert nobody.worker_id is None
    lost = accepted(world)
    assert weighed(world, ill(amir)).unserved == [lost.id]


def test_an_absence_that_was_added_during_the_search_is_not_forgotten(world):
    amir, lena = world.amir(), world.lena()
    accepted(world)
    absence_proposals.add(world.session, ill(amir))
    proposal = absence_proposals.current(world.session)
    task, version = absence_proposals.begin(world.session, proposal.id)
    absence_proposals.add(world.session, ill(lena))
    found = jobs._search(task)
    assert not absence_proposals.show(world.session, proposal.id, version, found, jobs._answers(found))
    assert proposal.state == "drafted"
    assert len(weighed(world).unserved) == 1


def test_what_was_overtaken_is_worked_out_again(world):
    amir, _lena = world.amir(), world.lena()
    visit = accepted(world)
    absence_proposals.add(world.session, ill(amir))
    proposal = absence_proposals.current(world.session)
    task, version = absence_proposals.begin(world.session, proposal.id)
    found = jobs._search(task)
    world.order_of(visit).state = "cancelled"
    assert not absence_proposals.show(world.session, proposal.id, version, found, jobs._answers(found))
    assert (proposal.state, leaves(world)) == ("drafted", 0)
    assert world.asked_for("visits.weigh")[-1] == (proposal.id,)
    assert weighed(world).changes == []


def test_who_does_not_wait_has_them_noted_and_planned(world):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    absence_proposals.add(world.session, ill(amir))
    proposal = absence_proposals.current(world.session)
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    plan = run_plan(world)
    assert (plan.proposal_id, plan.state, visit.worker_id) == (None, "applied", lena.id)
    jobs.weigh(proposal.id)
    assert proposal.state == "noted"


@pytest.mark.parametrize("meanwhile", ["a quarter of an hour", "another reason"])
def test_what_is_old_or_overtaken_when_it_is_carried_out_is_planned_anew(world, meanwhile):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    proposal = weighed(world, ill(amir))
    if meanwhile == "another reason":
        planning.want(world.session, "asked")
        wind(minutes=1)
    else:
        wind(minutes=16)
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    plan = run_plan(world)
    assert plan.problem != proposal.problem
    assert (plan.state, visit.worker_id) == ("applied", lena.id)


def test_a_confirmed_plan_that_can_not_be_carried_out_is_made_again(world):
    amir, lena = world.amir(), world.lena()
    visit = accepted(world)
    proposal = weighed(world, ill(amir))
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    world.order_of(visit).state = "cancelled"
    plan = run_plan(world)
    assert plan.state == "outdated" and wanted(world).proposal_id is None
    assert lena.id != visit.worker_id


def test_what_somebody_else_has_changed_is_not_confirmed_unseen(world):
    amir, lena = world.amir(), world.lena()
    seen = weighed(world, ill(amir)).version
    absence_proposals.add(world.session, ill(lena))
    for attempt in (
        lambda: absence_proposals.confirm(world.session, seen, "staff:1"),
        lambda: absence_proposals.remove(world.session, seen, 0, "staff:1"),
    ):
        with pytest.raises(NotFound) as wrong:
            attempt()
        assert wrong.value.code == "proposal.changed"
    assert leaves(world) == 0


def test_it_can_be_dropped_or_is_forgotten(world):
    amir = world.amir()
    weighed(world, ill(amir, local("18:00", 1)))
    assert absence_proposals.drop(world.session, "staff:1") and not absence_proposals.drop(world.session, "staff:1")
    only = weighed(world, ill(amir, local("18:00", 1)))
    absence_proposals.remove(world.session, only.version, 0, "staff:1")
    assert only.state == "dropped"
    left = weighed(world, ill(amir, local("18:00", 1)))
    world.session.commit()
    wind(hours=13)
    sweep.day_plans()
    world.session.expire_all()
    assert (left.state, leaves(world)) == ("dropped", 0)


def test_what_is_shown_is_kept_fresh_and_the_old_one_is_not_confirmed_unseen(world):
    proposal = weighed(world, ill(world.amir()))
    seen = proposal.version
    world.session.commit()
    wind(minutes=11)
    sweep.day_plans()
    world.session.expire_all()
    assert (proposal.state, proposal.weighed_at) == ("drafted", None)
    with pytest.raises(NotFound):
        absence_proposals.confirm(world.session, seen, "staff:1")
    world.session.commit()
    jobs.weigh(proposal.id)
    world.session.expire_all()
    assert (proposal.state, proposal.weighed_at) == ("shown", clock.now())


def test_what_is_over_by_the_confirmation_is_left_out(world):
    amir, lena = world.amir(), world.lena()
    proposal = weighed(world, ill(amir, local("09:30")), ill(lena))
    wind(minutes=40)
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    assert leaves(world) == 1


def test_a_search_that_breaks_down_keeps_nobody_from_noting_it(world, monkeypatch):
    amir = world.amir()
    absence_proposals.add(world.session, ill(amir))
    proposal = absence_proposals.current(world.session)
    world.session.commit()
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(jobs, "search", lambda *_: (_ for _ in ()).throw(RuntimeError("broken")))
        jobs.weigh(proposal.id)
    world.session.expire_all()
    assert proposal.state == "failed"
    absence_proposals.confirm(world.session, proposal.version, "staff:1")
    assert leaves(world) == 1


def test_one_works_it_out_at_a_time_and_who_dies_over_it_is_followed_by_another(world):
    amir = world.amir()
    world.lena()
    accepted(world)
    absence_proposals.add(world.session, ill(amir))
    proposal = absence_proposals.current(world.session)
    task, version = absence_proposals.begin(world.session, proposal.id)
    assert absence_proposals.begin(world.session, proposal.id) is None
    wind(minutes=1)
    absence_proposals.look_after(world.session)
    assert proposal.state == "weighing" and absence_proposals.waiting(world.session, clock.now()) == []
    wind(minutes=2)
    absence_proposals.look_after(world.session)
    assert proposal.state == "drafted" and absence_proposals.waiting(world.session, clock.now()) == [proposal.id]
    found = jobs._search(task)
    assert not absence_proposals.show(world.session, proposal.id, version, found, jobs._answers(found)), "too late"
    assert weighed(world).state == "shown"


def test_a_drafted_one_whose_bell_was_lost_is_rung_again(world, redis):
    absence_proposals.add(world.session, ill(world.amir()))
    world.session.commit()
    redis.flushdb()
    wind(seconds=10)
    sweep.day_plans()
    proposal = absence_proposals.current(world.session)
    assert [(job.func_name, job.args) for job in queue.pending()] == [("workers.visits.weigh", [proposal.id])]


def test_what_is_wrong_with_an_absence_is_said_at_once(world):
    with pytest.raises(BadInput):
        absence_proposals.add(world.session, ill(world.amir(), local("08:00")))
    assert absence_proposals.current(world.session) is None
    assert not world.session.scalars(select(DayPlan)).all() and not world.session.scalars(select(Visit)).all()
