"""The carrier's forms as inputs of the engine: the other translator at the edge."""

from collections.abc import Mapping

from ivr_flows.inputs import AgentAnswered, Dialled, HangUp, Input, Keys, Recorded, Silence, Speech

DIALLED = {"completed": "answered", "answered": "answered", "busy": "busy", "no-answer": "no-answer"}
"""DialCallStatus (https://www.twilio.com/docs/voice/twiml/dial#dialcallstatus); anything else is a failure."""

ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def read_input(form: Mapping[str, str], query: Mapping[str, str]) -> Input:
    """What the caller did, from the form of a step's webhook and the query of our own action address."""
    if query.get("join"):
        return AgentAnswered()
    if query.get("dialled"):
        return Dialled(query["dialled"])
    if form.get("CallStatus") in ENDED and "DialCallStatus" not in form and "RecordingUrl" not in form:
        return HangUp()
    if "DialCallStatus" in form:
        return Dialled(DIALLED.get(form["DialCallStatus"], "failed"))
    if "RecordingSid" in form or "RecordingUrl" in form:
        key = form.get("Digits", "")
        return Recorded(
            form.get("RecordingSid") or form["RecordingUrl"],
            _seconds(form.get("RecordingDuration", "")),
            "" if key == "hangup" else key[:1],
        )
    if query.get("nothing"):
        return Recorded("", 0)
    if form.get("Digits"):
        return Keys(form["Digits"])
    if form.get("SpeechResult"):
        return Speech(form["SpeechResult"])
    return Silence()


def _seconds(text: str) -> int:
    """A recording of unknown length has some."""
    return int(text) if text.isdigit() else 1
