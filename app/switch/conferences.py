"""Conferences: rooms by name in which legs hear each other, with their own news to the app.

Sources: https://www.twilio.com/docs/voice/twiml/conference and
https://www.twilio.com/docs/voice/api/conference-participant-resource
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core import clock
from app.switch import speech
from app.switch.calls import Call, Callback, rfc2822
from app.switch.sids import new
from app.switch.webhooks import Hook

if TYPE_CHECKING:
    from app.switch.exchange import Exchange

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Options:
    """How somebody enters. callback is the conference's, taken from whoever comes first."""

    muted: bool = False
    start_on_enter: bool = True
    end_on_exit: bool = False
    wait_url: str | None = None
    wait_method: str = "POST"
    most: int = 250
    label: str | None = None
    coach: str | None = None
    ends_on_star: bool = False
    callback: Callback | None = None


@dataclass
class Participant:
    """One leg in a conference, or on its way there (joined False). left: done when it is out again."""

    conference: "Conference"
    call: Call
    options: Options
    muted: bool = False
    hold: bool = False
    end_on_exit: bool = False
    joined: bool = False
    left: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    created: float = field(default_factory=clock.timestamp)
    updated: float = field(default_factory=clock.timestamp)

    def press(self, digits: str) -> bool:
        """Listener: a star may lead out."""
        if self.options.ends_on_star and "*" in digits:
            self.conference.leave(self)
            return True
        return False

    def speak(self, text: str, language: str) -> bool:
        """Listener: the others hear it."""
        return self.conference.spread(self, text, language)

    @property
    def hears(self) -> bool:
        """Whether what others say reaches it."""
        return self.joined and not self.hold

    def set(self, muted: bool | None = None, hold: bool | None = None) -> None:
        """Mute or hold, telling line and app what changed."""
        for name, wanted in (("muted", muted), ("hold", hold)):
            if wanted is None or wanted == getattr(self, name):
                continue
            setattr(self, name, wanted)
            self.updated = clock.timestamp()
            event = {"muted": ("muted", "unmuted"), "hold": ("held", "unheld")}[name][0 if wanted else 1]
            self.call.note(event)
            verb = {"muted": ("mute", "unmute"), "hold": ("hold", "unhold")}[name][0 if wanted else 1]
            self.conference.tell(f"participant-{verb}", "mute" if name == "muted" else "hold", self)


