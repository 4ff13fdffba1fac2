"""The signed link to a worker's page: short enough for a text, good for one worker and one visit, until the visit ends.

Opening it changes nothing. It is a keyed digest over visit and worker, so that nothing needs to be stored; sixty bits
of it can't be guessed through a rate-limited page.
"""

import hmac
from base64 import urlsafe_b64encode

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, crypto, settings
from app.core.errors import BadInput
from app.visits.models import Offer, Visit
from app.visits.rules import CURRENT
from app.visits.timing import LINK_OUTLIVES
from app.workforce.models import Worker

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
MARK = 10
"""Characters of the digest: 6 bits each."""


def url(visit_id: int, worker_id: int) -> str:
    """The address of the page for this worker and visit."""
    return f"{settings.current().public_base_url}/v/{token(visit_id, worker_id)}"


def token(visit_id: int, worker_id: int) -> str:
    """What names and proves both: the visit's number and the digest."""
    return f"{_base36(visit_id)}-{_mark(visit_id, worker_id)}"


def read(session: Session, given: str) -> tuple[Visit, Worker]:
    """Whose link it is and for which visit. Raises BadInput("link.invalid") for a wrong, foreign or outlived one."""
    number, _, mark = given.partition("-")
    visit = session.get(Visit, _number(number)) if number and len(number) < 12 else None
    if visit is None or not _is_fresh(visit):
        raise BadInput("link.invalid")
    asked = set(session.scalars(select(Offer.worker_id).where(Offer.visit_id == visit.id)))
    for worker_id in sorted(asked | ({visit.worker_id} if visit.worker_id else set())):
        if hmac.compare_digest(_mark(visit.id, worker_id).encode(), mark.encode()):
            return visit, session.get_one(Worker, worker_id)
    raise BadInput("link.invalid")


def _is_fresh(visit: Visit) -> bool:
    """Until the visit is over, and a little longer, so that he who finished it sees that it was noted."""
    if visit.state in CURRENT:
        return True
    return visit.ended_at is not None and clock.now() - visit.ended_at < LINK_OUTLIVES


def _mark(visit_id: int, worker_id: int) -> str:
    digest = bytes.fromhex(crypto.keyed_hash(f"visit link {visit_id} {worker_id}"))
    return urlsafe_b64encode(digest)[:MARK].decode()


def _base36(number: int) -> str:
    text = ""
    while True:
        number, rest = divmod(number, 36)
        text = DIGITS[rest] + text
        if not number:
            return text


def _number(text: str) -> int:
    try:
        return int(text, 36)
    except ValueError as error:
        raise BadInput("link.invalid") from error
