"""Every document that we can send is TwiML by the official schema: all places of all flows, languages and paces."""

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from app.core import again, settings
from app.web.carrier import twiml
from ivr_flows import loader
from ivr_flows.checking.walk import Walk
from ivr_flows.engine import begin
from ivr_flows.flow import Flow
from ivr_flows.steps import Ask, Conference, Dial, Record, Step
from tests.web_carrier import schema

ACTION = "https://doorline.example/carrier/voice/step?call=7&n=3"
STEP, STATUS = again.STEP, again.STATUS


def slowly(step: Step) -> Step:
    """The same for a caller who is spoken to slowly."""
    if hasattr(step, "says"):
        return replace(step, says=tuple(replace(say, pace="slow") for say in step.says))
    return replace(step, pace="slow") if hasattr(step, "pace") else step


def rendered(flow: Flow, steps: tuple[Step, ...]) -> str:
    return twiml.Renderer(flow)(7, 3, tuple(named(step) for step in steps), begin(flow, {}))


def named(step: Step) -> Step:
    """The walk knows conferences by the longest of names, we by the caller's id."""
    return Conference(step.name and "7") if isinstance(step, Conference) else step


def only(flow_name: str, kind: type[Any], **fields: Any) -> etree._Element:
    """The document for a lone step of ``kind``."""
    document = rendered(loader.shipped(flow_name), (kind(**fields),))
    assert schema.problems(document) == []
    return etree.fromstring(document.encode())


@pytest.mark.parametrize("name", loader.names())
def test_every_place_of_every_flow_is_valid(name: str) -> None:
    # Where a caller can change the language on the way, one beginning reaches the texts of both.
    flow = loader.shipped(name)
    walk = Walk(flow, ("zh-CN",) if "*" in flow.always else ("zh-CN", "en"), ("normal",))
    walked = {repr(place.turn.steps): place.turn.steps for place in walk.places.values() if place.turn.steps}
    documents = [
        rendered(flow, said) for steps in walked.values() for said in (steps, tuple(slowly(step) for step in steps))
    ]
    assert {language for language in ("cmn-CN", "en-GB") if any(language in text for text in documents)} == {
        "cmn-CN",
        "en-GB",
    }
    assert [found for document in documents if (found := schema.problems(document))] == []


def test_the_schema_refuses_what_is_none_of_its_business() -> None:
    assert schema.problems("<Response><Whistle/></Response>")
    assert schema.problems('<Response><Say voice="Parrot">好</Say></Response>')
    assert schema.problems('<Response><Gather numDigits="many"/></Response>')
    assert schema.problems(f"<Response><Say>{'好' * 2000}</Say></Response>")
    assert not schema.problems('<Response><Say voice="Google.cmn-CN-Wavenet-A">好</Say></Response>')


@pytest.mark.parametrize("document", [twiml.fallback, twiml.unanswered, twiml.check, twiml.nothing])
def test_documents_without_a_flow_are_valid(document: Any) -> None:
    assert schema.problems(document()) == []


def test_a_caller_and_his_agent_meet_under_the_callers_id_and_whoever_comes_first_names_the_callback() -> None:
    for name in ("", "7"):
        [dial] = only("hotline", Conference, name=name)
        [room] = dial
        assert (dial.get("action"), room.text) == (ACTION + STEP, "call-7")
        assert room.get("statusCallback") == "https://doorline.example/carrier/conference?call=7" + STATUS
        assert room.get("endConferenceOnExit") == "true"


def test_a_question_that_collects_nothing_does_not_end_the_call() -> None:
    gather, redirect = only("hotline", Ask, says=(), keys="09", num_digits=8, timeout_s=10)
    assert gather.get("action") == redirect.text == ACTION + STEP


def test_a_recording_that_stays_empty_comes_back_as_such() -> None:
    record, redirect = only("hotline", Record, says=(), max_s=60, quiet_s=5)
    assert (record.get("action"), record.get("maxLength"), record.get("timeout")) == (ACTION + STEP, "60", "5")
    assert redirect.text == f"{ACTION}&nothing=1{STEP}"


def test_without_a_duty_phone_the_caller_goes_on_as_if_nobody_had_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    assert only("hotline", Dial, target="duty", timeout_s=25)[0].tag == "Dial"
    nobody = settings.current().model_copy(update={"duty_number": ""})
    monkeypatch.setattr(settings, "current", lambda: nobody)
    [redirect] = only("hotline", Dial, target="duty", timeout_s=25)
    assert (redirect.tag, redirect.text) == ("Redirect", f"{ACTION}&dialled=failed{STEP}")
