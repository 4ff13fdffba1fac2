"""Dial with the noun Conference (https://www.twilio.com/docs/voice/twiml/conference)."""

import asyncio
from typing import TYPE_CHECKING

from lxml import etree

from app.switch.calls import Callback, HungUp, until_hung_up
from app.switch.conferences import Conference, Options, Participant
from app.switch.debugger import TwimlError
from app.switch.twiml import sound
from app.switch.twiml.document import Goto

if TYPE_CHECKING:
    from app.switch.twiml.run import Run

TIME_LIMIT = 14_400


async def dial(run: "Run", element: etree._Element, noun: etree._Element) -> Goto | None:
    """Be in the conference until one goes out; then the action, or fall through."""
    name = (noun.text or "").strip()
    if not name:
        raise TwimlError(12200, run.document.url, "Conference without a name")
    run.call.answer()
    options = _options(run, element, noun)
    room = run.call.exchange.conferences.named(name)
    if len(room.inside) >= options.most:
        return run.action(element, {"DialCallStatus": "failed"}) if element.get("action") else None
    try:
        await _inside(run, element, room, room.join(run.call, options))
    except HungUp:
        if element.get("action"):
            await run.report(run.action(element, {"DialCallStatus": "answered"}))
        raise
    return run.action(element, {"DialCallStatus": "answered"}) if element.get("action") else None


async def _inside(run: "Run", element: etree._Element, room: Conference, participant: Participant) -> None:
    waiting = asyncio.ensure_future(_wait(run, room, participant))
    try:
        await run.call.wait(participant.left, seconds=sound.whole(element, "timeLimit", TIME_LIMIT))
    finally:
        waiting.cancel()
        room.leave(participant)


async def _wait(run: "Run", room: Conference, participant: Participant) -> None:
    """Music, or what waitUrl says, until the conference begins."""
    url = participant.options.wait_url
    if room.began.done() or url == "":
        return
    if url is None:
        run.call.hear("", "", "music")
        return
    facts = {"ConferenceSid": room.sid, "FriendlyName": room.name}
    sounds = run.call.exchange.waiter(run.call).walk(Goto(url, participant.options.wait_method, facts))
    music = asyncio.ensure_future(until_hung_up(sounds))
    try:
        await asyncio.wait({music, room.began}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        music.cancel()


def _options(run: "Run", element: etree._Element, noun: etree._Element) -> Options:
    wait_url = noun.get("waitUrl")
    return Options(
        muted=noun.get("muted") == "true",
        start_on_enter=noun.get("startConferenceOnEnter", "true") != "false",
        end_on_exit=noun.get("endConferenceOnExit") == "true",
        wait_url=run.document.absolute(wait_url) if wait_url else wait_url,
        wait_method=noun.get("waitMethod", "POST").upper(),
        most=sound.whole(noun, "maxParticipants", 250),
        label=noun.get("participantLabel"),
        coach=noun.get("coach"),
        ends_on_star=element.get("hangupOnStar") == "true",
        callback=_callback(run, noun),
    )


def _callback(run: "Run", noun: etree._Element) -> Callback | None:
    url = noun.get("statusCallback")
    if not url:
        return None
    events = frozenset(noun.get("statusCallbackEvent", "").split())
    return Callback(run.document.absolute(url), noun.get("statusCallbackMethod", "POST"), events)
