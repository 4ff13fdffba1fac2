"""Flow documents: read from YAML, made self-contained, addressed by content hash, parsed once."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from ivr_flows import gathering
from ivr_flows.facts import LANGUAGES
from ivr_flows.flow import Flow

HERE = Path(__file__).parent
FORMAT = 1
"""Version of the document format; documents of older calls keep theirs."""

_flows: dict[str, Flow] = {}


class BadDocument(Exception):
    """A document breaks the schema; the message names the place."""


def names() -> list[str]:
    """The flows as shipped."""
    return sorted(path.stem for path in (HERE / "flows").glob("*.yaml"))


@cache
def document(name: str) -> dict[str, Any]:
    """The full document of flow ``name``: nodes of its parts, prompts in both languages, words, budgets. Do not change.

    Raises KeyError for an unknown flow or prompt.
    """
    if name not in names():
        raise KeyError(f"no flow {name!r}; there are: {', '.join(names())}")
    flow = dict(_read(f"flows/{name}.yaml"))
    for part in flow.pop("parts", []):
        flow = _with_part(flow, _read(f"flows/parts/{part}.yaml"))
    budgets = _read("prompts/budgets.yaml")
    keys = gathering.prompts(flow)
    texts = {language: _read(f"prompts/{language}.yaml") for language in LANGUAGES}
    flow["format"] = FORMAT
    flow["prompts"] = {language: {key: texts[language][key] for key in sorted(keys)} for language in LANGUAGES}
    used = {key: value for key, value in budgets.items() if key in keys or key in ("default", "turn")}
    flow["budgets"] = {**used, **flow.get("budgets", {})}
    groups = gathering.word_groups(flow)
    flow["words"] = {
        language: {group: _read("prompts/words.yaml")[language][group] for group in sorted(groups)}
        for language in LANGUAGES
    }
    check_schema(flow)
    return flow


def digest(document: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of the document's canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def load(document: Mapping[str, Any]) -> Flow:
    """The flow of a document, parsed once per content. Raises BadDocument."""
    key = digest(document)
    flow = _flows.get(key)
    if flow is None:
        check_schema(document)
        flow = _flows[key] = Flow(document, key)
    return flow


def known(digest: str) -> Flow | None:
    """The flow with this digest, if this process has loaded it already (the hot path: no hashing)."""
    return _flows.get(digest)


def shipped(name: str) -> Flow:
    """The flow ``name`` as shipped."""
    return load(document(name))


@cache
def schema() -> dict[str, Any]:
    """The published JSON Schema of a flow document."""
    read: dict[str, Any] = json.loads((HERE / "schema.json").read_text(encoding="utf-8"))
    return read


def check_schema(document: Mapping[str, Any]) -> None:
    """Raises BadDocument if the document breaks the schema."""
    error = jsonschema.exceptions.best_match(_validator().iter_errors(document))
    if error is not None:
        raise BadDocument(f"{document.get('name')}: {error.json_path}: {error.message}")


@cache
def _validator() -> jsonschema.protocols.Validator:
    return jsonschema.Draft202012Validator(schema())


@cache
def _read(path: str) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((HERE / path).read_text(encoding="utf-8"))
    return read


def _with_part(flow: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """``flow`` with the shared nodes, facts and settings of a part; the flow's own win, null removes."""
    merged = {**part, **flow}
    for key in ("nodes", "facts", "always"):
        both = {**part.get(key, {}), **flow.get(key, {})}
        merged[key] = {name: value for name, value in both.items() if value is not None}
    return merged
