"""How long a voice needs for a text, and which of the product's languages a carrier's language or voice stands for."""

import re

CHINESE_A_SECOND = 4.0
WORDS_A_SECOND = 2.5

_CHINESE = re.compile(r"[㐀-鿿]")
_WORD = re.compile(r"[A-Za-z0-9']+")
_VOICES = {"zhiyu": "zh-CN", "hiujin": "zh-HK"}


def language(tag: str, voice: str = "") -> str:
    """zh-CN, zh-HK or en (or the tag itself) for ``language`` and ``voice`` of a Say.

    Voices: https://www.twilio.com/docs/voice/twiml/say/text-speech
    """
    given = tag or next((known for name, known in _VOICES.items() if name in voice.lower()), "")
    parts = voice.split(".")
    given = (given or (parts[1] if parts[0] == "Google" and len(parts) > 1 else "en-US")).lower()
    if given.startswith(("cmn", "zh-cn", "zh-tw")) or given == "zh":
        return "zh-CN"
    if given.startswith(("yue", "zh-hk")):
        return "zh-HK"
    return "en" if given.startswith("en") else given


def guess(text: str) -> str:
    """The language of typed speech whose speaker did not name one."""
    return "zh-CN" if _CHINESE.search(text) else "en"


def seconds(text: str) -> float:
    """How long a calm voice needs for ``text``."""
    return len(_CHINESE.findall(text)) / CHINESE_A_SECOND + len(_WORD.findall(text)) / WORDS_A_SECOND
