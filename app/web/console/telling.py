"""The timeline in words: every event of the house as a sentence, in the reader's language, with who and when."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from app.visits import planning
from app.web import i18n, words
from app.web.console import naming
from app.web.console.blueprint import blueprint

SENTENCES: Mapping[tuple[str, str], Any] = {
    ("order", "opened"): _l("%(who)s took the order"),
    ("order", "drafted"): _l("What %(who)s said was kept as an unfinished order"),
    ("order", "draft_added_to"): _l("%(who)s added to the unfinished order"),
    ("order", "submitted"): _l("%(who)s finished the order"),
    ("order", "scheduled"): _l("A worker is found: %(worker)s"),
    ("order", "unscheduled"): _l("The order needs a worker again"),
    ("order", "started"): _l("The work has begun"),
    ("order", "finished"): _l("The work is done"),
    ("order", "closed"): _l("The order is closed"),
    ("order", "changed"): _l("%(who)s changed the order (%(fields)s)"),
    ("order", "cancelled"): _l("%(who)s cancelled the order"),
    ("order", "restored"): _l("%(who)s took the cancellation back"),
    ("order", "redrafted"): _l("%(who)s took the cancellation back; the order is still to be finished"),
    ("order", "searched_anew"): _l("A worker is looked for again, after the change"),
    ("order", "reopened"): _l("%(who)s reopened the order"),
    ("visit", "created"): _l("A visit is planned"),
    ("visit", "decided"): _l("Candidates were compared; %(worker)s fits best"),
    ("visit", "offered"): _l("The visit is offered to %(worker)s"),
    ("visit", "accepted"): _l("%(worker)s accepted the visit"),
    ("visit", "declined"): _l("%(worker)s declined the visit"),
    ("visit", "expired"): _l("%(worker)s did not answer in time"),
    ("visit", "withdrawn"): _l("%(who)s withdrew the visit from %(worker)s"),
    ("visit", "assigned"): _l("%(who)s gave the visit to %(worker)s by hand"),
    ("visit", "nobody_left"): _l("Nobody is left to be asked; a dispatcher must decide"),
    ("visit", "held"): _l("The visit is held for a decision by hand: %(why)s"),
    ("visit", "attention"): _l("A dispatcher must look: %(why)s"),
    ("visit", "retried"): _l("Workers are looked for again"),
    ("visit", "moved"): _l("%(who)s moved the visit to another time"),
    ("visit", "pinned"): _l("%(who)s pinned the visit"),
    ("visit", "unpinned"): _l("%(who)s unpinned the visit"),
    ("visit", "announced"): _l("The visit was announced"),
    ("visit", "departed"): _l("%(worker)s is on the way"),
    ("visit", "arrived"): _l("%(worker)s is at the door"),
    ("visit", "code_proved"): _l("Presence is proved (%(proof)s); the visit begins"),
    ("visit", "began_unproved"): _l("The visit begins without proof of presence"),
    ("visit", "settled"): _l("%(who)s has seen to it: %(why)s"),
    ("visit", "code_wrong"): _l("A wrong visit code was entered"),
    ("visit", "alarmed"): _l("An alarm was raised: %(why)s"),
    ("visit", "finished"): _l("%(worker)s finished the visit"),
    ("visit", "failed"): _l("The visit could not be done: %(why)s"),
    ("visit", "late"): _l("The visit is late"),
    ("visit", "unfilled"): _l("The window is nearly over and nobody comes"),
    ("visit", "missed"): _l("The visit was missed"),
    ("visit", "cancelled"): _l("The visit is called off"),
    ("visit", "asked_who_is_due"): _l("The caller asked who is due at the door"),
    ("visit", "worker_verified"): _l("The caller checked the digits of the person at the door: right"),
    ("offer", "sent"): _l("%(worker)s was asked"),
    ("offer", "accepted"): _l("%(worker)s said yes"),
    ("offer", "declined"): _l("%(worker)s said no"),
    ("offer", "expired"): _l("%(worker)s gave no answer"),
    ("offer", "withdrawn"): _l("The offer to %(worker)s is withdrawn"),
    ("message", "written"): _l("A %(kind)s to %(recipient)s is written: %(template)s"),
    ("message", "claimed"): _l("Being sent to %(recipient)s: %(template)s"),
    ("message", "sent"): _l("Sent to %(recipient)s: %(template)s"),
    ("message", "delivered"): _l("Reached %(recipient)s: %(template)s"),
    ("message", "undelivered"): _l("Did not reach %(recipient)s: %(template)s"),
    ("message", "refused"): _l("The carrier refused what was for %(recipient)s: %(template)s"),
    ("message", "postponed"): _l("Could not be sent now, will be tried again: %(template)s"),
    ("message", "lost"): _l("Unknown whether it went out to %(recipient)s: %(template)s"),
    ("message", "repeated"): _l("Tried once more for %(recipient)s: %(template)s"),
    ("message", "rewritten"): _l("Changed from text to voice for %(recipient)s: %(template)s"),
    ("message", "withheld"): _l("Held back, since the number is not allowed or said STOP: %(template)s"),
    ("message", "withdrawn"): _l("No longer needed: %(template)s"),
    ("message", "handed_over"): _l("Handed to a person instead: %(template)s"),
    ("call", "arrived"): _l("The call came in"),
    ("call", "placed"): _l("A call was placed"),
    ("call", "waiting"): _l("The caller waits for a person; agents are rung"),
    ("call", "agent_answered"): _l("%(who)s answered the call"),
    ("call", "joined"): _l("%(who)s and the caller talk"),
    ("call", "door_alarm"): _l("Alarm: somebody unknown may be at the door"),
    ("call", "ended"): _l("The call ended"),
    ("call", "agent_lost"): _l("The agent's line was lost; others are rung"),
    ("call", "always_key"): _l("%(key)s was pressed"),
    ("call", "reached"): _l("The call led to this: %(reached)s"),
    ("call", "limit_reached"): _l("The menu went on for too long; the call goes to a person"),
    ("call", "talked"): _l("Caller and agent have talked"),
    ("call", "line_lost"): _l("The line to the agent broke"),
    ("call", "dialled"): _l("Put through to another number: %(dialled)s"),
    ("call", "language_changed"): _l("The language was changed to %(language)s"),
    ("call", "not_understood"): _l("What was said or pressed was not understood"),
    ("call", "hung_up"): _l("The phone was put down"),
    ("follow_up", "planned"): _l("Asking whether it helped is planned"),
    ("follow_up", "calling"): _l("The resident is rung and asked whether it helped"),
    ("follow_up", "answered"): _l("The resident answered: %(grade)s"),
    ("follow_up", "not_reached"): _l("The resident was not reached"),
    ("follow_up", "given_up"): _l("The resident could not be reached; not counted as satisfied"),
    ("follow_up", "handed_over"): _l("A person will ask whether it helped"),
    ("follow_up", "withdrawn"): _l("The question is no longer needed"),
    ("call_back", "listed"): _l("Put on the call-back list: %(reason)s"),
    ("call_back", "taken"): _l("%(who)s took the call-back"),
    ("call_back", "returned"): _l("%(who)s gave the call-back to the others"),
    ("call_back", "not_reached"): _l("%(who)s did not reach the person"),
    ("call_back", "done"): _l("%(who)s settled the call-back"),
    ("call_back", "reopened"): _l("%(who)s reopened the call-back"),
}

TEMPLATES = {
    "offer": _l("offer of a visit"),
    "offer_accepted": _l("thanks for accepting"),
    "offer_expired": _l("offer has run out"),
    "offer_withdrawn": _l("offer is withdrawn"),
    "offer_taken": _l("somebody else has it"),
    "offer_declined": _l("declining is noted"),
    "visit_given": _l("visit given by hand"),
    "visit_changed": _l("visit has changed"),
    "visit_cancelled": _l("visit is called off"),
    "visit_reported": _l("report is noted"),
    "code_wrong": _l("code is wrong"),
    "code_wanted": _l("code is missing"),
    "code_locked": _l("code wrong three times"),
    "no_visit": _l("no visit to report on"),
    "which_offer": _l("which offer is meant"),
    "help_worker": _l("help"),
    "help_resident": _l("help"),
    "dispatcher_needed": _l("nobody is left to be asked"),
    "order_confirmed": _l("order is taken"),
    "order_cancelled": _l("order is cancelled"),
    "visit_announced": _l("who comes and when"),
    "visit_announced_again": _l("who comes now and when"),
    "visit_late": _l("visit is late"),
    "visit_unfilled": _l("nobody found in time"),
    "visit_missed": _l("visit was missed"),
    "visit_called_off": _l("visit is called off"),
    "satisfaction": _l("did it help?"),
    "relative_accepted": _l("family: somebody will come"),
    "relative_done": _l("family: it is done"),
    "relative_missed": _l("family: visit was missed"),
    "relative_wanted": _l("family: please ring us"),
    "stopped": _l("no more texts"),
    "started": _l("texts again"),
}

FIELDS = {
    "item_id": _l("service"),
    "subject_id": _l("for whom"),
    "caller_id": _l("caller"),
    "caller_name": _l("caller"),
    "contact": _l("contact"),
    "text": _l("what was said"),
    "address": _l("address"),
    "place": _l("place"),
    "community_id": _l("community"),
    "window": _l("time"),
    "language": _l("language"),
    "worker_id": _l("promised worker"),
    "starts_at": _l("promised time"),
}

OPENED = {
    "phone_menu": _l("%(who)s ordered with the phone's keys"),
    "voicemail": _l("%(who)s took the order from a recorded message"),
    "web": _l("%(who)s ordered on the web"),
}
"""How an order began, by channel; an agent takes it otherwise."""

PLANNED: Mapping[tuple[str, str], Any] = {
    ("visit", "assigned"): _l("The day plan gave the visit to %(worker)s"),
    ("visit", "moved"): _l("The day plan moved the visit to another time"),
    ("visit", "withdrawn"): _l("The day plan took the visit from %(worker)s"),
}
"""What the day plan did, not a person."""

QUIET = frozenset(
    {
        ("message", "claimed"),
        ("message", "written"),
        ("visit", "announced"),
        ("visit", "decided"),
        ("visit", "offered"),
        ("visit", "accepted"),
        ("visit", "declined"),
        ("visit", "expired"),
        ("call", "hung_up"),
    }
)
"""What the short timeline leaves out: another line says the same."""

ACKNOWLEDGED = "visit_reported"
"""The template that only says thank you for a report which has a line of its own."""


@dataclass(frozen=True)
class Line:
    """One sentence of a timeline. tone: colour of its dot, repeated by nothing but the words."""

    at: datetime
    kind: str
    text: str
    by: str
    note: str | None
    quiet: bool


def lines(entries: list[dict[str, Any]], workers: Mapping[tuple[str, int], int] | None = None) -> list[Line]:
    """The entries of orders.timeline as sentences; ``workers`` tells whose a visit or offer was, by (kind, id)."""
    arrived = {entry["id"] for entry in entries if (entry["kind"], entry["event"]) == ("message", "delivered")}
    return [_line(entry, workers or {}, _is_quiet(entry, arrived)) for entry in entries]


def _is_quiet(entry: dict[str, Any], arrived: set[int]) -> bool:
    """Whether another line says the same; arrived: ids of the messages that reached their people."""
    event = entry["kind"], entry["event"]
    if event == ("message", "sent") and entry["id"] in arrived:
        return True
    thanks = event[0] == "message" and (entry["facts"] or {}).get("template") == ACKNOWLEDGED
    return event in QUIET or (thanks and event[1] in ("sent", "delivered"))


def _line(entry: dict[str, Any], workers: Mapping[tuple[str, int], int], quiet: bool) -> Line:
    kind, event, facts = entry["kind"], entry["event"], entry["facts"] or {}
    known = SENTENCES.get((kind, event))
    if (kind, event) == ("order", "opened"):
        known = OPENED.get(facts.get("channel", ""), known)
    if entry["by"] == planning.BY:
        known = PLANNED.get((kind, event), known)
    by = naming.who(entry["by"])
    text = (
        str(known) % _facts(entry, facts, by, workers)
        if known
        else gettext("%(kind)s: %(event)s", kind=kind, event=event)
    )
    note = words.word(entry["note"], "note") if entry["note"] else None
    return Line(entry["at"], kind, text, by, note, quiet)


def _facts(
    entry: dict[str, Any], facts: dict[str, Any], by: str, workers: Mapping[tuple[str, int], int]
) -> Mapping[str, str]:
    worker = facts.get("worker_id") or workers.get((entry["kind"], entry["id"]))
    why = facts.get("why") or facts.get("attention") or facts.get("outcome") or facts.get("reason")
    found = {
        "who": by,
        "worker": naming.worker_name(worker) if worker else by,
        "fields": i18n.listed(dict.fromkeys(str(FIELDS.get(name, name)) for name in facts.get("fields", []))),
        "why": words.word(why, "attention"),
        "reason": words.word(facts.get("reason"), "call_back_reason"),
        "proof": words.word(facts.get("proof"), "proof"),
        "key": str(facts.get("key", "")),
        "reached": words.word(facts.get("what"), "reached"),
        "dialled": words.word(facts.get("outcome"), "dialled"),
        "language": words.word(facts.get("language"), "language"),
        "grade": _answer(facts),
        "kind": words.word(facts.get("message_kind") or facts.get("kind"), "message_kind"),
        "recipient": naming.who(facts.get("recipient")),
        "template": str(TEMPLATES.get(facts.get("template", ""), facts.get("template", ""))),
    }
    return defaultdict(str, found)


def _answer(facts: dict[str, Any]) -> str:
    if facts.get("grade"):
        return words.word(facts["grade"], "grade")
    if facts.get("solved") is None:
        return gettext("nothing definite")
    return gettext("it is solved") if facts["solved"] else gettext("it is not solved")


@blueprint.app_template_filter("template_name")
def template_name(code: str) -> str:
    """What a message of this template is about."""
    return str(TEMPLATES.get(code, code))
