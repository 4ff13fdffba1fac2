"""Templates: complete, short enough, without personal data they should not have, and strictly loaded."""

import re
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
import yaml
from pydantic import ValidationError

from app.core import clock
from app.core.errors import BadInput
from app.messages import parts, templates
from app.messages.templates import LANGUAGES, Template
from ivr_flows import engine, loader

NAMES = sorted(templates.table())
SIGNATURE = "【春晓】"
LINK = "https://door.example.cn/f/" + "x" * 51


def longest(template: Template, language: str) -> dict[str, object]:
    """Each parameter at its longest."""
    latest = datetime(2026, 12, 29, 4, 45, tzinfo=UTC)
    return {
        name: {
            "words": ("好" if language == "zh-CN" else "W") * (param.most.get(language, 0) + 5),
            "digits": "8" * param.most.get(language, 0),
            "when": latest,
            "minutes": 120,
            "link": LINK,
        }[param.kind]
        for name, param in template.params.items()
    }


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_text_keeps_within_its_parts_with_the_longest_parameters(name: str, language: str) -> None:
    template = templates.get(name)
    text = SIGNATURE * (language == "zh-CN") + templates.write(name, language, longest(template, language))
    assert parts.count(text).count <= template.parts, text
    assert parts.count(text).units <= parts.LONGEST


@pytest.mark.parametrize("name", [name for name in NAMES if "link" not in templates.get(name).params])
def test_only_a_link_may_need_a_second_part(name: str) -> None:
    assert templates.get(name).parts == 1


def test_all_that_matters_of_an_offer_is_in_its_first_part() -> None:
    template = templates.get("offer")
    text = templates.write("offer", "zh-CN", longest(template, "zh-CN"))
    before_link = text[: text.index("https")]
    assert parts.count(before_link).units <= 67
    assert "1 88" in before_link and "2 88" in before_link


@pytest.mark.parametrize("name", NAMES)
def test_english_texts_need_no_wide_alphabet(name: str) -> None:
    template = templates.get(name)
    assert parts.count(templates.write(name, "en", longest(template, "en"))).alphabet == "gsm7"


@pytest.mark.parametrize("name", NAMES)
def test_chinese_has_chinese_signs(name: str) -> None:
    forms = [templates.get(name).text["zh-CN"], *[form["zh-CN"] for form in [templates.get(name).said] if form]]
    for form in forms:
        assert not re.search(r"[一-鿿][,:;!?]|[,:;!?][一-鿿]", form), form


@pytest.mark.parametrize("name", [name for name in NAMES if templates.get(name).to == "worker"])
def test_workers_get_no_name_of_a_resident_no_address_and_no_whole_code(name: str) -> None:
    params = templates.get(name).params
    assert set(params) <= {"service", "when", "community", "minutes", "code", "code_half", "link"}
    assert all(param.most.get("zh-CN", 0) == 2 for param in params.values() if param.kind == "digits")


@pytest.mark.parametrize("name", NAMES)
def test_what_matters_can_be_said_by_voice_and_answers_to_texts_need_not(name: str) -> None:
    template = templates.get(name)
    assert template.flow in {None, "offer", "announce", "notice", "satisfaction"}
    if template.flow is None:
        assert template.fresh <= 60
    for language in LANGUAGES:
        said = templates.say(name, language, longest(template, language)) if template.flow else ""
        assert "http" not in said and "{" not in said


def test_an_offers_words_fit_seventy_characters_and_in_english_one_part_with_the_link() -> None:
    template = templates.get("offer")
    chinese = templates.write("offer", "zh-CN", longest(template, "zh-CN") | {"link": ""})
    assert len(chinese) <= 70
    link = "https://hotline.example.cn/v/zzzz-0123456789"
    assert parts.count(templates.write("offer", "en", longest(template, "en") | {"link": link})).count == 1


def test_codes_are_spoken_digit_by_digit() -> None:
    params = {"worker": "阿米尔", "when": clock.now(), "code": "8245"}
    assert "8 2 4 5" in templates.say("visit_announced", "zh-CN", params)
    assert "8245" in templates.write("visit_announced", "zh-CN", params)


def test_a_kept_moment_is_said_from_the_day_it_is_said_on() -> None:
    template = templates.get("visit_late")
    packed = templates.pack(template, {"when": clock.now() + timedelta(days=1)})
    assert "tomorrow" in templates.write("visit_late", "en", packed)
    clock.wind(timedelta(days=1))
    assert "today" in templates.write("visit_late", "en", packed)


def test_long_words_are_cut() -> None:
    params = {"service": "居家环境清洁与整理收纳", "when": clock.now(), "community": "春晓", "minutes": 5, "code": "27"}
    assert "居家环境清洁…" in templates.write("offer", "zh-CN", params | {"link": LINK})


@pytest.mark.parametrize("params", [{}, {"number": "1", "more": "2"}, {"other": "1"}])
def test_parameters_must_be_those_declared(params: dict[str, str]) -> None:
    with pytest.raises(BadInput, match=r"template\.params"):
        templates.pack(templates.get("order_confirmed"), params)


def test_an_unknown_template_is_refused() -> None:
    with pytest.raises(BadInput, match=r"template\.unknown"):
        templates.get("nonsense")


GOOD = {
    "to": "resident",
    "fresh": 60,
    "parts": 1,
    "params": {"number": "digits 8"},
    "text": {"zh-CN": "{number}", "en": "{number}"},
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": "everybody"},
        {"fresh": 0},
        {"colour": "red"},
        {"text": {"en": "{number}"}},
        {"text": {"zh-CN": "{number}", "en": "without it"}},
        {"text": {"zh-CN": "{number} {other}", "en": "{number}"}},
        {"params": {"number": "colour 8"}},
        {"said": {"en": "{number}"}},
        {"said": {"en": "{other}", "zh-CN": "{number}"}},
    ],
)
def test_the_loader_is_strict(wrong: dict[str, object]) -> None:
    assert set(templates.load({"good": GOOD})) == {"good"}
    with pytest.raises(ValidationError):
        templates.load({"bad": GOOD | wrong})


def test_no_template_is_written_twice() -> None:
    source = files("app.messages").joinpath("templates.yaml").read_text("utf-8")
    names = re.findall(r"^(\w+):$", source, re.MULTILINE)
    assert len(names) == len(set(names)) == len(yaml.safe_load(source))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [name for name in NAMES if templates.get(name).flow])
def test_what_is_said_is_not_cut_by_its_flow(name: str, language: str) -> None:
    flow = loader.load(loader.document(str(templates.get(name).flow)))
    params = longest(templates.get(name), language)
    facts = templates.facts(name, language, params) | {"message": templates.say(name, language, params)}
    known = {key: value for key, value in facts.items() if key in flow.facts}
    state = engine.begin(flow, known, language)
    for key, value in known.items():
        spoken = flow.facts[key].spoken(state.facts[key], language)
        assert re.sub(r"[ ,，]", "", spoken) == re.sub(r"[ ,，]", "", value), key


def test_a_flow_gets_numbers_without_their_units() -> None:
    params = {"service": "清洁", "when": clock.now(), "community": "春晓", "minutes": 12, "code": "27", "link": LINK}
    facts = templates.facts("offer", "zh-CN", params)
    assert (facts["minutes"], facts["code"]) == ("12", "27")
    assert "link" not in facts
