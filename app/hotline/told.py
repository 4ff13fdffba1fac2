"""Effects of calls that we place: somebody has heard it, was not reached, or answered the follow-up."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.hotline import carried, kept, outbound, tasks
from app.hotline.models import Call
from app.quality import follow_ups, rules
from ivr_flows.inputs import Outcome
from ivr_flows.state import State

Args = Mapping[str, str]

YES_NO = {"yes": True, "no": False}


def mark_told(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """He has heard it and pressed a key: the message is delivered."""
    carried.heard(session, call)
    return Outcome("noted")


def mark_not_reached(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """Silence, a voicemail or a hang-up: again later, then a relative or a person."""
    outbound.not_heard(session, call, "not_reached")
    return Outcome("noted")


def record_answers(session: Session, call: Call, args: Args, state: State) -> Outcome:
    """The three answers of the follow-up, with the spoken reason; bad ones bring a person."""
    carried.heard(session, call)
    follow_up = outbound.follow_up_of(session, call)
    if follow_up is None or follow_up.state == "answered":
        return Outcome("closed")
    contacted, solved = YES_NO.get(args["contacted"]), YES_NO.get(args["solved"])
    grade = args["grade"] if args["grade"] in rules.GRADES else None
    spoken = kept.recordings(session, call, state)
    said = kept.words(state) or None
    by = f"resident:{call.resident_id}" if call.resident_id else f"caller:{call.id}"
    follow_ups.record(session, follow_up, contacted, solved, grade, said, by)
    reopened = rules.must_reopen(contacted, solved, grade)
    if reopened or spoken:
        tasks.open_task(session, "bad_grade" if reopened else "voicemail", follow_up.order_id, call=call, said=said)
    return Outcome("reopened" if reopened else "closed")
