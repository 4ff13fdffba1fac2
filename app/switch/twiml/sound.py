"""Say, Play and Pause: what a caller hears, and for how long."""

from typing import TYPE_CHECKING

from lxml import etree

from app.switch import speech
from app.switch.twiml.document import Goto

if TYPE_CHECKING:
    from app.switch.twiml.run import Run

PLAY_SECONDS = 3.0
"""Length taken for a sound that nobody decodes."""

MANY_TIMES = 1000
"""loop="0" means for ever; a call hardly outlives this many."""


async def say(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/say"""
    text = " ".join("".join(element.itertext()).split())
    voice = element.get("voice", "")
    language = speech.language(element.get("language", ""), voice)
    await _heard(run, element, text, language, "say", speech.seconds(text), voice=voice)
    return None


async def play(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/play; the attribute digits plays keys instead."""
    url = run.document.absolute(element.text.strip()) if element.text and element.text.strip() else ""
    digits = element.get("digits", "")
    await _heard(run, element, digits, "", "play", 0.2 * len(digits) or PLAY_SECONDS, url=url)
    return None


async def pause(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/pause: length in seconds, 1 by default."""
    await run.call.wait(seconds=whole(element, "length", 1))
    return None


async def _heard(
    run: "Run", element: etree._Element, text: str, language: str, verb: str, seconds: float, **facts: str
) -> None:
    instant = run.call.exchange.config.speech == "instant"
    for _ in range(whole(element, "loop", 1) or MANY_TIMES):
        run.call.hear(text, language, verb, 0 if instant else seconds, **facts)
        if instant and element.get("loop") == "0":
            await run.call.wait()
        await run.call.wait(seconds=0 if instant else seconds)


def whole(element: etree._Element, name: str, default: int) -> int:
    """A whole number, not negative, from an attribute; ``default`` if it is missing or none."""
    value = element.get(name, "")
    return int(value) if value.isdigit() else default
