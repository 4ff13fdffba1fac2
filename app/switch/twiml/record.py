"""Record: what the caller says is taken down until a key, silence, the limit or a hang-up.

Source of every rule: https://www.twilio.com/docs/voice/twiml/record
"""

import asyncio
import math
from typing import TYPE_CHECKING

from lxml import etree

from app.core import clock
from app.switch import speech
from app.switch.calls import HungUp, rfc2822
from app.switch.recordings import Recording
from app.switch.sids import new
from app.switch.twiml import sound
from app.switch.twiml.document import Goto

if TYPE_CHECKING:
    from app.switch.twiml.run import Run

LONGEST = 3600
BEEP_SECONDS = 1.0


class Taking:
    """Takes down what is said. ``key`` is what ended it, if one did."""

    def __init__(self, finish_on: str) -> None:
        self._finish_on = finish_on
        self.words: list[str] = []
        self.key = ""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.spoken = asyncio.Event()

    def press(self, digits: str) -> bool:
        """A finish key ends it; other keys are no words."""
        key = next((key for key in digits if key in self._finish_on), "")
        if not key or self.done.done():
            return False
        self.key = key
        self.done.set_result(None)
        return True

    def speak(self, text: str, language: str) -> bool:
        """Words are appended; an empty utterance is a voice that begins."""
        if text:
            self.words.append(text)
        self.spoken.set()
        return True


async def record(run: "Run", element: etree._Element) -> Goto | None:
    """Beep, take down, and ask the action; an empty recording falls through."""
    call = run.call
    taking = Taking(element.get("finishOnKey", "1234567890*#"))
    limit = sound.whole(element, "maxLength", LONGEST) or LONGEST
    if element.get("playBeep", "true") != "false":
        call.hear("", "", "beep", BEEP_SECONDS)
    call.listener = taking
    began = clock.timestamp()
    try:
        call.note("recording", max_length=limit)
        call.prompted()
        await _silence(run, taking, sound.whole(element, "timeout", 5), limit)
    except HungUp:
        taking.key = "hangup"
    finally:
        call.listener = None
    made = _kept(run, taking, began, limit)
    if made:
        _tell(run, element, made, began)
        goto = run.action(element, _params(run, made) | ({"Digits": taking.key} if taking.key else {}))
        if not call.over.done():
            return goto
        await run.report(goto)
    if call.over.done():
        raise HungUp
    return None


async def _silence(run: "Run", taking: Taking, timeout: float, limit: float) -> None:
    end = clock.timestamp() + limit
    while not taking.done.done() and (left := end - clock.timestamp()) > 0:
        taking.spoken.clear()
        spoken = asyncio.ensure_future(taking.spoken.wait())
        try:
            if not await run.call.wait(taking.done, spoken, seconds=min(timeout, left)):
                return
        finally:
            spoken.cancel()


def _kept(run: "Run", taking: Taking, began: float, limit: int) -> Recording | None:
    if not taking.words and taking.key in ("", "hangup"):
        return None
    text = " ".join(taking.words)
    elapsed = clock.timestamp() - began if taking.key else speech.seconds(text)
    # A key is told even if nothing was said before it: it may be the one that calls for help.
    seconds = min(max(1, math.ceil(max(elapsed, speech.seconds(text)))), limit) if text else 0
    made = run.call.exchange.recordings.make(run.call.sid, seconds, text)
    run.call.note("recorded", recording=made.sid, seconds=seconds, text=text)
    return made


def url_of(run: "Run", made: Recording) -> str:
    """Where the sound is fetched; the media can be had with and without .wav."""
    config = run.call.exchange.config
    return f"{config.address}/2010-04-01/Accounts/{config.account}/Recordings/{made.sid}"


def _params(run: "Run", made: Recording) -> dict[str, str]:
    return {
        "RecordingSid": made.sid,
        "RecordingUrl": url_of(run, made),
        "RecordingDuration": str(made.seconds),
    }


def _tell(run: "Run", element: etree._Element, made: Recording, began: float) -> None:
    call, account = run.call, run.call.exchange.config.account
    base = {"AccountSid": account, "CallSid": call.sid, **_params(run, made)}
    if url := element.get("recordingStatusCallback"):
        facts = {
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
            "RecordingTrack": "inbound",
            "RecordingStartTime": rfc2822(began),
            "ErrorCode": "0",
        }
        method = element.get("recordingStatusCallbackMethod", "POST").upper()
        call.exchange.webhooks.tell(call.hook("recording", run.document.absolute(url), method, base | facts))
    if url := element.get("transcribeCallback"):
        facts = {
            "TranscriptionSid": new("TR"),
            "TranscriptionText": made.text,
            "TranscriptionStatus": "completed",
            "TranscriptionType": "fast",
        }
        params = call.record.params(account) | base | facts
        call.exchange.webhooks.tell(call.hook("recording", run.document.absolute(url), "POST", params))
