"""The choices in a person's file and who may hear what about a resident, pure."""

FLAGS = (
    "mobility_limited",
    "hard_of_hearing",
    "people_only",
    "hardship",
    "living_alone",
    "watch",
    "care_level_1",
    "care_level_2",
    "care_level_3",
)
"""people_only: every call of the machine becomes a task for a person. watch: silence is followed up at once."""

LANGUAGES = ("zh-CN", "en")
PACES = ("normal", "slow")
GENDERS = ("f", "m")
ROLES = ("agent", "dispatcher", "supervisor", "admin")
WISHES = ("gender", "forbidden_workers", "straight_to_person")

ON_A_SHARED_PHONE = frozenset({"number", "state", "time"})
"""Of an order: what may be said on a phone that several people use, without knowing which of them is speaking."""

TO_A_RELATIVE = frozenset({"accepted", "done", "missed"})
"""The notices that a relative gets with the resident's recorded consent (Personal Information Protection Law of the
People's Republic of China, article 29: separate consent)."""


def may_hear(what: str, *, own: bool, shared: bool, consented: bool) -> bool:
    """Whether a phone may be told ``what`` about a resident.

    what: number, state, time, or a notice (accepted, done, missed), or anything more personal (worker, service,
    address, code). own: it is the resident's phone. shared: other residents have it too. consented: it belongs to a
    relative to whom the resident consented.
    """
    if own and (not shared or what in ON_A_SHARED_PHONE):
        return True
    return consented and what in TO_A_RELATIVE
