"""How many parts a text travels in (https://www.twilio.com/docs/glossary/what-sms-character-limit)."""

LONGEST = 1600
"""Characters of a text, more is error 21617."""

_GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ!\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE = set("^{}\\[~]|€\f")


def count(body: str) -> int:
    """Parts of ``body``: GSM-7 holds 160 (153 each in several), anything else is UCS-2 with 70 (67)."""
    if set(body) <= _GSM | _GSM_TWICE:
        units, one, each = len(body) + sum(c in _GSM_TWICE for c in body), 160, 153
    else:
        units, one, each = len(body.encode("utf-16-be")) // 2, 70, 67
    return 1 if units <= one else -(-units // each)
