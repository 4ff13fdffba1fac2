"""A phone as the carrier sees it: asks our webhooks, reads the documents, and does what the next one needs."""

from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree
from werkzeug.test import TestResponse

from app.core import queue, settings
from tests.web_carrier import schema

Post = Callable[..., TestResponse]


@dataclass
class Line:
    """One call. number: E.164. heard: the last document; every one is held against the schema."""

    post: Post
    number: str
    sid: str = "CA" + "1" * 32
    heard: bytes = b""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def form(self, **more: str) -> dict[str, str]:
        """What the carrier tells with every webhook of an incoming call."""
        usual = {
            "CallSid": self.sid,
            "From": self.number,
            "To": settings.current().hotline_number,
            "CallStatus": "in-progress",
            "Direction": "inbound",
        }
        return usual | more

    def ask(self, address: str, **more: str) -> bytes:
        """One webhook, of which the answer is kept as what was heard."""
        answer = self.post(address, **self.form(**more))
        assert (answer.status_code, answer.mimetype) == (200, "text/xml"), answer.data
        assert schema.problems(answer.data) == []
        self.asked.append((address, more))
        self.heard = answer.data
        return answer.data

    def dial(self) -> bytes:
        """Ring the hotline."""
        return self.ask("/carrier/voice", CallStatus="ringing")

    def pick_up(self, address: str) -> bytes:
        """Answer a call of ours that ``address`` leads."""
        return self.ask(address)

    def press(self, digits: str) -> bytes:
        return self.ask(self.action, Digits=digits)

    def say(self, words: str) -> bytes:
        return self.ask(self.action, SpeechResult=words, Confidence="0.9")

    def silence(self) -> bytes:
        return self.ask(self.action)

    def record(self, seconds: int, ref: str = "RE" + "1" * 32, **more: str) -> bytes:
        """Speak after the tone."""
        url = f"https://api.twilio.com/Recordings/{ref}"
        return self.ask(self.action, RecordingSid=ref, RecordingUrl=url, RecordingDuration=str(seconds), **more)

    def again(self) -> bytes:
        """The carrier sends its last webhook once more."""
        address, more = self.asked[-1]
        return self.ask(address, **more)

    def hang_up(self, status: str = "completed") -> TestResponse:
        return self.post("/carrier/call-status", **self.form(CallStatus=status))

    @property
    def verbs(self) -> list[str]:
        """What the carrier is to do, such as ["Gather"]."""
        return [verb.tag for verb in self.tree]

    @property
    def tree(self) -> etree._Element:
        return etree.fromstring(self.heard)

    @property
    def action(self) -> str:
        """Where the answer goes, without what tells the carrier when to ask again."""
        action = next(verb.get("action") for verb in self.tree if verb.get("action"))
        return str(action).partition("#")[0]

    @property
    def said(self) -> str:
        """All that is spoken."""
        return " ".join("".join(verb.itertext()) for verb in self.tree.iter("Say"))


def jobs() -> list[tuple[str, tuple[object, ...]]]:
    """What was rung for, oldest first: ("hotline.ring_agents", (1,))."""
    return [(job.func_name.removeprefix("workers."), tuple(job.args)) for job in queue.pending()]
