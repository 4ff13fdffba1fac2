"""Following a document on a call, verb by verb, until it ends or leads to the next one."""

from collections.abc import Awaitable, Callable, Mapping

from lxml import etree

from app.switch.calls import Call, HungUp, Voice
from app.switch.debugger import TwimlError
from app.switch.twiml import dial, ending, gather, record, sound
from app.switch.twiml.document import Document, Goto, fetch, first
from app.switch.words import words

Verb = Callable[["Run", etree._Element], Awaitable[Goto | None]]

SOUNDS: dict[str, Verb] = {"Say": sound.say, "Play": sound.play, "Pause": sound.pause}

VERBS: dict[str, Verb] = {
    **SOUNDS,
    "Gather": gather.gather,
    "Record": record.record,
    "Dial": dial.dial,
    "Redirect": ending.redirect,
    "Hangup": ending.hang_up,
    "Reject": ending.reject,
    "Leave": ending.leave,
}
"""The verbs this switch knows, of https://www.twilio.com/docs/voice/twiml"""

WAITING: dict[str, Verb] = {**SOUNDS, "Redirect": ending.redirect}
"""What waitUrl, holdUrl and announceUrl may use (https://www.twilio.com/docs/api/errors/13238)."""


class Run:
    """A walk through documents. ``document`` is the present one."""

    def __init__(self, call: Call, verbs: Mapping[str, Verb] = VERBS) -> None:
        self.call, self.verbs = call, verbs
        self.document: Document
        self._fallen_back = False

    async def follow(self, voice: Voice) -> None:
        """Follow a call's first document and all that it leads to. Raises HungUp when the call ends first."""
        going: Goto | Document | None
        try:
            going = first(voice)
        except TwimlError as error:
            going = await self._recover(error)
        await self.walk(going)
        self.call.answer()  # A document without verbs still was a call that was taken, and ended at once.

    async def walk(self, going: Goto | Document | None) -> None:
        """Go on until there is nothing to follow; on an error go to the fallback, once, or apologise."""
        while going is not None:
            try:
                document = await fetch(self.call, going) if isinstance(going, Goto) else going
                going = await self._verbs_of(document)
            except TwimlError as error:
                going = await self._recover(error)

    async def _verbs_of(self, document: Document) -> Goto | None:
        self.document = document
        for index, element in enumerate(document.root):
            if self.call.over.done():
                raise HungUp
            if not isinstance(element.tag, str):
                continue
            verb = self.verbs.get(element.tag)
            if verb is None:
                self._unknown(element.tag)
                continue
            if answers(element, index):
                self.call.answer()
            going = await verb(self, element)
            if going is not None:
                return going
        return None

    def _unknown(self, tag: str) -> None:
        if self.verbs is not VERBS and tag in VERBS:
            raise TwimlError(13238, self.document.url, tag)
        self.call.exchange.debugger.write(12200, self.call.sid, self.document.url, f"unknown element {tag}")

    async def _recover(self, error: TwimlError) -> Goto | None:
        """The fallback URL gets ErrorCode and ErrorUrl (https://www.twilio.com/docs/voice/twiml#fallback-url)."""
        self.log(error)
        voice = self.call.voice
        if voice.fallback_url and not self._fallen_back:
            self._fallen_back = True
            facts = {"ErrorCode": str(error.code), "ErrorUrl": error.url}
            return Goto(voice.fallback_url, voice.fallback_method, facts)
        self.call.answer()
        self.call.hear(words("en")["apology"], "en", "say")  # The carrier itself speaks English only.
        self.call.hang_up("failed")
        raise HungUp

    def log(self, error: TwimlError) -> None:
        """Note an error in the carrier's debugger."""
        self.call.exchange.debugger.write(error.code, self.call.sid, error.url, error.detail)

    async def report(self, goto: Goto) -> None:
        """Tell an action URL what happened after a hang-up; its answer can do nothing any more."""
        try:
            await fetch(self.call, goto)
        except TwimlError as error:
            self.log(error)

    def action(self, element: etree._Element, params: Mapping[str, str]) -> Goto:
        """The verb's action, which defaults to the present document (a loop, as with the carrier)."""
        return Goto(self.document.absolute(element.get("action")), element.get("method", "POST").upper(), params)


class Waiting(Run):
    """What somebody hears who waits or is on hold: sounds only, and an error ends the sound, not the call."""

    def __init__(self, call: Call) -> None:
        super().__init__(call, WAITING)

    async def _recover(self, error: TwimlError) -> Goto | None:
        self.log(error)
        return None


def answers(element: etree._Element, index: int) -> bool:
    """Whether a verb picks the call up: all but Reject, Redirect, a leading Pause, and Dial answering on bridge."""
    if element.tag in ("Reject", "Redirect") or (element.tag == "Pause" and index == 0):
        return False
    return not (element.tag == "Dial" and element.get("answerOnBridge") == "true")
