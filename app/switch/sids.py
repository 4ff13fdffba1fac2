"""Twilio's identifiers: two letters and 32 hexadecimal digits (https://www.twilio.com/docs/glossary/what-is-a-sid)."""

from uuid import uuid4


def new(prefix: str) -> str:
    """A fresh sid: CA call, SM text, CF conference, RE recording, PN number."""
    return prefix + uuid4().hex
