"""The input of a decision as a value: what is asked for, who there is, what counts how much.

Times are whole seconds since the epoch (UTC), places (latitude, longitude) in WGS-84 degrees, costs and weights whole
seconds, so that the same input gives the same answer on every machine.
"""

from dataclasses import dataclass, field, replace
from typing import Any

from pydantic import TypeAdapter

from app.places.distance import Estimate, Place


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time, [start, end)."""

    start: int
    end: int

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any of [start, end) lies within."""
        return self.start < end and start < self.end


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a worker is bound to be: a visit of his, offered, promised, under way or over."""

    start: int
    end: int
    place: Place
    visit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a worker on duty was seen."""

    place: Place
    at: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A worker as a decision sees him.

    area_id: he serves below this area only. licensed_until: end of his organisation's licence (None: no end).
    work, breaks, leave: his spans around the window. stops: what fills his days there, by start; past ones too.
    seen: his last position. asked_from: he is on his way or with somebody until then, and is not asked before.
    """

    worker_id: int
    home: Place
    mode: str = "ebike"
    skills: tuple[str, ...] = ()
    speaks: tuple[str, ...] = ()
    gender: str | None = None
    area_id: int | None = None
    licensed_until: int | None = None
    work: tuple[Span, ...] = ()
    breaks: tuple[Span, ...] = ()
    leave: tuple[Span, ...] = ()
    stops: tuple[Stop, ...] = ()
    seen: Fix | None = None
    asked_from: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a visit now, and from when. promised: he said yes and the resident was told; else nobody knows yet."""

    worker_id: int
    start: int
    promised: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """A visit that needs somebody, or whose worker or time may be changed.

    seconds: its length. window: when he may come to the door. skill: None needs none. areas: the community and
    everything above it. workers_needed: 1 or 2; together they start at once. forbidden: by the resident's wish or a
    dispatcher's. asked: who has been offered it before. languages: any of them is understood (resident's language,
    dialect); dialect, gender: wishes. promised_worker, promised_start: what the caller was told. fixed_start: the
    partner's start on a visit of two, this and no other. held: who has it now, where it may be planned anew. mate: of
    a visit of two that is planned as two requests the other's visit.
    """

    place: Place
    seconds: int
    window: Span
    visit_id: int | None = None
    skill: str | None = None
    areas: tuple[int, ...] = ()
    urgent: bool = False
    workers_needed: int = 1
    forbidden: tuple[int, ...] = ()
    asked: tuple[int, ...] = ()
    language: str | None = None
    dialect: str | None = None
    gender: str | None = None
    usual_worker: int | None = None
    promised_worker: int | None = None
    promised_start: int | None = None
    fixed_start: int | None = None
    partners: tuple[int, ...] = ()
    held: Held | None = None
    mate: int | None = None


@dataclass(frozen=True, slots=True)
class Weights:
    """What counts how much, in seconds of travel that one would put up with instead; all are settings.

    lateness, overtime, waiting: for each second of it. load: half of this for the square of the hours somebody is
    booked in a shift, so that the next hour of a full day costs more than that of an empty one. continuity: it is not
    the usual worker. language, dialect, gender: a wish unmet. promised_worker: another one than promised;
    promised_time: for each second away from the promised start; announced_time: the same once the resident was told
    who comes. asking: for each second until he may be asked. unserved, unserved_urgent,
    unserved_promised: nobody comes, to an ordinary visit, an urgent one, or where somebody had promised to.
    """

    lateness: float = 10.0
    overtime: float = 3.0
    waiting: float = 0.05
    waiting_urgent: float = 1.0
    load: int = 60
    continuity: int = 600
    language: int = 3600
    dialect: int = 300
    gender: int = 1800
    promised_worker: int = 7200
    promised_time: float = 1.0
    announced_time: float = 4.0
    asking: float = 0.5
    unserved: int = 21600
    unserved_urgent: int = 86400
    unserved_promised: int = 43200


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the rules bend, in seconds.

    notice: nobody sets out sooner than this. late_urgent: an urgent visit may come so much after its window, an
    ordinary one not at all. overtime: past the end of the shift. fresh: so long a position counts. grain: starts are
    whole multiples of this, since people are told a time.
    """

    notice: int = 600
    notice_urgent: int = 180
    late_urgent: int = 3600
    overtime: int = 900
    fresh: int = 3600
    grain: int = 300


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a planner may know; the same for a proposal and for the plan of a day.

    requests: what is decided about: one for a proposal, all that is not settled for a plan; the candidates' stops are
    what is settled. travel: how ways are reckoned.
    """

    now: int
    requests: tuple[Request, ...]
    candidates: tuple[Candidate, ...]
    weights: Weights = field(default_factory=Weights)
    limits: Limits = field(default_factory=Limits)
    travel: Estimate = field(default_factory=Estimate)

    @property
    def request(self) -> Request:
        """The only request of a problem that asks for a proposal, else the first."""
        return self.requests[0]

    def about(self, request: Request) -> "Problem":
        """The same problem with ``request`` alone."""
        return replace(self, requests=(request,))

    def to_json(self) -> dict[str, Any]:
        """This problem as plain JSON values; from_json gives it back."""
        value: dict[str, Any] = _ADAPTER.dump_python(self, mode="json")
        return value

    @staticmethod
    def from_json(value: Any) -> "Problem":
        """The problem of to_json. Raises pydantic.ValidationError if it is none."""
        return _ADAPTER.validate_python(value)


_ADAPTER = TypeAdapter(Problem)
