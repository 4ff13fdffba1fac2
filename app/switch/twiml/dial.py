"""Dial: connect the call to people (Number, Client) or to a Conference.

Sources: https://www.twilio.com/docs/voice/twiml/dial and its nouns' pages.
"""

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from app.switch import ringing
from app.switch.bridges import Bridge
from app.switch.calls import Call, Callback, HungUp, Voice
from app.switch.debugger import TwimlError
from app.switch.twiml import conference, sound
from app.switch.twiml.document import Goto

if TYPE_CHECKING:
    from app.switch.twiml.run import Run

TIMEOUT = 30
TIME_LIMIT = 14_400


@dataclass
class Dialling:
    """One Dial under way: its legs, who accepted first, and the bridge to him."""

    legs: list[Call]
    accepted: asyncio.Future[Call]
    bridge: Bridge | None = None

    def status(self) -> str:
        """DialCallStatus (https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values)."""
        if self.bridge:
            return "completed"
        return self.legs[-1].record.status if len(self.legs) == 1 else _best([leg.record.status for leg in self.legs])

    def params(self) -> dict[str, str]:
        """What the action gets."""
        leg = self.bridge.far if self.bridge else self.legs[-1]
        talked = {"DialCallDuration": str(leg.record.seconds)} if self.bridge else {}
        bridged = str(bool(self.bridge)).lower()
        return {"DialCallStatus": self.status(), "DialCallSid": leg.sid, "DialBridged": bridged, **talked}


def _best(statuses: list[str]) -> str:
    return next((wanted for wanted in ("busy", "no-answer", "canceled", "failed") if wanted in statuses), "failed")


async def dial(run: "Run", element: etree._Element) -> Goto | None:
    """Connect, and when that is over ask the action; without action fall through."""
    noun = element.find("Conference")
    if noun is not None:
        return await conference.dial(run, element, noun)
    dialling = Dialling(_legs(run, element), asyncio.get_running_loop().create_future())
    try:
        await _connect(run, element, dialling)
    except HungUp:
        _release(dialling)
        if element.get("action"):
            await run.report(run.action(element, dialling.params()))
        raise
    finally:
        _release(dialling)
    return run.action(element, dialling.params()) if element.get("action") else None


async def _connect(run: "Run", element: etree._Element, dialling: Dialling) -> None:
    timeout = sound.whole(element, "timeout", TIMEOUT)
    for leg in dialling.legs:
        leg.begin(_life(leg, timeout, dialling))
    all_over = asyncio.ensure_future(asyncio.wait([leg.over for leg in dialling.legs]))
    try:
        await run.call.wait(dialling.accepted, all_over)
    finally:
        all_over.cancel()
    if not dialling.accepted.done():
        return
    far = dialling.accepted.result()
    for leg in dialling.legs:
        if leg is not far:
            leg.end("canceled")
    run.call.answer()
    bridge = dialling.bridge = Bridge(run.call, far, element.get("hangupOnStar") == "true")
    bridge.open()
    await run.call.wait(bridge.over, far.over, seconds=sound.whole(element, "timeLimit", TIME_LIMIT))


def _release(dialling: Dialling) -> None:
    """Whatever ends the Dial ends the bridge and all legs that were not moved elsewhere."""
    if dialling.bridge:
        dialling.bridge.close()
    for leg in dialling.legs:
        if dialling.bridge is None or leg is not dialling.bridge.far:
            leg.end("completed" if leg.record.answered else "canceled")


async def _life(leg: Call, timeout: float, dialling: Dialling) -> None:
    """A far leg: ring, let its own document screen the call (Number url=), then be bridged until that is over."""
    if not await ringing.ring_and_answer(leg, timeout):
        raise HungUp
    if leg.voice.url:
        run = leg.exchange.walker(leg)
        await run.follow(leg.voice)
    if dialling.accepted.done() or dialling.accepted.cancelled():
        return
    dialling.accepted.set_result(leg)
    # The near side opens the bridge in its own turn of the loop; until then there is none to wait for.
    while dialling.bridge is None:
        await leg.wait(seconds=0)
        await asyncio.sleep(0)
    try:
        await leg.wait(dialling.bridge.over)
    finally:
        dialling.bridge.close()


def _legs(run: "Run", element: etree._Element) -> list[Call]:
    nouns = [child for child in element if child.tag in ("Number", "Client")]
    if not nouns and (element.text or "").strip():
        nouns = [element]
    if not nouns:
        raise TwimlError(12200, run.document.url, "Dial without a noun that this switch knows")
    return [_leg(run, element, noun) for noun in nouns[:10]]


def _leg(run: "Run", element: etree._Element, noun: etree._Element) -> Call:
    to = (noun.findtext("Identity") or noun.text or "").strip()
    if noun.tag == "Client":
        to = f"client:{to}"
    record = run.call.record
    from_ = element.get("callerId") or (record.from_ if record.direction == "inbound" else record.to)
    voice = Voice(run.document.absolute(noun.get("url")), noun.get("method", "POST")) if noun.get("url") else Voice()
    try:
        return run.call.exchange.leg(run.call, to, from_, _callback(run, noun), voice)
    except ValueError as error:
        raise TwimlError(13223, run.document.url, to) from error


def _callback(run: "Run", noun: etree._Element) -> Callback | None:
    url = noun.get("statusCallback")
    if not url:
        return None
    events = frozenset(noun.get("statusCallbackEvent", "completed").split())
    return Callback(run.document.absolute(url), noun.get("statusCallbackMethod", "POST"), events)
