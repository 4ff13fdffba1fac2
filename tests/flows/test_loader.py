"""Documents: complete in themselves, addressed by content, checked against the published schema."""

import json

import jsonschema
import pytest

from ivr_flows import loader
from ivr_flows.checking.texts import named_keys
from ivr_flows.facts import LANGUAGES, Digits, Text
from tests.flows.documents import shipped, small


@pytest.mark.parametrize("name", loader.names())
def test_document_survives_storage_with_its_digest(name: str) -> None:
    document = loader.document(name)
    stored = json.loads(json.dumps(dict(reversed(document.items()))))
    assert loader.digest(stored) == loader.digest(document)
    assert loader.load(stored) is loader.load(document)


def test_digest_is_the_sha256_of_canonical_json() -> None:
    assert loader.digest({"b": 1, "a": "您"}) == "990eeaf18a1c46d5080baa51d7c3be0a4e560baa693a63631990f98d87ec415c"


def test_any_change_of_a_prompt_is_another_document() -> None:
    document = shipped("hotline")
    document["prompts"]["zh-CN"]["greeting"] += "。"
    assert loader.digest(document) != loader.digest(loader.document("hotline"))


def test_known_finds_only_what_was_loaded() -> None:
    flow = loader.shipped("hotline")
    assert loader.known(flow.digest) is flow
    assert loader.known("0" * 64) is None


def test_document_carries_only_its_own_prompts() -> None:
    prompts = loader.document("agent_leg")["prompts"]["en"]
    assert "agent.accept" in prompts
    assert "greeting" not in prompts


def test_every_prompt_of_the_files_is_used_by_some_flow() -> None:
    used = {key for name in loader.names() for key in loader.document(name)["prompts"]["en"]}
    for language in LANGUAGES:
        assert set(loader._read(f"prompts/{language}.yaml")) == used


def test_every_word_group_is_used_by_some_flow() -> None:
    used = {group for name in loader.names() for group in loader.document(name)["words"]["en"]}
    for language in LANGUAGES:
        assert set(loader._read("prompts/words.yaml")[language]) == used


def test_a_flow_may_replace_and_remove_nodes_of_its_parts() -> None:
    nodes = loader.document("out_of_hours")["nodes"]
    assert nodes["person"]["outcomes"]["nobody"] == "night_duty"
    assert "hold_alone" not in nodes


def test_unknown_flow_says_which_there_are() -> None:
    with pytest.raises(KeyError, match="hotline"):
        loader.document("switchboard")


def test_schema_is_itself_valid_and_refuses_what_it_does_not_know() -> None:
    jsonschema.Draft202012Validator.check_schema(loader.schema())
    document = small("end")
    document["nodes"]["end"]["musik"] = "Für Elise"
    with pytest.raises(loader.BadDocument, match="musik"):
        loader.load(document)


def test_schema_knows_every_kind_of_node() -> None:
    document = small("end", odd={"kind": "teleport"})
    with pytest.raises(loader.BadDocument, match="teleport"):
        loader.load(document)


@pytest.mark.parametrize(
    ("text", "language", "keys"),
    [
        ("要这个请按1，别的请按2。", "zh-CN", ["1", "2"]),
        ("说中文请按星号键。", "zh-CN", ["*"]),
        ("请按八位单号。", "zh-CN", []),
        ("To stop, press star. To go on, press 1.", "en", ["*", "1"]),
        ("Press 12 keys", "en", []),
    ],
)
def test_keys_named_by_a_text(text: str, language: str, keys: list[str]) -> None:
    assert named_keys(text, language) == keys


def test_digits_are_read_one_by_one_in_groups() -> None:
    number = Digits(8, (4, 4))
    assert number.spoken("20260017", "zh-CN") == "2 0 2 6，0 0 1 7"
    assert number.spoken("20260017", "en") == "2 0 2 6, 0 0 1 7"
    assert number.clean("2026-0017") == "20260017"
    assert number.clean("2026") is None


def test_texts_are_cut_at_the_length_that_the_budget_reckons_with() -> None:
    name = Text({"zh-CN": 2, "en": 4})
    assert name.spoken("单阿姨", "zh-CN") == "单阿"
    assert name.clean({"zh-CN": "单阿姨", "en": "Rosalind"}) == {"zh-CN": "单阿", "en": "Rosa"}
