"""Connection overrides in a webhook URL's fragment: how long to wait and what to try again.

Source: https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urldefrag

_BOUNDS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}
_POLICIES = frozenset({"ct", "rt", "4xx", "5xx", "all"})


@dataclass(frozen=True)
class Overrides:
    """connect, read, total: seconds. retries: further attempts. policy: which failures are tried again."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policy: frozenset[str] = frozenset({"ct"})

    def again(self, failure: str) -> bool:
        """Whether a ``failure`` (ct, rt, 4xx or 5xx) is to be tried again."""
        return failure in self.policy or "all" in self.policy


def split(url: str) -> tuple[str, Overrides]:
    """The URL without fragment (that is what is requested and signed) and what the fragment asks for."""
    plain, fragment = urldefrag(url)
    given = dict(parse_qsl(fragment))
    numbers = {key: _bounded(key, given[key]) for key in _BOUNDS if given.get(key, "").isdigit()}
    policy = frozenset(given.get("rp", "ct").split(",")) & _POLICIES
    return plain, Overrides(
        connect=numbers.get("ct", 5000) / 1000,
        read=numbers.get("rt", 15_000) / 1000,
        total=numbers.get("tt", 15_000) / 1000,
        retries=numbers.get("rc", 1),
        policy=policy or frozenset({"ct"}),
    )


def _bounded(key: str, value: str) -> int:
    low, high = _BOUNDS[key]
    return min(max(int(value), low), high)
