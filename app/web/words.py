"""Words for the codes that the house stores: states, reasons, channels; with a tone that colour and symbol repeat."""

from flask import Flask
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

WORDS = {
    "role": {
        "agent": _l("Agent"),
        "dispatcher": _l("Dispatcher"),
        "supervisor": _l("Supervisor"),
        "admin": _l("Administrator"),
    },
    "language": {"zh-CN": _l("Chinese"), "en": _l("English")},
    "pace": {"normal": _l("normal"), "slow": _l("slow")},
    "gender": {"f": _l("female"), "m": _l("male")},
    "kind": {
        "mobile": _l("mobile"),
        "landline": _l("landline: voice only"),
        "short": _l("short number"),
        "unknown": _l("kind unknown"),
    },
    "flag": {
        "mobility_limited": _l("walks with difficulty"),
        "hard_of_hearing": _l("hard of hearing"),
        "people_only": _l("people only, no machine calls"),
        "hardship": _l("hardship"),
        "living_alone": _l("lives alone"),
        "watch": _l("watched: silence is followed up"),
        "care_level_1": _l("care level 1"),
        "care_level_2": _l("care level 2"),
        "care_level_3": _l("care level 3"),
    },
    "order": {
        "draft": _l("draft"),
        "open": _l("looking for a worker"),
        "scheduled": _l("worker found"),
        "under_way": _l("under way"),
        "done": _l("done"),
        "closed": _l("closed"),
        "cancelled": _l("cancelled"),
    },
    "visit": {
        "open": _l("to be offered"),
        "attention": _l("needs a dispatcher"),
        "offered": _l("offered"),
        "accepted": _l("accepted"),
        "en_route": _l("on the way"),
        "arrived": _l("at the door"),
        "in_progress": _l("in progress"),
        "done": _l("done"),
        "not_done": _l("not done"),
        "missed": _l("missed"),
        "cancelled": _l("cancelled"),
    },
    "offer": {
        "sent": _l("waiting for an answer"),
        "accepted": _l("accepted"),
        "declined": _l("declined"),
        "expired": _l("no answer in time"),
        "withdrawn": _l("withdrawn"),
    },
    "message": {
        "queued": _l("waiting"),
        "sending": _l("being sent"),
        "sent": _l("sent"),
        "delivered": _l("delivered"),
        "undelivered": _l("not delivered"),
        "failed": _l("failed"),
        "unknown": _l("unknown whether sent"),
        "withheld": _l("withheld"),
        "withdrawn": _l("withdrawn"),
    },
    "message_kind": {"text": _l("text"), "voice": _l("voice call")},
    "channel": {
        "phone_menu": _l("phone keys"),
        "phone_agent": _l("agent on the phone"),
        "voicemail": _l("voice message"),
        "web": _l("web"),
        "visit": _l("during a visit"),
    },
    "seat": {
        "away": _l("away"),
        "available": _l("available"),
        "ringing": _l("ringing"),
        "talking": _l("in a call"),
        "wrap_up": _l("wrapping up"),
    },
    "line": {"browser": _l("browser line"), "phone": _l("my own number")},
    "call_back": {"open": _l("open"), "taken": _l("taken"), "done": _l("done")},
    "call_back_reason": {
        "missed_call": _l("missed call"),
        "dropped_call": _l("the call broke off"),
        "voicemail": _l("voice message"),
        "wanted": _l("asked to be rung back"),
        "emergency": _l("emergency nobody took"),
        "bad_grade": _l("was not satisfied"),
        "not_reached": _l("could not be reached"),
        "door_alarm": _l("somebody unknown at the door"),
        "duress": _l("duress word"),
        "people_only": _l("wants people, no machine"),
        "message_unknown": _l("unknown whether a message went out"),
        "drafted_order": _l("an order to be finished"),
    },
    "follow_up": {
        "due": _l("to be asked"),
        "calling": _l("being asked"),
        "task": _l("to be asked by a person"),
        "answered": _l("answered"),
        "not_reached": _l("not reached"),
        "withdrawn": _l("withdrawn"),
    },
    "grade": {
        "very_satisfied": _l("very satisfied"),
        "satisfied": _l("satisfied"),
        "fair": _l("fairly satisfied"),
        "dissatisfied": _l("dissatisfied"),
        "very_dissatisfied": _l("very dissatisfied"),
    },
    "answered_by": {"sms": _l("by text"), "link": _l("by link"), "phone": _l("by phone"), "staff": _l("by staff")},
    "proof": {
        "code": _l("visit code"),
        "password": _l("household password"),
        "resident_phone": _l("call from the resident's own phone"),
    },
    "shift": {"work": _l("on duty"), "break": _l("break"), "leave": _l("leave"), "off": _l("off duty")},
    "mode": {
        "ebike": _l("e-bike"),
        "bicycle": _l("bicycle"),
        "walk": _l("on foot"),
        "foot": _l("on foot"),
        "car": _l("car"),
        "bus": _l("bus"),
    },
    "looked_at": {
        "file": _l("file"),
        "number": _l("full number"),
        "recording": _l("recording"),
        "position": _l("position"),
    },
}

TONES = {
    "order": {
        "draft": "warn",
        "open": "warn",
        "scheduled": "calm",
        "under_way": "calm",
        "done": "good",
        "closed": "good",
    },
    "visit": {
        "attention": "bad",
        "missed": "bad",
        "not_done": "bad",
        "open": "warn",
        "offered": "warn",
        "accepted": "calm",
        "en_route": "calm",
        "arrived": "calm",
        "in_progress": "calm",
        "done": "good",
    },
    "offer": {"sent": "warn", "accepted": "good", "declined": "bad", "expired": "bad"},
    "message": {
        "delivered": "good",
        "sent": "calm",
        "undelivered": "bad",
        "failed": "bad",
        "unknown": "bad",
        "withheld": "warn",
    },
    "seat": {"available": "good", "ringing": "warn", "talking": "calm", "wrap_up": "warn"},
    "follow_up": {"answered": "good", "task": "warn", "not_reached": "bad"},
    "grade": {"very_satisfied": "good", "satisfied": "good", "dissatisfied": "bad", "very_dissatisfied": "bad"},
    "shift": {"work": "good", "break": "warn", "leave": "warn"},
}

SYMBOLS = {"good": "✓", "warn": "◷", "bad": "!", "calm": "•", "": "·"}


def word(code: str | None, kind: str) -> str:
    """The word for ``code`` among the words of ``kind``; an unknown code stands for itself."""
    if not code:
        return "–"
    return str(WORDS.get(kind, {}).get(code, code))


def tone(code: str | None, kind: str) -> str:
    """good, warn, bad, calm or "": how the chip of this code is coloured."""
    return TONES.get(kind, {}).get(code or "", "")


def chip(code: str | None, kind: str) -> Markup:
    """The word as a coloured chip; a symbol says the same without colour."""
    colour = tone(code, kind)
    return Markup('<span class="chip {}"><span aria-hidden="true">{}</span> {}</span>').format(
        colour, SYMBOLS[colour], word(code, kind)
    )


def choices(kind: str, codes: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """(code, word) for form fields."""
    return [(code, word(code, kind)) for code in codes or WORDS[kind]]


def init_app(app: Flask) -> None:
    """Make words, tones and chips known to templates."""
    app.jinja_env.filters |= {"word": word, "tone": tone, "chip": chip}
    app.jinja_env.globals["choices"] = choices
