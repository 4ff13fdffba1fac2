"""The account's own numbers and where their calls and texts go (IncomingPhoneNumbers).

Source: https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from hashlib import md5

from app.core import clock
from app.switch.calls import Callback, Voice
from app.switch.config import Config
from app.switch.store import Store


@dataclass(frozen=True)
class Number:
    """sid: PN…, the same for a number in every run. The other fields are the resource's; times are epoch seconds."""

    sid: str
    phone_number: str
    friendly_name: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    created: float = field(default_factory=clock.timestamp)
    updated: float = field(default_factory=clock.timestamp)

    @property
    def voice(self) -> Voice:
        """Where an incoming call's TwiML comes from."""
        return Voice(self.voice_url, self.voice_method, self.voice_fallback_url, self.voice_fallback_method)

    @property
    def callback(self) -> Callback | None:
        """Where the end of an incoming call is told."""
        return Callback(self.status_callback, self.status_callback_method) if self.status_callback else None


SETTABLE = {
    "FriendlyName": "friendly_name",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
}
"""Fields of an update, by Twilio's name."""


class Numbers:
    """The numbers by sid; the configured one is there from the start."""

    def __init__(self, store: Store, config: Config) -> None:
        self._store = store
        self._numbers = {r["sid"]: Number(**r) for r in store.all("number")}
        if self.by_number(config.number) is None:
            self._keep(_first(config))

    def _keep(self, number: Number) -> Number:
        self._numbers[number.sid] = number
        self._store.put("number", number.sid, asdict(number))
        return number

    def all(self) -> list[Number]:
        """All numbers."""
        return list(self._numbers.values())

    def get(self, sid: str) -> Number | None:
        """The number with that sid."""
        return self._numbers.get(sid)

    def by_number(self, phone_number: str) -> Number | None:
        """The number as E.164."""
        return next((n for n in self._numbers.values() if n.phone_number == phone_number), None)

    def update(self, number: Number, wanted: Mapping[str, str]) -> Number:
        """Change what ``wanted`` names, in Twilio's words; the rest of it is ignored."""
        changes = {SETTABLE[key]: value for key, value in wanted.items() if key in SETTABLE}
        return self._keep(replace(number, **changes, updated=clock.timestamp()))  # type: ignore[arg-type]


def _first(config: Config) -> Number:
    carrier = f"{config.app.rstrip('/')}/carrier"
    return Number(
        # Not a secret: the number's sid only has to stay the same when the switch is started anew.
        sid="PN" + md5(config.number.encode(), usedforsecurity=False).hexdigest(),
        phone_number=config.number,
        friendly_name=config.number,
        voice_url=f"{carrier}/voice",
        voice_fallback_url=f"{carrier}/voice/fallback",
        status_callback=f"{carrier}/call-status",
        sms_url=f"{carrier}/sms",
    )
