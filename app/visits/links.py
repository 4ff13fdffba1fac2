"""The signed link by which a worker sees his offer and his visit: good until the visit is over, for him alone."""

from app.core import crypto, settings

PURPOSE = "visit"
LONGEST = 14 * 86400
"""Seconds; the page also closes when the visit is over or no longer his."""


def url(visit_id: int, worker_id: int) -> str:
    """The address of the worker's page for this visit."""
    return f"{settings.current().public_base_url}/f/{crypto.sign(PURPOSE, [visit_id, worker_id])}"


def read(token: str) -> tuple[int, int]:
    """(visit id, worker id) of a token. Raises BadInput("link.invalid")."""
    visit_id, worker_id = crypto.unsign(PURPOSE, token, LONGEST)
    return int(visit_id), int(worker_id)
