"""The sweep in simulated time: each minute one question whether anything is due, and if so all its looks.

In production the looks come once a second; here a week has ten thousand minutes, most of them empty.
"""

from collections.abc import Callable

from sqlalchemy import text

from app.core import clock, db, settings
from benchmarks.week.time import Life, Time
from workers import sweep

LOOKS: tuple[sweep.Look, ...] = (
    sweep.messages,
    sweep.open_orders,
    sweep.changed_orders,
    sweep.unanswered_offers,
    sweep.late_visits,
    sweep.day_plans,
)
"""The looks that have to do with visits. Nobody is asked after a visit, and what became of a call is not heard."""

BY_DAY, BY_NIGHT = 60, 600
"""Seconds between two questions; by day is from 6 to 21."""

AT_LEAST = 900
"""Seconds after which all looks are made in any case: the question below is a hint, no more."""

DUE = text("""
    SELECT EXISTS (SELECT 1 FROM message WHERE state = 'queued' AND due_at <= :now)
        OR EXISTS (SELECT 1 FROM service_order WHERE state = 'open' AND id NOT IN (SELECT order_id FROM visit))
        OR EXISTS (SELECT 1 FROM service_order WHERE visits_outdated)
        OR EXISTS (SELECT 1 FROM day_plan WHERE state = 'wanted')
        OR EXISTS (SELECT 1 FROM offer WHERE state = 'sent' AND expires_at <= :now)
        OR EXISTS (SELECT 1 FROM visit WHERE state = 'open'
            OR state IN ('accepted', 'en_route') AND lower(during) <= :now - interval '5 minutes'
               AND (late_told_at IS NULL OR window_end <= :now)
            OR state IN ('arrived', 'in_progress') AND upper(during) <= :now - interval '15 minutes'
               AND attention IS NULL
            OR state IN ('open', 'offered', 'attention') AND late_told_at IS NULL
               AND window_end <= :now + interval '30 minutes' AND coalesce(attention, 'nobody_left') = 'nobody_left')
""")


def rounds(time: Time, settle: Callable[[], None]) -> Life:
    """The sweep's life; ``settle`` carries out what it rings."""
    last = 0.0
    while True:
        is_time = time.now - last >= AT_LEAST
        if is_time or _is_due():
            last = time.now if is_time else last
            for look in (*LOOKS, sweep.old_positions) if is_time else LOOKS:
                look()
            settle()
        hour = clock.now().astimezone(settings.current().zone).hour
        yield time.timeout(BY_DAY if 6 <= hour < 21 else BY_NIGHT)


def _is_due() -> bool:
    with db.engine().connect() as connection:
        return bool(connection.scalar(DUE, {"now": clock.now()}))
