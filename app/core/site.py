"""Settings of this installation that people change while it runs: gone live or not, whom it may ring before that."""

from typing import Any

from sqlalchemy import String, select
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.db import Base

CHECKED_CALL = "checked_call"
"""Key under which the web process notes the sid of the last test call whose words the carrier has fetched."""


class SiteSetting(Base):
    """One value by name."""

    __tablename__ = "site_setting"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)


def get(session: Session, key: str, default: Any = None) -> Any:
    """The value of ``key`` (JSON), or ``default``."""
    value = session.scalar(select(SiteSetting.value).where(SiteSetting.key == key))
    return default if value is None else value


def put(session: Session, key: str, value: Any) -> None:
    """Set ``key`` to ``value`` (JSON)."""
    row = insert(SiteSetting).values(key=key, value=value)
    session.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": row.excluded.value}))


def merge(session: Session, key: str, changes: dict[str, Any]) -> None:
    """Set some names of the JSON object ``key``, at once with whoever sets others of them."""
    row = insert(SiteSetting).values(key=key, value=changes)
    merged = SiteSetting.value.op("||")(row.excluded.value)
    session.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": merged}))


def may_contact(session: Session, e164: str) -> bool:
    """Whether the hotline may call or text this number: any once live, before that only the allow-listed ones."""
    return bool(get(session, "live", False)) or e164 in get(session, "allow_list", [])
