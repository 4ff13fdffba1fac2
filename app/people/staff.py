"""Accounts of the console: making them, signing in, passwords.

Argon2id by argon2-cffi with its own defaults (RFC 9106, low-memory profile); hashes are renewed at sign-in when those
defaults have grown. A password is refused if it is short or among those that everybody tries first (zxcvbn; NIST
SP 800-63B section 5.1.1.2: length and a list of common ones, no rules about kinds of characters).
"""

import secrets
from functools import cache
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from app.core import clock, moves, settings
from app.core.errors import BadInput, NotFound
from app.people import forms, rules
from app.people.models import Staff

SHORTEST = 10
LONGEST = 128
GUESSABLE = 1
"""zxcvbn's score, 0 to 4; up to this one a password falls to a list of common ones."""

_hasher = PasswordHasher()


def authenticate(session: Session, username: str, password: str) -> Staff | None:
    """The active account with this name and password, or None; both failures take the same time."""
    staff = by_username(session, username)
    try:
        _hasher.verify(staff.password_hash if staff else _nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return None
    if staff is None or not staff.active:
        return None
    if _hasher.check_needs_rehash(staff.password_hash):
        staff.password_hash = _hasher.hash(_normal(password))
    return staff


def by_username(session: Session, username: str) -> Staff | None:
    """The account of this name, active or not."""
    return session.scalar(select(Staff).where(Staff.username == _username(username)))


def get(session: Session, staff_id: int) -> Staff:
    """One account. Raises NotFound("staff.unknown")."""
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFound("staff.unknown", id=staff_id)
    return staff


def everybody(session: Session) -> list[Staff]:
    """All accounts, active ones first, by name."""
    return list(session.scalars(select(Staff).order_by(Staff.active.desc(), Staff.username)))


def create(
    session: Session,
    *,
    username: str,
    password: str,
    name: str,
    role: str,
    by: str,
    language: str | None = None,
    number: str | None = None,
    area_id: int | None = None,
) -> Staff:
    """Make an account. number: the agent's own phone as written, for agents without a browser line.

    Raises BadInput("staff.wrong", problems=[{"field", "code", …}]) with everything that is wrong.
    """
    given = {
        "username": username,
        "name": name,
        "role": role,
        "language": language or settings.current().default_language,
        "number": number,
        "password": password,
    }
    reader = _check(given)
    if "username" in reader.values and by_username(session, reader.values["username"]):
        reader.problems.append({"field": "username", "code": "username.taken", "given": username})
    values = _finish(reader)
    values["password_hash"] = _hasher.hash(values.pop("password"))
    staff = Staff(**values, area_id=area_id, session_mark=_mark(), created_at=clock.now())
    session.add(staff)
    moves.record(session, staff, "created", by, role=role)
    return staff


def set_password(session: Session, staff: Staff, password: str, by: str) -> None:
    """Give ``staff`` a new password; every session of the account ends.

    Raises BadInput("staff.wrong", problems=[…]) for a short or common one.
    """
    values = _finish(_check({"password": password, "username": staff.username, "name": staff.name}))
    staff.password_hash = _hasher.hash(values["password"])
    staff.session_mark = _mark()
    moves.record(session, staff, "password_changed", by)


def deactivate(session: Session, staff: Staff, by: str) -> None:
    """The person has left: no sign-in, no session any more; what he did stays on record."""
    staff.active = False
    staff.session_mark = _mark()
    moves.record(session, staff, "deactivated", by)


def activate(session: Session, staff: Staff, by: str) -> None:
    """Undo deactivate."""
    staff.active = True
    moves.record(session, staff, "activated", by)


def administrators(session: Session) -> int:
    """How many active administrators there are; the last one can't be removed by the pages."""
    active = select(func.count()).where(Staff.role == "admin", Staff.active)
    return session.scalar(active) or 0


def _check(given: dict[str, str | None]) -> forms.Reader:
    reader = forms.Reader(given)
    reader.read("username", forms.required(_account_name))
    reader.read("name", forms.required(forms.text(80)))
    reader.read("role", forms.one_of(rules.ROLES))
    reader.read("language", forms.one_of(rules.LANGUAGES))
    reader.read("number", _number)
    reader.read("password", lambda value: _strong(value, [given.get("username") or "", given.get("name") or ""]))
    return reader


def _finish(reader: forms.Reader) -> dict[str, str]:
    if reader.problems:
        raise BadInput("staff.wrong", problems=reader.problems)
    return reader.values


def _account_name(value: str | None) -> str | None:
    name = _username(value or "")
    if name and (len(name) > 40 or not all(sign.isalnum() or sign in "._-" for sign in name)):
        raise BadInput("username.unusable", given=value, expected="a-z 0-9 . _ -")
    return name or None


def _number(value: str | None) -> str | None:
    return forms.phone(value).e164 if value else None


def _strong(value: str | None, known: list[str]) -> str:
    password = _normal(value or "")
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput("password.length", given=len(password), expected=[SHORTEST, LONGEST])
    if zxcvbn(password[:72], user_inputs=[word for word in known if word])["score"] <= GUESSABLE:
        raise BadInput("password.common")
    return password


def _username(text: str) -> str:
    return normalize("NFKC", text).strip().lower()


def _normal(password: str) -> str:
    return normalize("NFKC", password)


def _mark() -> str:
    return secrets.token_hex(16)


@cache
def _nobody() -> str:
    """A hash that no password fits, so that an unknown name costs as much time as a wrong password."""
    return _hasher.hash(secrets.token_hex(32))