class Conference:
    """A room. It begins when two are in it and one may start it; it ends with the last, or with one who ends it."""

    def __init__(self, exchange: "Exchange", name: str) -> None:
        self.sid, self.name, self._exchange = new("CF"), name, exchange
        self.status = "init"
        self.created = self.updated = clock.timestamp()
        self.participants: dict[str, Participant] = {}
        self.callback: Callback | None = None
        self.reason_ended: str | None = None
        self.ended_by: str | None = None
        self.words: list[str] = []
        self.began: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._told = 0

    @property
    def inside(self) -> list[Participant]:
        """Those who are in."""
        return [p for p in self.participants.values() if p.joined]

    def expect(self, call: Call, options: Options) -> Participant:
        """Somebody is called in."""
        self.callback = self.callback or options.callback
        return self.participants.setdefault(
            call.sid, Participant(self, call, options, options.muted, end_on_exit=options.end_on_exit)
        )

    def join(self, call: Call, options: Options) -> Participant:
        """Somebody comes in."""
        participant = self.expect(call, options)
        participant.joined = True
        call.listener = participant
        others = [p.call.line.number for p in self.inside if p is not participant]
        call.note("joined-conference", conference=self.name, others=others)
        self.tell("participant-join", "join", participant)
        if self.status == "init" and len(self.inside) > 1 and any(p.options.start_on_enter for p in self.inside):
            self._begin()
        call.prompted()
        return participant

    def _begin(self) -> None:
        self.status, self.updated = "in-progress", clock.timestamp()
        self.began.set_result(None)
        self.tell("conference-start", "start")

    def leave(self, participant: Participant, ending: bool = False) -> None:
        """Somebody goes out; a second time changes nothing. ``ending``: because the room closes."""
        if self.participants.pop(participant.call.sid, None) is None:
            return
        call = participant.call
        if call.listener is participant:
            call.listener = None
        if not call.over.done():
            call.note("left-conference", conference=self.name)
        self.tell("participant-leave", "leave", participant)
        if not participant.left.done():
            participant.left.set_result(None)
        if ending:
            return
        if participant.joined and participant.end_on_exit:
            self.close("participant-with-end-conference-on-exit-left", call.sid)
        elif not (self.inside if participant.joined else self.participants):
            self.close("last-participant-left", call.sid)

    def close(self, reason: str, by: str | None = None) -> None:
        """End it for all."""
        if self.status == "completed":
            return
        self.status, self.updated = "completed", clock.timestamp()
        self.reason_ended, self.ended_by = reason, by
        for participant in list(self.participants.values()):
            self.leave(participant, ending=True)
        ended_by = {"CallSidEndingConference": by} if by else {}
        self.tell("conference-end", "end", facts={"ReasonConferenceEnded": reason, **ended_by})
        self._exchange.conferences.closed(self)

    def spread(self, speaker: Participant, text: str, language: str) -> bool:
        """What ``speaker`` says reaches all who hear; False if nobody does."""
        if speaker.muted or speaker.hold:
            return False
        hearers = [p for p in self.inside if p is not speaker and p.hears and self._reaches(speaker, p)]
        if text:
            self.words.append(text)
        for hearer in hearers if text else []:
            number = speaker.call.line.number
            hearer.call.hear(text, language, "speech", speech.seconds(text), **{"from": number})
        return bool(hearers)

    @staticmethod
    def _reaches(speaker: Participant, hearer: Participant) -> bool:
        """A coach is heard by the coached one only (https://www.twilio.com/docs/voice/twiml/conference#attributes-coach)."""
        return speaker.options.coach is None or speaker.options.coach == hearer.call.sid

    def tell(
        self, event: str, wanted: str, participant: Participant | None = None, facts: Mapping[str, str] = NOTHING
    ) -> None:
        """News to the conference's statusCallback, if it wants such."""
        if not self.callback or wanted not in self.callback.events:
            return
        params = {
            "AccountSid": self._exchange.config.account,
            "ConferenceSid": self.sid,
            "FriendlyName": self.name,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(self._told + 1),
            "Timestamp": rfc2822(clock.timestamp()),
            **(_about(participant) if participant else {}),
            **facts,
        }
        self._told += 1
        hook = Hook("conference", self.callback.url, params, self.callback.method, self.sid)
        self._exchange.webhooks.tell(hook)


def _about(participant: Participant) -> dict[str, str]:
    label = {"ParticipantLabel": participant.options.label} if participant.options.label else {}
    return label | {
        "CallSid": participant.call.sid,
        "Muted": str(participant.muted).lower(),
        "Hold": str(participant.hold).lower(),
        "Coaching": str(participant.options.coach is not None).lower(),
        "StartConferenceOnEnter": str(participant.options.start_on_enter).lower(),
        "EndConferenceOnExit": str(participant.end_on_exit).lower(),
    }


class Conferences:
    """All conferences of this run; a name belongs to one live room at a time."""

    def __init__(self, exchange: "Exchange") -> None:
        self._exchange = exchange
        self._all: dict[str, Conference] = {}
        self._live: dict[str, Conference] = {}

    def named(self, name: str) -> Conference:
        """The live room of that name, made if there is none."""
        if name not in self._live:
            conference = self._live[name] = Conference(self._exchange, name)
            self._all[conference.sid] = conference
        return self._live[name]

    def find(self, name_or_sid: str) -> Conference | None:
        """By sid, or by name among the live ones."""
        return self._all.get(name_or_sid) or self._live.get(name_or_sid)

    def all(self) -> list[Conference]:
        """All, oldest first."""
        return list(self._all.values())

    def closed(self, conference: Conference) -> None:
        """Its name is free again."""
        if self._live.get(conference.name) is conference:
            del self._live[conference.name]
