"""How each resource looks in JSON; compared in the tests with Twilio's OpenAPI description."""

from typing import Any

from app.switch.calls import API_VERSION, CallRecord, rfc2822
from app.switch.conferences import Conference, Participant
from app.switch.config import Config
from app.switch.debugger import MESSAGES
from app.switch.numbers import Number
from app.switch.recordings import Recording
from app.switch.texts import Text

Json = dict[str, Any]


def root(config: Config) -> str:
    """The account's path."""
    return f"/{API_VERSION}/Accounts/{config.account}"


def _date(moment: float | None) -> str | None:
    return None if moment is None else rfc2822(moment)


def message(text: Text, config: Config) -> Json:
    """https://www.twilio.com/docs/messaging/api/message-resource#message-properties"""
    uri = f"{root(config)}/Messages/{text.sid}"
    return {
        "account_sid": config.account,
        "api_version": API_VERSION,
        "body": text.body,
        "date_created": _date(text.created),
        "date_sent": _date(text.sent),
        "date_updated": _date(text.updated),
        "direction": text.direction,
        "error_code": text.error,
        "error_message": MESSAGES.get(text.error) if text.error else None,
        "from": text.from_,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": str(text.segments),
        "price": None,
        "price_unit": "USD",
        "sid": text.sid,
        "status": text.status,
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": text.to,
        "uri": f"{uri}.json",
    }


def call(record: CallRecord, config: Config) -> Json:
    """https://www.twilio.com/docs/voice/api/call-resource#call-properties"""
    uri = f"{root(config)}/Calls/{record.sid}"
    return {
        "account_sid": config.account,
        "answered_by": None,
        "api_version": API_VERSION,
        "caller_name": None,
        "date_created": _date(record.created),
        "date_updated": _date(record.ended or record.answered or record.created),
        "direction": record.direction,
        "duration": str(record.seconds) if record.ended else None,
        "end_time": _date(record.ended),
        "forwarded_from": None,
        "from": record.from_,
        "from_formatted": record.from_,
        "group_sid": None,
        "parent_call_sid": record.parent,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": record.sid,
        "start_time": _date(record.answered),
        "status": record.status,
        "subresource_uris": {"recordings": f"{uri}/Recordings.json"},
        "to": record.to,
        "to_formatted": record.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }


def conference(room: Conference, config: Config) -> Json:
    """https://www.twilio.com/docs/voice/api/conference-resource#conference-properties"""
    uri = f"{root(config)}/Conferences/{room.sid}"
    return {
        "account_sid": config.account,
        "api_version": API_VERSION,
        "call_sid_ending_conference": room.ended_by,
        "date_created": _date(room.created),
        "date_updated": _date(room.updated),
        "friendly_name": room.name,
        "reason_conference_ended": room.reason_ended,
        "region": "us1",
        "sid": room.sid,
        "status": room.status,
        "subresource_uris": {"participants": f"{uri}/Participants.json", "recordings": f"{uri}/Recordings.json"},
        "uri": f"{uri}.json",
    }


_PARTICIPANT_STATUS = {"queued": "queued", "ringing": "ringing", "in-progress": "connected", "completed": "complete"}


def participant(who: Participant, config: Config) -> Json:
    """https://www.twilio.com/docs/voice/api/conference-participant-resource#participant-properties"""
    room = who.conference.sid
    return {
        "account_sid": config.account,
        "call_sid": who.call.sid,
        "call_sid_to_coach": who.options.coach,
        "coaching": who.options.coach is not None,
        "conference_sid": room,
        "date_created": _date(who.created),
        "date_updated": _date(who.updated),
        "end_conference_on_exit": who.end_on_exit,
        "hold": who.hold,
        "label": who.options.label,
        "muted": who.muted,
        "queue_time": "0",
        "start_conference_on_enter": who.options.start_on_enter,
        "status": _PARTICIPANT_STATUS.get(who.call.record.status, "failed"),
        "uri": f"{root(config)}/Conferences/{room}/Participants/{who.call.sid}.json",
    }


def recording(made: Recording, config: Config) -> Json:
    """https://www.twilio.com/docs/voice/api/recording#recording-properties"""
    path = f"{root(config)}/Recordings/{made.sid}"
    return {
        "account_sid": config.account,
        "api_version": API_VERSION,
        "call_sid": made.call,
        "channels": 1,
        "conference_sid": made.conference,
        "date_created": _date(made.created),
        "date_updated": _date(made.created),
        "duration": str(made.seconds),
        "encryption_details": None,
        "error_code": None,
        "media_url": f"{config.address}{path}",
        "price": None,
        "price_unit": "USD",
        "sid": made.sid,
        "source": made.source,
        "start_time": _date(made.created - made.seconds),
        "status": "completed",
        "subresource_uris": {"transcriptions": f"{path}/Transcriptions.json"},
        "uri": f"{path}.json",
    }


def number(owned: Number, config: Config) -> Json:
    """https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#incomingphonenumber-properties"""
    return {
        "account_sid": config.account,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": _date(owned.created),
        "date_updated": _date(owned.updated),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": owned.friendly_name,
        "identity_sid": None,
        "origin": "hosted",
        "phone_number": owned.phone_number,
        "sid": owned.sid,
        "sms_application_sid": None,
        "sms_fallback_method": owned.sms_fallback_method,
        "sms_fallback_url": owned.sms_fallback_url,
        "sms_method": owned.sms_method,
        "sms_url": owned.sms_url,
        "status": "in-use",
        "status_callback": owned.status_callback,
        "status_callback_method": owned.status_callback_method,
        "trunk_sid": None,
        "type": "local",
        "uri": f"{root(config)}/IncomingPhoneNumbers/{owned.sid}.json",
        "voice_application_sid": None,
        "voice_caller_id_lookup": False,
        "voice_fallback_method": owned.voice_fallback_method,
        "voice_fallback_url": owned.voice_fallback_url,
        "voice_method": owned.voice_method,
        "voice_receive_mode": "voice",
        "voice_url": owned.voice_url,
    }
