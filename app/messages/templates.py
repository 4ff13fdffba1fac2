"""Templates of texts and voice messages: read strictly once, filled with typed parameters.

Callers give raw values (moments, numbers, words in the recipient's language); what a person reads or hears is made
here, so that the same row can be said by text or by voice, today or after a postponement.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from app.core.errors import BadInput
from app.messages import wording

LANGUAGES = ("zh-CN", "en")
Language = Literal["zh-CN", "en"]


class Param(BaseModel):
    """A parameter's kind, and the longest it may be in each language (words), or its number of digits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["words", "digits", "when", "minutes", "link"]
    most: dict[str, int] = Field(default_factory=dict)


class Template(BaseModel):
    """One message in all its forms; see templates.yaml for the fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: Literal["worker", "resident"]
    flow: str | None = None
    fresh: int = Field(gt=0)
    parts: int = Field(gt=0)
    anytime: bool = False
    opted_out: bool = False
    params: dict[str, Param]
    text: dict[Language, str]
    said: dict[Language, str] = Field(default_factory=dict)

    @field_validator("params", mode="before")
    @classmethod
    def _read_params(cls, value: dict[str, str]) -> dict[str, Any]:
        return {name: _param(spec) for name, spec in value.items()}

    @model_validator(mode="after")
    def _complete(self) -> Self:
        for form in filter(None, (self.text, self.said)):
            if set(form) != set(LANGUAGES):
                raise ValueError("both languages are needed")
        for sentence in [*self.text.values(), *self.said.values()]:
            unknown = _fields(sentence) - set(self.params)
            if unknown:
                raise ValueError(f"parameters not declared: {sorted(unknown)}")
        if any(_fields(sentence) != set(self.params) for sentence in self.text.values()):
            raise ValueError("every parameter must be used in the text")
        return self


def _param(spec: str) -> dict[str, Any]:
    kind, _, most = spec.partition(" ")
    sizes = [int(size) for size in most.split("/")] if most else []
    return {"kind": kind, "most": {lang: sizes[i % len(sizes)] for i, lang in enumerate(LANGUAGES)} if sizes else {}}


def _fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def load(document: Mapping[str, Any]) -> dict[str, Template]:
    """Templates from a document; raises pydantic's ValidationError for anything odd in it."""
    return {name: Template.model_validate(row) for name, row in document.items()}


@cache
def table() -> dict[str, Template]:
    """Every template by its id."""
    return load(yaml.safe_load(files("app.messages").joinpath("templates.yaml").read_text("utf-8")))


def get(name: str) -> Template:
    """The template ``name``. Raises BadInput("template.unknown")."""
    if name not in table():
        raise BadInput("template.unknown", template=name)
    return table()[name]


def pack(template: Template, params: Mapping[str, Any]) -> dict[str, Any]:
    """``params`` as JSON for keeping; moments become ISO text.

    Raises BadInput("template.params") if one is missing or not asked for.
    """
    if set(params) != set(template.params):
        raise BadInput("template.params", expected=sorted(template.params), given=sorted(params))
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in params.items()}


def write(name: str, language: str, params: Mapping[str, Any]) -> str:
    """The text as it is sent (without the signature)."""
    template = get(name)
    words = {key: _written(template.params[key], value, language) for key, value in params.items()}
    return template.text[_known(language)].format(**words)


def say(name: str, language: str, params: Mapping[str, Any]) -> str:
    """The sentence as it is spoken: codes digit by digit."""
    template = get(name)
    form = template.said or template.text
    words = {key: _spoken(template.params[key], value, language) for key, value in params.items()}
    return form[_known(language)].format(**words)


def facts(name: str, language: str, params: Mapping[str, Any]) -> dict[str, str]:
    """The parameters as short strings for a flow that has its own prompts; links are left out.

    Digits and minutes are plain numbers: the flow spaces them out and names the unit.
    """
    declared = get(name).params
    return {
        key: str(value) if declared[key].kind == "minutes" else _written(declared[key], value, language)
        for key, value in params.items()
        if declared[key].kind != "link"
    }


def _known(language: str) -> Language:
    return "en" if language == "en" else "zh-CN"


def _written(param: Param, value: Any, language: str) -> str:
    match param.kind:
        case "when":
            return _when(value, language)
        case "minutes":
            return wording.minutes(int(value), language)
        case "words":
            return _cut(str(value), param.most[_known(language)], _known(language))
    return str(value)


def _spoken(param: Param, value: Any, language: str) -> str:
    if param.kind == "digits":
        return " ".join(str(value))
    return _written(param, value, language)


def _when(value: Any, language: str) -> str:
    return wording.when(datetime.fromisoformat(value) if isinstance(value, str) else value, language)


CUT = {"zh-CN": "…", "en": "."}
"""The sign of omission; the real one is not in the GSM alphabet and would triple the price of an English text."""


def _cut(words: str, most: int, language: Language) -> str:
    return words if len(words) <= most else words[: most - 1] + CUT[language]
