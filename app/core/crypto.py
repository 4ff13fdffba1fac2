"""Secrets at rest and in links: encrypted columns, keyed hashes for search, signed tokens.

Fernet (AES-CBC with HMAC) from `cryptography`; several keys at once allow rotation. A keyed hash makes an encrypted
phone number searchable without making it guessable from a stolen copy of the database.
"""

import hashlib
import hmac
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from itsdangerous import BadData, URLSafeTimedSerializer
from itsdangerous.timed import TimestampSigner

from app.core import clock, settings
from app.core.errors import BadInput


@cache
def _keys(keys: tuple[str, ...]) -> MultiFernet:
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError as error:
        problem = {"field": "ENCRYPTION_KEYS", "code": "setting.not_fernet"}
        raise BadInput("settings.wrong", problems=[problem]) from error


def _box() -> MultiFernet:
    return _keys(tuple(settings.current().encryption_keys))


def new_key() -> str:
    """A fresh encryption key for ENCRYPTION_KEYS."""
    return Fernet.generate_key().decode()


def encrypt(text: str) -> str:
    """``text`` as ciphertext (URL-safe base64) under the first key."""
    return _box().encrypt(text.encode()).decode()


def decrypt(token: str) -> str:
    """The text of ``token``, whichever key encrypted it. Raises BadInput("crypto.key_missing") without that key."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise BadInput("crypto.key_missing") from error


def _given(name: str, secret: str) -> str:
    """``secret``, which must not be empty: an empty key would hash and sign without complaint, and protect nothing."""
    if not secret:
        raise BadInput("settings.wrong", problems=[{"field": name, "code": "setting.secret_missing"}])
    return secret


def keyed_hash(text: str) -> str:
    """A search key for ``text``: HMAC-SHA256 under HASH_KEY, 64 hex digits. Raises BadInput without that key."""
    key = _given("HASH_KEY", settings.current().hash_key)
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


class _Signer(TimestampSigner):
    """A signer that ages by the product's clock, so that winding the clock ages links too."""

    def get_timestamp(self) -> int:
        return int(clock.timestamp())


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    key = _given("SECRET_KEY", settings.current().secret_key)
    return URLSafeTimedSerializer(key, salt=f"doorline.{purpose}", signer=_Signer)


def sign(purpose: str, payload: Any) -> str:
    """A URL-safe token that carries ``payload`` (JSON) and is good for ``purpose`` only."""
    token = _serializer(purpose).dumps(payload)
    return token.decode() if isinstance(token, bytes) else token


def unsign(purpose: str, token: str, max_age: int | None = None) -> Any:
    """The payload of a token signed for ``purpose``, not older than ``max_age`` seconds.

    Raises BadInput("link.invalid") if it was tampered with, is for another purpose, or too old.
    """
    try:
        return _serializer(purpose).loads(token, max_age=max_age)
    except BadData as error:
        raise BadInput("link.invalid") from error
