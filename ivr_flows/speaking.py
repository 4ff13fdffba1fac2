"""How long a text takes to speak.

Chinese at 3 characters a second, as one speaks to the old on the telephone (the greeting's 24 characters are 8 s);
English at 14 signs a second (some 150 words a minute). Marks count: a voice pauses there.
"""

RATES = {"zh-CN": 3.0, "en": 14.0}
SLOW = 1.25
"""A slow Say takes a quarter longer."""


def characters(text: str, language: str) -> int:
    """What is counted: Chinese without blanks, English with."""
    return len("".join(text.split())) if language == "zh-CN" else len(text)


def seconds(text: str, language: str, pace: str = "normal") -> float:
    """Time to speak ``text``."""
    return characters(text, language) / RATES[language] * (SLOW if pace == "slow" else 1.0)
