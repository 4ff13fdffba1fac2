"""Redirect, Hangup, Reject and Leave: the verbs after which a document goes no further."""

from typing import TYPE_CHECKING

from lxml import etree

from app.switch.calls import HungUp
from app.switch.twiml.document import Goto

if TYPE_CHECKING:
    from app.switch.twiml.run import Run


async def redirect(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/redirect: verbs after it are never reached."""
    return Goto(run.document.absolute((element.text or "").strip()), element.get("method", "POST").upper())


async def hang_up(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/hangup"""
    run.call.hang_up()
    raise HungUp


async def reject(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/reject: without answering; busy, or by default out of service."""
    if run.call.record.answered is None:
        run.call.end("busy" if element.get("reason") == "busy" else "no-answer", "rejected")
    else:
        run.call.hang_up()
    raise HungUp


async def leave(run: "Run", element: etree._Element) -> Goto | None:
    """https://www.twilio.com/docs/voice/twiml/leave: outside a queue there is nothing to leave, so the call ends."""
    run.call.hang_up()
    raise HungUp
