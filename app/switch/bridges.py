"""A bridge: two legs that hear each other, typed word by typed word."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from app.switch import speech
from app.switch.calls import Call


@dataclass
class _End:
    """One side's listener: what it says the other hears; a star may end the bridge."""

    bridge: "Bridge"
    other: Call
    number: str
    ends_on_star: bool

    def press(self, digits: str) -> bool:
        if self.ends_on_star and "*" in digits:
            self.bridge.close()
            return True
        return False

    def speak(self, text: str, language: str) -> bool:
        if text:
            self.other.hear(text, language, "speech", speech.seconds(text), **{"from": self.number})
        return True


@dataclass
class Bridge:
    """near: the leg whose document said Dial. over: done when it is taken apart."""

    near: Call
    far: Call
    ends_on_star: bool = False
    over: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def open(self) -> None:
        """Let both hear each other."""
        for call, other, star in ((self.near, self.far, self.ends_on_star), (self.far, self.near, False)):
            call.listener = _End(self, other, call.line.number, star)
            call.note("bridged", **{"with": other.line.number})
        self.far.prompted()

    def close(self) -> None:
        """Take it apart; a second time changes nothing."""
        if self.over.done():
            return
        self.over.set_result(None)
        for call in (self.near, self.far):
            if isinstance(call.listener, _End) and call.listener.bridge is self:
                call.listener = None
            if not call.over.done():
                call.note("unbridged")
