"""While the caller is on the phone: who could come, when, at which price; and the same for a dispatcher's visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.catalogue import items
from app.core.errors import NotFound
from app.orders import windows
from app.orders.models import ServiceOrder
from app.people.models import Resident
from app.visits import dispatching, gathering, rows
from app.visits.matching.answer import Answer
from app.visits.models import Visit
from app.visits.rules import VISIT


@dataclass(frozen=True)
class Choice:
    """One proposal. starts_at: UTC. price and parts: seconds, by rules.COST_PARTS. metres: estimated way.

    worker_id: of two who would come together the first; worker_ids: all.
    """

    worker_id: int
    worker_ids: tuple[int, ...]
    starts_at: datetime
    price: int
    parts: Mapping[str, int]
    travel_seconds: int
    metres: int


def propose(
    session: Session,
    *,
    item_id: int,
    subject_id: int,
    window: tuple[datetime, datetime] | None = None,
    place: tuple[float, float] | None = None,
    n: int = 3,
) -> tuple[Choice, ...]:
    """The best ``n`` times and workers for an order that is being taken; nothing is held yet.

    window: (start, end), aware; by default what would be promised. place: [lat, lon], by default the resident's.
    Raises NotFound("resident.unknown" or "item.unknown").
    """
    item, subject = items.get(session, item_id), session.get(Resident, subject_id)
    if subject is None:
        raise NotFound("resident.unknown", id=subject_id)
    where = place or (subject.place[0], subject.place[1])
    when = window or windows.default(session, item)
    need = gathering.of_item(item, where, when, subject.community_id)
    return _choices(dispatching.PLANNER.propose(gathering.for_need(session, need, subject.id), n))


def for_visit(session: Session, visit: Visit) -> Answer:
    """How everybody would fit a visit, with all reasons, as if nobody had it yet; nothing is locked or changed."""
    order = session.get_one(ServiceOrder, visit.order_id)
    current = rows.current_visits(session, order.id, lock=False)
    others = [one for one in current if one.id != visit.id and one.state in VISIT.live]
    problem = gathering.for_visits(session, order, [visit], others)
    return dispatching.PLANNER.propose(gathering.without(problem, visit.id, visit.worker_id))


def _choices(answer: Answer) -> tuple[Choice, ...]:
    found = []
    for proposal in answer.proposals:
        first = proposal.insertions[0]
        starts_at = datetime.fromtimestamp(proposal.start, UTC)
        more = first.parts, first.travel_seconds, first.metres
        found.append(Choice(first.worker_id, proposal.worker_ids, starts_at, proposal.price, *more))
    return tuple(found)
