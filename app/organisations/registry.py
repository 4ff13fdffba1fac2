"""The one registry of organisations: by code and kind, and whether their licence lets them send anybody."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core import clock, settings
from app.core.errors import NotFound
from app.organisations.models import Organisation


def get(session: Session, organisation_id: int) -> Organisation:
    """One organisation. Raises NotFound("organisation.unknown")."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound("organisation.unknown", id=organisation_id)
    return organisation


def by_code(session: Session, code: str) -> Organisation | None:
    """The organisation with this code."""
    return session.scalar(select(Organisation).where(Organisation.code == code.strip()))


def of_kind(session: Session, kind: str | None = None) -> list[Organisation]:
    """All organisations, or those of one kind, by code."""
    rows = select(Organisation).order_by(Organisation.code)
    return list(session.scalars(rows if kind is None else rows.where(Organisation.kind == kind)))


def name(organisation: Organisation, language: str) -> str:
    """The organisation's name in ``language`` ("zh-CN" or "en")."""
    return organisation.name_en if language == "en" else organisation.name


def today() -> date:
    """The district's present day."""
    return clock.now().astimezone(settings.current().zone).date()


def is_licensed(organisation: Organisation, day: date) -> bool:
    """Whether its licence holds on ``day`` (local); one without an end does not run out. Pure."""
    return organisation.licence_until is None or organisation.licence_until >= day


def expired(session: Session) -> list[Organisation]:
    """Organisations whose licence has run out: nobody of theirs is sent (O11)."""
    rows = select(Organisation).where(Organisation.licence_until < today())
    return list(session.scalars(rows.order_by(Organisation.licence_until, Organisation.code)))
