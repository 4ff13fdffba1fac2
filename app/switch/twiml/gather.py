"""Gather: keys and words from the person, with the carrier's defaults and traps.

Source of every rule: https://www.twilio.com/docs/voice/twiml/gather
"""

import asyncio
from typing import TYPE_CHECKING

from lxml import etree

from app.switch.calls import until_hung_up
from app.switch.twiml import sound
from app.switch.twiml.document import Goto

if TYPE_CHECKING:
    from app.switch.twiml.run import Run

CONFIDENCE = "0.95"
"""Typed words are hardly misheard."""

NESTED = frozenset({"Say", "Play", "Pause"})


class Gathering:
    """Collects for one Gather. ``digits`` and ``words`` are what came; ``done`` is set when it is enough."""

    def __init__(self, element: etree._Element) -> None:
        kinds = element.get("input", "dtmf").split()
        self.kinds = [kind for kind in ("dtmf", "speech") if kind in kinds]
        self.timeout = 5.0 if element.get("timeout") == "auto" else float(sound.whole(element, "timeout", 5))
        self.num_digits = sound.whole(element, "numDigits", 0)
        self.finish_on = element.get("finishOnKey", "#")
        self.barge_in = element.get("bargeIn", "true") == "true"
        self.digits, self.words, self.finished_on = "", "", ""
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.began: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._heard = asyncio.Event()

    def press(self, digits: str) -> bool:
        """Take keys until it is enough; those after are lost."""
        if "dtmf" not in self.kinds or self.done.done():
            return False
        for key in digits:
            self._take(key)
            if self.done.done():
                break
        self._begin()
        return True

    def _take(self, key: str) -> None:
        if self.finish_on and key in self.finish_on:
            self.finished_on = key
            self._finish()
            return
        self.digits += key
        if self.num_digits and len(self.digits) >= self.num_digits:
            self._finish()

    def speak(self, text: str, language: str) -> bool:
        """Take words: one utterance is enough. An empty one is a voice that begins: the prompt stops, time restarts."""
        if "speech" not in self.kinds or self.done.done():
            return False
        self.words = text
        if text:
            self._finish()
        self._begin()
        return True

    def _finish(self) -> None:
        self.done.set_result(None)

    def _begin(self) -> None:
        if not self.began.done():
            self.began.set_result(None)
        self._heard.set()

    async def quiet(self, run: "Run") -> None:
        """Wait until it is enough or nothing came for ``timeout`` seconds; each key begins that time anew."""
        while not self.done.done():
            self._heard.clear()
            key = asyncio.ensure_future(self._heard.wait())
            try:
                if not await run.call.wait(self.done, key, seconds=self.timeout):
                    return
            finally:
                key.cancel()

    def params(self) -> dict[str, str]:
        """What the action gets."""
        if self.words:
            return {"SpeechResult": self.words, "Confidence": CONFIDENCE}
        return {"Digits": self.digits, **({"FinishedOnKey": self.finished_on} if self.finished_on else {})}


async def gather(run: "Run", element: etree._Element) -> Goto | None:
    """Play what is nested, collect, and ask the action; with nothing collected fall through."""
    gathering = Gathering(element)
    call = run.call
    call.listener = gathering
    try:
        call.note(
            "collecting",
            kinds=gathering.kinds,
            timeout=int(gathering.timeout),
            num_digits=gathering.num_digits or None,
            finish_on_key=gathering.finish_on,
        )
        call.prompted()
        await _prompt(run, element, gathering)
        await gathering.quiet(run)
    finally:
        call.listener = None
    # Nothing, or the finish key alone: no action, unless actionOnEmptyResult asks for it.
    if gathering.digits or gathering.words or element.get("actionOnEmptyResult") == "true":
        return run.action(element, gathering.params())
    return None


async def _prompt(run: "Run", element: etree._Element, gathering: Gathering) -> None:
    """Play the nested verbs; the first key or word stops the sound."""
    sounds = asyncio.ensure_future(until_hung_up(_sounds(run, element)))
    stops = (gathering.done, gathering.began) if gathering.barge_in else (gathering.done,)
    try:
        await run.call.wait(sounds, *stops)
        if sounds.done():
            sounds.result()
    finally:
        sounds.cancel()


async def _sounds(run: "Run", element: etree._Element) -> None:
    for child in element:
        if child.tag not in NESTED:
            run.call.exchange.debugger.write(12200, run.call.sid, run.document.url, f"{child.tag} inside Gather")
            continue
        await run.verbs[child.tag](run, child)
