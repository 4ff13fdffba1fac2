"""Rosa's call and what it left behind, for all tests of the voice webhooks."""

from sqlalchemy import func, select

from app.core import db
from app.hotline.models import Call, CallBack


def count(model: type) -> int:
    with db.unit_of_work() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def the_call() -> Call:
    with db.unit_of_work() as session:
        return session.scalars(select(Call).order_by(Call.id)).all()[-1]


def reasons() -> list[str]:
    with db.unit_of_work() as session:
        return list(session.scalars(select(CallBack.reason).order_by(CallBack.id)))
