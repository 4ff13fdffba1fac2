"""Faults on demand: armed by a test or a demo, they make the carrier fail once, some times, or for ever."""

from dataclasses import asdict, dataclass
from typing import Any

from app.switch.events import next_id

WHATS = frozenset({"lose", "double", "delay", "swap", "refuse", "undeliver", "busy", "no-answer", "unreachable"})
KINDS = frozenset({"voice", "status", "sms", "receipt", "recording", "conference", "message", "call"})
_BY_DEFAULT = {
    **{what: frozenset({"status", "receipt"}) for what in ("lose", "double", "delay", "swap")},
    "refuse": frozenset({"message", "call"}),
}


@dataclass
class Fault:
    """number None: any. kind None: the usual ones. times -1: for ever. code: Twilio's. seconds: product time."""

    id: int
    what: str
    number: str | None = None
    kind: str | None = None
    times: int = 1
    code: int = 0
    seconds: float = 0

    def fits(self, what: str, kind: str, numbers: tuple[str, ...]) -> bool:
        """Whether this fault strikes ``kind`` of event between ``numbers``."""
        kinds = {self.kind} if self.kind else _BY_DEFAULT.get(what, frozenset({kind}))
        concerned = self.number is None or self.number in numbers
        return self.what == what and kind in kinds and concerned and self.times != 0


class Faults:
    """All armed faults, oldest first."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, wanted: dict[str, Any]) -> Fault:
        """Arm a fault from its description. Raises ValueError for an unknown ``what`` or ``kind``."""
        fault = Fault(next_id(), **{key: value for key, value in wanted.items() if value is not None})
        if fault.what not in WHATS or (fault.kind and fault.kind not in KINDS):
            raise ValueError(fault.what)
        self._armed.append(fault)
        return fault

    def take(self, what: str, kind: str, *numbers: str) -> Fault | None:
        """The oldest fault that fits, used up by one; None if everything goes well."""
        fault = next((f for f in self._armed if f.fits(what, kind, numbers)), None)
        if fault and fault.times > 0:
            fault.times -= 1
            if fault.times == 0:
                self._armed.remove(fault)
        return fault

    def armed(self) -> list[dict[str, Any]]:
        """What is armed, as JSON."""
        return [asdict(fault) for fault in self._armed]

    def disarm(self, id_: int | None = None) -> None:
        """Forget one fault, or all."""
        self._armed = [f for f in self._armed if id_ is not None and f.id != id_]
