"""Which prompts and words a flow uses, so that its document carries these and no others."""

import itertools
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any

ENGINE_PROMPTS = ("again.silence", "again.wrong", "again.empty", "ringing")
"""Spoken by node kinds themselves."""

ENGINE_WORDS = ("emergency", "person")


def prompts(flow: Mapping[str, Any]) -> set[str]:
    """Keys of all prompts that the flow can speak; a key like status.{status} stands for one of each value."""
    keys = set(ENGINE_PROMPTS)
    for node in flow["nodes"].values():
        for key in node_prompts(node):
            keys.update(expand(key, flow["facts"]))
    return keys


def node_prompts(node: Mapping[str, Any]) -> Iterator[str]:
    """The prompt keys of one node, as written."""
    for line in node_lines(node):
        yield line["prompt"] if isinstance(line, Mapping) else line


def node_lines(node: Mapping[str, Any]) -> Iterator[Any]:
    """What one node says: prompt keys, or {"prompt": key, "language": "other"}."""
    lines = [node.get("say", []), *(part.get("say", []) for part in node.get("rounds", []))]
    return itertools.chain.from_iterable(lines)


def expand(key: str, facts: Mapping[str, Any]) -> list[str]:
    """``key`` with every combination of the values of the choices it names. Raises KeyError for an undeclared one."""
    fields = [field for _, field, _, _ in Formatter().parse(key) if field]
    values = [facts[field]["choice"] for field in fields]
    return [key.format(**dict(zip(fields, chosen, strict=True))) for chosen in itertools.product(*values)]


def word_groups(flow: Mapping[str, Any]) -> set[str]:
    """Names of the word groups that the flow listens for."""
    groups = set(ENGINE_WORDS)
    for node in flow["nodes"].values():
        for option in node.get("options", {}).values():
            groups.update({option["words"]} if "words" in option else ())
    return groups
