"""Proof that worker and resident have met: the resident's digits, the household's password, or a call from his phone.

Forgetting a code never cancels a visit. Three wrong entries end the guessing and raise an alarm.
"""

from typing import Literal

from sqlalchemy.orm import Session

from app.core import moves
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits import codes, rows, visiting
from app.visits.models import Visit
from app.visits.rules import PROMISED, WRONG_CODES

Proof = Literal["proved", "wrong", "locked"]

OPEN_TO_PROOF = PROMISED | {"arrived"}


def prove(session: Session, visit: Visit, digits: str, by: str) -> Proof:
    """The last two digits, as the resident said them and the worker (``by``) enters them.

    Returns proved, wrong, or locked: three wrong ones, an alarm was raised, a person must help. The transaction must be
    committed for each of the three.
    """
    visit = rows.visit(session, visit.id)
    return _entered(session, visit, by, "code", codes.proves(visit.code, digits.strip()))


def prove_password(session: Session, visit: Visit, words: str, by: str) -> Proof:
    """The household's standing password instead of the code; returns as prove."""
    visit = rows.visit(session, visit.id)
    subject = session.get_one(Resident, session.get_one(ServiceOrder, visit.order_id).subject_id)
    return _entered(session, visit, by, "password", codes.is_password(subject.household_password, words))


def rung_from_home(session: Session, visit: Visit, by: str) -> bool:
    """The hotline is rung from the resident's own phone, and the digits that the visitor said were the right ones.

    That stands for the code when it is forgotten. Weaker than a code (caller ids are forged), so it is recorded as what
    it is. A call alone proves nothing: it may be the question who is due. Returns False if nobody is expected any more.
    """
    visit, _ = rows.with_order(session, visit)
    if visit.state == "in_progress":
        return True
    return visit.state in OPEN_TO_PROOF and visiting.begin(session, visit, by, "resident_phone")


def _entered(session: Session, visit: Visit, by: str, proof: str, right: bool) -> Proof:
    if visit.state == "in_progress":
        return "proved"
    if visit.wrong_codes >= WRONG_CODES:
        return "locked"
    if visit.state not in OPEN_TO_PROOF:
        return "wrong"
    if right:
        return "proved" if visiting.begin(session, visit, by, proof) else "wrong"
    visit.wrong_codes += 1
    moves.record(session, visit, "code_wrong", by, count=visit.wrong_codes)
    if visit.wrong_codes < WRONG_CODES:
        return "wrong"
    visiting.alarm(session, visit, "wrong_codes", by)
    return "locked"
