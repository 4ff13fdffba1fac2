"""Rain, snow and ice: until tonight every way is reckoned longer, and the day is planned anew."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.core import clock, moves, settings, site
from app.core.errors import BadInput
from app.visits import dispatch_settings, planning
from app.visits.rules import WEATHER


def say(session: Session, kind: str | None, by: str) -> bool:
    """Ways are as in ``kind`` (a key of WEATHER) until midnight in the district, or as usual again (None).

    False if they are reckoned like that already.

    Raises BadInput("choice.unknown").
    """
    if kind is not None and kind not in WEATHER:
        raise BadInput("choice.unknown", given=kind)
    now = dispatch_settings.weather(session)
    if kind == (now.kind if now else None):
        return False
    until = _tonight().isoformat() if kind else None
    site.put(session, dispatch_settings.WEATHER_KEY, {"kind": kind, "until": until} if kind else {})
    moves.record(session, dispatch_settings.Dispatch(), "weather_said", by, kind=kind, until=until)
    planning.want(session, "weather")
    return True


def _tonight() -> datetime:
    zone = settings.current().zone
    return datetime.combine(clock.now().astimezone(zone).date() + timedelta(days=1), time(), zone)
