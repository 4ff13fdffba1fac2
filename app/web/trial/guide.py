"""What to do next, as a short list that ticks itself off while the order goes its way."""

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.hotline.models import Call
from app.messages.models import Message
from app.orders.models import ServiceOrder
from app.quality.models import FollowUp
from app.visits.models import Visit

AFTER = {"accepted": 2, "en_route": 4, "arrived": 4, "in_progress": 5, "done": 6}
"""How many steps are behind when the visit is in this state; the announcement may add one."""

TEXTS = (
    _l("Resident's phone: dial the hotline, wait for the menu, press 1, then 1 again."),
    _l("Worker's handset: answer the text with its code, or open its link and tap yes."),
    _l("Resident's phone rings: pick it up, press 1, note the four digits, hang up."),
    _l("Skip to the visit. Handset: text that you are on your way and that you have arrived."),
    _l("Somebody knocks. Check him: dial the hotline, press 3, key in his two digits. Then text the last two."),
    _l("Skip once more. Handset: text that it is done."),
    _l("Skip once more. The resident's phone rings: three questions, answered with keys."),
)


@dataclass(frozen=True)
class Step:
    """One line of the list. state: done, now or later."""

    text: str
    state: str


def steps(session: Session, order: ServiceOrder | None, visit: Visit | None) -> list[Step]:
    """The list as it stands for ``order``."""
    behind = _behind(session, order, visit)
    return [
        Step(str(text), "done" if number < behind else "now" if number == behind else "later")
        for number, text in enumerate(TEXTS)
    ]


def _behind(session: Session, order: ServiceOrder | None, visit: Visit | None) -> int:
    """How many steps have happened."""
    if order is None:
        return 0
    if _first(session, FollowUp, order, FollowUp.state == "answered"):
        return len(TEXTS)
    behind = AFTER.get(visit.state, 1) if visit else 1
    return 3 if behind == 2 and _is_announced(session, order) else behind


def _is_announced(session: Session, order: ServiceOrder) -> bool:
    """The resident knows who comes, and does not listen to it any more."""
    told = _first(session, Message, order, Message.template.like("visit_announced%"), Message.state == "delivered")
    if told is None:
        return False
    return session.scalar(select(Call.id).where(Call.message_id == told.id, Call.finished.is_(False))) is None


def _first(session: Session, model: Any, order: ServiceOrder, *conditions: Any) -> Any:
    return session.scalars(select(model).where(model.order_id == order.id, *conditions).limit(1)).first()
