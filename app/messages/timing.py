"""When a message may go out, and until when it is worth sending."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.core import settings, site
from app.messages.rules import QUIET_HOURS, first_allowed
from app.messages.templates import Template


def first_moment(session: Session, form: Template, kind: str, urgent: bool, now: datetime) -> datetime:
    """The first moment from ``now`` (aware) on at which a message of ``kind`` disturbs nobody (UTC).

    The caller reads the clock once: a message that may go now must not seem to be due a moment later.
    """
    if urgent or form.anytime:
        return now
    spans = site.get(session, "quiet_hours", QUIET_HOURS).get(form.to, {}).get(kind, [])
    return first_allowed(now.astimezone(settings.current().zone), spans).astimezone(UTC)


def good_until(form: Template, params: Mapping[str, Any], due: datetime, now: datetime) -> datetime:
    """Until when it is news: as long as its template is fresh, but not past the moment that it announces."""
    announced = [value for value in params.values() if isinstance(value, datetime) and value > now]
    return min([due + timedelta(minutes=form.fresh), *announced])
