"""Ringing a line: by its behaviour, by armed faults, by hand."""

import asyncio
from typing import TYPE_CHECKING

from app.switch.calls import Call, HungUp
from app.switch.lines import Outcome

if TYPE_CHECKING:
    from app.switch.exchange import Exchange

_AT_ONCE: dict[str, Outcome] = {"busy": "busy", "unreachable": "failed"}


async def ring(call: Call, timeout: float) -> Outcome:
    """Ring the call's line for at most ``timeout`` seconds. Raises HungUp if the call is ended meanwhile.

    Outcomes: https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus-values
    """
    faulty = _faulty(call.exchange, call.record.to)
    if at_once := _AT_ONCE.get(faulty or call.line.behaviour.answers):
        return at_once
    if call.line.call is not None:
        return "busy"
    call.line.call = call
    call.move("ringing")
    call.note("ringing", **{"from": call.record.from_})
    return await _until_picked(call, timeout, never=faulty == "no-answer")


async def _until_picked(call: Call, timeout: float, never: bool) -> Outcome:
    behaviour = call.line.behaviour
    picked: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
    if not never and behaviour.answers == "by-hand":
        call.line.picked = picked
    by_itself = not never and behaviour.answers in ("itself", "voicemail") and behaviour.after < timeout
    if by_itself:
        await call.wait(seconds=behaviour.after)
        return "answered"
    try:
        if not await call.wait(picked, seconds=timeout):
            return "no-answer"
    finally:
        call.line.picked = None
    return "answered" if picked.result() else "busy"


def _faulty(exchange: "Exchange", number: str) -> str | None:
    whats = ("busy", "no-answer", "unreachable")
    return next((what for what in whats if exchange.faults.take(what, "call", number)), None)


async def ring_and_answer(call: Call, timeout: float) -> bool:
    """Ring, and either answer (True) or end the call with the outcome (False)."""
    try:
        call.move("initiated")
        outcome = await ring(call, timeout)
    except HungUp:
        return False
    if outcome != "answered":
        call.end(outcome)
        return False
    call.answer()
    return True
