"""Forms half filled in: kept on the server while somebody types, so that a reload, an error or a crash loses nothing.

They stay there, encrypted, rather than in a browser that several people use.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core import clock
from app.people.models import KeptForm

KEPT = timedelta(days=7)
"""What nobody came back to in this time is forgotten."""


def keep(session: Session, staff_id: int, form: str, typed: Mapping[str, Any]) -> None:
    """Keep what ``staff_id`` has ``typed`` (JSON-able) into ``form``, in place of what was kept before."""
    now = clock.now()
    row = insert(KeptForm).values(staff_id=staff_id, form=form, typed=dict(typed), at=now)
    changed = {"typed": row.excluded.typed, "at": row.excluded.at}
    session.execute(row.on_conflict_do_update(index_elements=["staff_id", "form"], set_=changed))
    session.execute(delete(KeptForm).where(KeptForm.staff_id == staff_id, KeptForm.at < now - KEPT))


def kept(session: Session, staff_id: int, form: str) -> dict[str, Any] | None:
    """What ``staff_id`` had typed into ``form``, or None."""
    row = session.get(KeptForm, (staff_id, form))
    return dict(row.typed) if row else None


def unfinished(session: Session, staff_id: int) -> list[KeptForm]:
    """All forms that ``staff_id`` has begun, the latest first."""
    rows = select(KeptForm).where(KeptForm.staff_id == staff_id)
    return list(session.scalars(rows.order_by(KeptForm.at.desc())))


def first(session: Session, staff_id: int, form: str) -> bool:
    """Whether ``form`` is sent for the first time; of two at the same moment the later waits for the other's commit.

    What then comes of it is noted with ``keep`` and found with ``kept`` when the same form is sent again.
    """
    row = insert(KeptForm).values(staff_id=staff_id, form=form, typed={}, at=clock.now())
    made = row.on_conflict_do_nothing(index_elements=["staff_id", "form"]).returning(KeptForm.form)
    return session.scalar(made) is not None


def forget(session: Session, staff_id: int, form: str) -> None:
    """The form was sent or thrown away."""
    session.execute(delete(KeptForm).where(KeptForm.staff_id == staff_id, KeptForm.form == form))
