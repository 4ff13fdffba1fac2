"""What a social worker writes: his yes or no to an offer, and how his visit goes on."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.hotline.models import InboundText
from app.messages.replies import Reply
from app.visits import offers, proving, visiting
from app.visits.models import Offer, Visit
from app.workforce.models import Worker

PROOFS = {"proved": "visit_reported", "wrong": "code_wrong", "locked": "code_locked"}


@dataclass(frozen=True)
class Answer:
    """What to write back. template: None if the visit's own services have written. order_id: what it was about.

    for_person: nobody but a person can help; his words go on the worklist.
    """

    template: str | None
    params: dict[str, Any]
    order_id: int | None = None
    for_person: bool = False


def _say(template: str | None, about: Offer | Visit | None = None, **params: Any) -> Answer:
    return Answer(template, params, about.order_id if about is not None else None)


def carry_out(session: Session, worker: Worker, reply: Reply) -> Answer:
    """Do what ``reply`` says and return what to write back."""
    match reply.kind:
        case "accept" | "decline":
            return _to_offer(session, worker, reply)
        case "help":
            return _say("help_worker")
        case "unknown":
            return Answer("help_worker", {}, for_person=True)
    visit = visiting.current(session, worker.id)
    if visit is None:
        return _say("no_visit")
    return _to_visit(session, visit, worker, reply)


def _to_offer(session: Session, worker: Worker, reply: Reply) -> Answer:
    offer = offers.by_code(session, worker.id, reply.code)
    if offer is None:
        return _say("which_offer" if offers.live_of(session, worker.id) else "no_visit")
    if reply.kind == "accept":
        visit = offers.accept(session, offer, "sms")
        return _say(None, offer) if visit else _say("offer_taken", offer, code=offer.code)
    if offers.decline(session, offer, "sms"):
        return _say("offer_declined", offer, code=offer.code)
    if offer.state == "accepted":
        # He had promised to come: giving a visit back is a person's decision.
        return Answer("help_worker", {}, offer.order_id, for_person=True)
    return _say("offer_taken", offer, code=offer.code)


def _to_visit(session: Session, visit: Visit, worker: Worker, reply: Reply) -> Answer:
    by = f"worker:{worker.id}"
    if reply.code and reply.kind in ("code", "arrived"):
        if _is_offer_code(session, visit, worker, reply):
            return _say("which_offer", visit)
        return _say(PROOFS[proving.prove(session, visit, reply.code, by)], visit)
    match reply.kind:
        case "departed":
            return _done(visit, visiting.depart(session, visit, by))
        case "arrived":
            return _done(visit, visiting.arrive(session, visit, by))
        case "done":
            if visiting.finish(session, visit, by):
                return _say("visit_reported", visit)
            if not _has_insisted(session, visit, worker):
                return _say("code_wanted", visit)
            return Answer("visit_reported", {}, visit.order_id, for_person=True)
        case "give_back":
            return _done(visit, visiting.give_back(session, visit, by))
        case "failed":
            visiting.arrive(session, visit, by)
            return _done(visit, visiting.fail(session, visit, reply.reason or "other", by))
    return _say("help_worker", visit)


def _is_offer_code(session: Session, visit: Visit, worker: Worker, reply: Reply) -> bool:
    """Two bare digits that name a waiting offer, from somebody who is not at a door, are half an answer."""
    if reply.kind != "code" or visit.state in ("arrived", "in_progress"):
        return False
    return any(offer.code == reply.code for offer in offers.live_of(session, worker.id))


def _has_insisted(session: Session, visit: Visit, worker: Worker) -> bool:
    """Whether he has said before that it is done: the code is asked for once; then a member of staff decides.

    Forgetting the code never cancels a visit.
    """
    said = select(InboundText.id).where(
        InboundText.number_hash == worker.number_hash,
        InboundText.order_id == visit.order_id,
        InboundText.meaning == "done",
    )
    return session.scalar(said.limit(1)) is not None


def _done(visit: Visit, did: bool) -> Answer:
    return _say("visit_reported" if did else "help_worker", visit)
