"""Participants of a conference (https://www.twilio.com/docs/voice/api/conference-participant-resource)."""

from aiohttp import web
from lxml import etree

from app.switch.calls import Voice
from app.switch.conferences import Options, Participant
from app.switch.exchange import Exchange
from app.switch.rest import asking, calls, conferences, refusing, shapes
from app.switch.rest.asking import Form
from app.switch.rest.errors import RestError

_ATTRIBUTES = {
    "Muted": "muted",
    "Beep": "beep",
    "StartConferenceOnEnter": "startConferenceOnEnter",
    "EndConferenceOnExit": "endConferenceOnExit",
    "WaitUrl": "waitUrl",
    "WaitMethod": "waitMethod",
    "MaxParticipants": "maxParticipants",
    "Label": "participantLabel",
    "CallSidToCoach": "coach",
    "ConferenceStatusCallback": "statusCallback",
    "ConferenceStatusCallbackMethod": "statusCallbackMethod",
}
"""Fields of a create that are attributes of the noun Conference as well."""


async def listing(request: web.Request) -> web.Response:
    """GET Participants.json by Muted, Hold, Coaching."""
    exchange = asking.authorised(request)
    query = request.query

    def fits(who: Participant) -> bool:
        wanted = {"Muted": who.muted, "Hold": who.hold, "Coaching": who.options.coach is not None}
        return all(query.get(name, str(value)).lower() == str(value).lower() for name, value in wanted.items())

    found = [who for who in conferences.room_of(exchange, request).participants.values() if fits(who)]
    return asking.page(request, "participants", found, shapes.participant, exchange.config)


async def create(request: web.Request) -> web.Response:
    """POST Participants.json: call somebody into the conference, which is named by sid or made by its name."""
    exchange = asking.authorised(request)
    fields = await asking.form(request)
    to, from_ = calls.ends(exchange, fields)
    name = request.match_info["conference"]
    room = exchange.conferences.find(name) or (None if name.startswith("CF") else exchange.conferences.named(name))
    if room is None or room.status == "completed":
        raise RestError(20404)
    fault = refusing.fault_before(exchange, "call", to)
    voice = Voice(twiml=_document(room.name, fields))
    call = exchange.place(to, from_, voice, calls.callback(fields), calls.timeout(fields))
    who = room.expect(call, _expected(fields))
    exchange.on_end(call, lambda: room.leave(who))
    refusing.break_after(request, fault)
    return web.json_response(shapes.participant(who, exchange.config), status=201)


def _document(name: str, fields: Form) -> str:
    root = etree.Element("Response")
    noun = etree.SubElement(etree.SubElement(root, "Dial"), "Conference")
    noun.text = name
    for field, attribute in _ATTRIBUTES.items():
        if field in fields:
            noun.set(attribute, asking.text(fields, field))
    events = [str(event) for event in fields.getall("ConferenceStatusCallbackEvent", [])]
    if events:
        noun.set("statusCallbackEvent", " ".join(events))
    return etree.tostring(root, encoding="unicode")


def _expected(fields: Form) -> Options:
    return Options(
        muted=asking.flag(fields, "Muted") or False,
        start_on_enter=asking.flag(fields, "StartConferenceOnEnter") is not False,
        end_on_exit=asking.flag(fields, "EndConferenceOnExit") or False,
        label=asking.text(fields, "Label") or None,
        coach=asking.text(fields, "CallSidToCoach") or None,
    )


async def fetch(request: web.Request) -> web.Response:
    """GET Participants/{CallSid or label}.json"""
    exchange = asking.authorised(request)
    return web.json_response(shapes.participant(_one(exchange, request), exchange.config))


async def update(request: web.Request) -> web.Response:
    """POST Participants/{CallSid}.json: Muted, Hold, HoldUrl, AnnounceUrl, EndConferenceOnExit."""
    exchange = asking.authorised(request)
    who = _one(exchange, request)
    fields = await asking.form(request)
    if (ending := asking.flag(fields, "EndConferenceOnExit")) is not None:
        who.end_on_exit = ending
    who.set(muted=asking.flag(fields, "Muted"), hold=asking.flag(fields, "Hold"))
    for name in ("HoldUrl", "AnnounceUrl"):
        if url := asking.text(fields, name):
            method = asking.text(fields, name.replace("Url", "Method"), "POST")
            conferences.announce(exchange, who.conference, url, method, [who.call.sid])
    return web.json_response(shapes.participant(who, exchange.config))


async def delete(request: web.Request) -> web.Response:
    """DELETE Participants/{CallSid}.json: out of the conference; the call goes on with its own TwiML."""
    exchange = asking.authorised(request)
    who = _one(exchange, request)
    who.conference.leave(who)
    return web.Response(status=204)


def _one(exchange: Exchange, request: web.Request) -> Participant:
    room, wanted = conferences.room_of(exchange, request), request.match_info["sid"]
    found = (p for p in room.participants.values() if wanted in (p.call.sid, p.options.label))
    who = next(found, None)
    if who is None:
        raise RestError(20404)
    return who
