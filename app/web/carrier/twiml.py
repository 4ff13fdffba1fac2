"""Steps of a flow as TwiML: one of the two translators at the edge (the other reads the carrier's forms)."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

import yaml
from twilio.twiml.voice_response import Gather, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from app.core import again, settings
from ivr_flows import engine
from ivr_flows.steps import Ask, Conference, Dial, HangUp, Record, Say, Step, Wait

VOICES = {"zh-CN": ("cmn-CN", "Polly.Zhiyu-Neural"), "en": ("en-GB", "Polly.Amy-Neural")}
"""Language and voice by our language code (https://www.twilio.com/docs/voice/twiml/say/text-speech)."""

SPEECH = {"zh-CN": "cmn-Hans-CN", "en": "en-GB"}
"""Speech recognition languages (https://www.twilio.com/docs/voice/twiml/gather#languagetags)."""

SLOW = "80%"
FALLBACK_PATH = "/voice/fallback"
CHECK_PATH = "/voice/check"
FALLBACK_SECONDS = 30
EVENTS = "join leave"


def address(path: str, retry: str = again.STATUS, **query: object) -> str:
    """An absolute address of ours; the carrier signs all but the fragment, by which it knows when to ask again."""
    return f"{settings.current().public_base_url}/carrier/{path}?{urlencode(query)}{retry}"


def step_address(call_id: int, n: int, **more: object) -> str:
    """Where the answer to what is said now goes."""
    return address("voice/step", again.STEP, call=call_id, n=n, **more)


def conference_name(call_id: int) -> str:
    """The conference in which the caller of ``call_id`` meets his agent: named by our own id."""
    return f"call-{call_id}"


class Renderer:
    """Renders the steps of one flow; ``flow`` gives the texts."""

    def __init__(self, flow: engine.Flow) -> None:
        self.flow = flow

    def __call__(self, call_id: int, n: int, steps: Sequence[Step], state: engine.State) -> str:
        """The document that says and asks ``steps`` and brings the answer to step ``n``."""
        response = VoiceResponse()
        for step in steps:
            self._add(response, step, call_id, n, state.language)
        if not steps or isinstance(steps[-1], Say):
            response.hangup()
        return str(response)

    def _add(self, response: VoiceResponse, step: Step, call_id: int, n: int, language: str) -> None:
        action = step_address(call_id, n)
        match step:
            case Say():
                self._say(response, step)
            case Ask():
                self._gather(response, step.says, step.timeout_s, step.num_digits, step.words, action, language)
            case Wait():
                self._gather(response, step.says, step.seconds, 1, step.words, action, language)
            case Record():
                for say in step.says:
                    self._say(response, say)
                response.record(
                    action=action,
                    max_length=step.max_s,
                    timeout=step.quiet_s,
                    finish_on_key=step.finish_keys,
                    play_beep=True,
                    trim="do-not-trim",
                )
                response.redirect(step_address(call_id, n, nothing=1))
            case Dial():
                duty(response, step.timeout_s, action, step_address(call_id, n, dialled="failed"))
            case Conference():
                join(response, int(step.name or call_id), action)
            case HangUp():
                response.hangup()

    def _say(self, parent: VoiceResponse | Gather, say: Say) -> None:
        language, voice = VOICES[say.language]
        text = self.flow.text(say)
        if say.pace != "slow":
            parent.say(text, language=language, voice=voice)
            return
        verb = SayVerb(language=language, voice=voice)
        verb.prosody(text, rate=SLOW)
        parent.append(verb)

    def _gather(
        self,
        response: VoiceResponse,
        says: Sequence[Say],
        timeout: int,
        digits: int,
        words: Sequence[str],
        action: str,
        language: str,
    ) -> None:
        speech = {"hints": ",".join(words), "language": SPEECH[language], "speech_timeout": "auto"} if words else {}
        gather = response.gather(
            input="dtmf speech" if words else "dtmf",
            action=action,
            timeout=timeout,
            num_digits=digits,
            finish_on_key="#" if digits > 1 else "",
            action_on_empty_result=True,
            **speech,
        )
        for say in says:
            self._say(gather, say)
        # A finish key pressed first makes no action call, and a document that ends would end the call.
        response.redirect(action)


def join(response: VoiceResponse, call_id: int, action: str) -> None:
    """Into the conference of the caller ``call_id``; when either side leaves it ends, and ``action`` goes on."""
    dial = response.dial(action=action)
    dial.conference(
        conference_name(call_id),
        start_conference_on_enter=True,
        end_conference_on_exit=True,
        beep="false",
        # Whoever comes first names the callback for all, and that is mostly the agent.
        status_callback=address("conference", call=call_id),
        status_callback_event=EVENTS,
    )


def duty(response: VoiceResponse, timeout: int, action: str, nobody: str) -> None:
    """Ring the duty phone; where there is none, go on at ``nobody`` as if it had not been answered."""
    configured = settings.current()
    if not configured.duty_number:
        response.redirect(nobody)
        return
    dial = response.dial(action=action, timeout=timeout, caller_id=configured.hotline_number)
    dial.number(configured.duty_number)


def nothing() -> str:
    """An answer that does nothing more."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


@cache
def fallback() -> str:
    """An apology in both languages, then the duty phone; the same for every call."""
    if not settings.current().duty_number:
        return unanswered()
    response = VoiceResponse()
    _say_all(response, "apology")
    duty(response, FALLBACK_SECONDS, address("voice/fallback", again.STEP, duty=1), "")
    return str(response)


@cache
def unanswered() -> str:
    """The duty phone was not answered either: whom to ring in danger, and to ring us again."""
    response = VoiceResponse()
    _say_all(response, "unanswered")
    return str(response)


@cache
def check() -> str:
    """What whoever is rung by `doorline carrier connect --ring` hears."""
    response = VoiceResponse()
    _say_all(response, "check")
    return str(response)


def _say_all(response: VoiceResponse, part: str) -> None:
    for say in yaml.safe_load(files("app.web.carrier").joinpath("fallback.yaml").read_text("utf-8"))[part]:
        language, voice = VOICES[say["language"]]
        response.say(say["text"], language=language, voice=voice)
