"""Sign-in of staff: sessions that end with the password, and a brake on guessing."""

from dataclasses import dataclass

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin
from werkzeug.wrappers import Response

from app.core import db
from app.people.models import Staff

logins = LoginManager()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="fixed-window")

GUESSES = "10 per minute"
"""Wrong passwords from one address, and for one account."""


@dataclass
class Account(UserMixin):
    """Who is signed in: what pages need of a staff row, detached from the database."""

    id: int
    username: str
    name: str
    role: str
    language: str
    mark: str

    def get_id(self) -> str:
        """What the session keeps: the mark changes with the password, so old sessions fall silent."""
        return f"{self.id}.{self.mark}"

    @property
    def by(self) -> str:
        """How history names this person."""
        return f"staff:{self.id}"


def account_of(staff: Staff) -> Account:
    """The account of a staff row."""
    return Account(staff.id, staff.username, staff.name, staff.role, staff.language, staff.session_mark)


@logins.user_loader  # type: ignore[untyped-decorator]
def load(key: str) -> Account | None:
    """The account of a session, unless it was closed or its password changed since."""
    number, _, mark = key.partition(".")
    if not number.isdigit():
        return None
    with db.unit_of_work() as session:
        staff = session.get(Staff, int(number))
        if staff is None or not staff.active or staff.session_mark != mark:
            return None
        return account_of(staff)


def tried_account() -> str:
    """The account that a sign-in is for, as a key of the limiter."""
    return request.form.get("username", "").strip().casefold()[:40]


def was_wrong(response: Response) -> bool:
    """Only failed sign-ins count against the limits."""
    return response.status_code >= 400


def init_app(app: Flask) -> None:
    """Attach sessions and limits to ``app``."""
    logins.init_app(app)
    limiter.init_app(app)
