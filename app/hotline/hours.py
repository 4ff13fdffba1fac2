"""When agents are to be expected: the site's opening hours, every day, in the district's time."""

from datetime import UTC, datetime, time, timedelta

from sqlalchemy.orm import Session

from app.core import settings, site

OPENING_HOURS = {"from": "08:00", "to": "20:00"}
"""Changed by the site setting opening_hours. Outside of them the out-of-hours flow answers."""


def is_open(session: Session, moment: datetime) -> bool:
    """Whether agents are to be expected at ``moment`` (aware)."""
    return opens_at(session, moment) == moment


def opens_at(session: Session, moment: datetime) -> datetime:
    """``moment`` (aware) itself in opening hours, else when they begin next (UTC)."""
    hours = site.get(session, "opening_hours", OPENING_HOURS)
    opens, closes = time.fromisoformat(hours["from"]), time.fromisoformat(hours["to"])
    local = moment.astimezone(settings.current().zone)
    if opens <= local.time() < closes:
        return moment
    day = local.date() if local.time() < opens else local.date() + timedelta(days=1)
    return datetime.combine(day, opens, local.tzinfo).astimezone(UTC)
