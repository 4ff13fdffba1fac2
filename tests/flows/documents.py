"""Small documents for the tests of node kinds, and shipped ones to be broken."""

import copy
from typing import Any

from ivr_flows import loader

PROMPTS = {
    "zh-CN": {
        "again.silence": "没听到。", "again.wrong": "不对。", "again.empty": "没有录到。", "ringing": "正在找人。",
        "hello": "您好。", "choose": "要的请按1，不要请按2。", "number": "请输入号码。", "speak": "请说。",
        "bye": "再见。", "fact": "{text}，{digits}。", "by.a": "甲。", "by.b": "乙。",
    },
    "en": {
        "again.silence": "I heard nothing.", "again.wrong": "Not right.", "again.empty": "Nothing recorded.",
        "ringing": "Finding someone.", "hello": "Hello.", "choose": "If so, press 1. If not, press 2.",
        "number": "The number please.", "speak": "Please speak.", "bye": "Goodbye.", "fact": "{text}, {digits}.",
        "by.a": "A.", "by.b": "B.",
    },
}  # fmt: skip
WORDS = {
    "zh-CN": {"emergency": ["救命"], "person": ["人工"], "yes": ["好的"], "no": ["不要"]},
    "en": {"emergency": ["fire"], "person": ["operator"], "yes": ["yes"], "no": ["no"]},
}


def small(start: str, **nodes: dict[str, Any]) -> dict[str, Any]:
    """A document of ``nodes`` and what every flow has: a person, an emergency, ends."""
    return {
        "format": 1,
        "name": "small",
        "title": {"zh-CN": "小", "en": "Small"},
        "direction": "inbound",
        "ends": ["order", "person", "call_back", "message"],
        "start": start,
        "always": {"0": "person", "9": "emergency", "*": "other_language"},
        "answered": "talk",
        "hung_up": "dropped",
        "hung_up_waiting": "dropped_waiting",
        "limit": {"turns": 12, "go": "dropped"},
        "facts": {
            "call": {"text": {"zh-CN": 20, "en": 20}},
            "letter": {"choice": ["a", "b"]},
            "text": {"text": {"zh-CN": 4, "en": 8}},
            "digits": {"digits": 4, "groups": [2, 2]},
        },
        "nodes": {
            "person": {"kind": "effect", "effect": "ring_agents", "outcomes": {"ringing": "end", "nobody": "end"}},
            "emergency": {"kind": "effect", "effect": "emergency", "outcomes": {"ringing": "end", "nobody": "end"}},
            "other_language": {"kind": "language"},
            "talk": {"kind": "connect", "say": ["hello"], "ended": "end", "lost": "dropped"},
            "dropped": {"kind": "effect", "effect": "save_dropped", "outcomes": {"saved": "end"}},
            "dropped_waiting": {"kind": "effect", "effect": "save_dropped", "outcomes": {"saved": "end"}},
            "end": {"kind": "end", "end": "call_back", "say": ["bye"]},
            "other": {"kind": "end", "end": "order"},
            **nodes,
        },
        "prompts": PROMPTS,
        "budgets": {"default": 12, "turn": 30},
        "words": WORDS,
    }


def shipped(name: str) -> dict[str, Any]:
    """A copy of a shipped document that may be broken."""
    return copy.deepcopy(loader.document(name))
