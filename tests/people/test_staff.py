"""Accounts of the console."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.core.errors import BadInput, NotFound
from app.people import staff
from app.people.models import Staff

PASSWORD = "quiet river 1956"


def lena(session: Session, password: str = PASSWORD) -> Staff:
    return staff.create(
        session, username="Lena", password=password, name="连娜", role="agent", by="system:test", number="138 0013 0022"
    )


def test_the_right_password_opens_and_a_wrong_one_does_not(session: Session) -> None:
    account = lena(session)
    assert staff.authenticate(session, "lena", PASSWORD) is account
    assert staff.authenticate(session, " LENA ", PASSWORD) is account
    assert staff.authenticate(session, "lena", PASSWORD + "!") is None
    assert staff.authenticate(session, "eve", PASSWORD) is None
    assert staff.authenticate(session, "lena", "") is None


def test_the_password_is_not_kept(session: Session) -> None:
    assert PASSWORD not in lena(session).password_hash
    assert lena_hash_is_argon2(session)


def lena_hash_is_argon2(session: Session) -> bool:
    account = staff.by_username(session, "lena")
    return account is not None and account.password_hash.startswith("$argon2id$")


def test_full_width_typing_is_the_same_password(session: Session) -> None:
    lena(session)
    assert staff.authenticate(session, "lena", "quiet river １９５６") is not None


def test_an_unknown_name_costs_as_much_work_as_a_wrong_password(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []

    class Watched(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # type: ignore[override]
            checked.append(str(hash)[:9])
            return bool(super().verify(hash, password))

    lena(session)
    monkeypatch.setattr(staff, "_hasher", Watched())
    staff.authenticate(session, "lena", "wrong")
    staff.authenticate(session, "eve", "wrong")
    assert checked == ["$argon2id", "$argon2id"]


def test_an_old_hash_is_renewed_at_sign_in(session: Session) -> None:
    account = lena(session)
    account.password_hash = old = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    assert staff.authenticate(session, "lena", PASSWORD) is account
    assert account.password_hash != old
    assert staff.authenticate(session, "lena", PASSWORD) is account


def test_a_new_password_ends_all_sessions(session: Session) -> None:
    account = lena(session)
    mark = account.session_mark
    staff.set_password(session, account, "another river 1957", "staff:1")
    assert account.session_mark != mark
    assert staff.authenticate(session, "lena", PASSWORD) is None
    assert staff.authenticate(session, "lena", "another river 1957") is account


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short1!", "password.length"),
        ("x" * 129, "password.length"),
        ("password12", "password.common"),
        ("1234567890", "password.common"),
        ("qwertyuiop", "password.common"),
        ("lenalenalena", "password.common"),
    ],
)
def test_a_short_or_common_password_is_refused(session: Session, password: str, code: str) -> None:
    with pytest.raises(BadInput, match=r"staff\.wrong") as error:
        lena(session, password)
    assert [problem["code"] for problem in error.value.facts["problems"]] == [code]  # type: ignore[attr-defined]


def test_the_demos_password_is_long_enough() -> None:
    assert staff._strong("doorline-demo", ["agent1"]) == "doorline-demo"


def test_everything_wrong_with_an_account_is_told_at_once(session: Session) -> None:
    lena(session)
    with pytest.raises(BadInput) as error:
        staff.create(session, username="lena", password="short", name="", role="king", by="staff:1", number="1")
    found = {problem["field"]: problem["code"] for problem in error.value.facts["problems"]}  # type: ignore[attr-defined]
    assert found == {
        "username": "username.taken",
        "password": "password.length",
        "name": "field.missing",
        "role": "choice.unknown",
        "number": "phone.unreadable",
    }


def test_whoever_left_can_not_sign_in_until_he_is_back(session: Session) -> None:
    account = lena(session)
    mark = account.session_mark
    staff.deactivate(session, account, "staff:1")
    assert account.session_mark != mark
    assert staff.authenticate(session, "lena", PASSWORD) is None
    staff.activate(session, account, "staff:1")
    assert staff.authenticate(session, "lena", PASSWORD) is account


def test_the_agents_own_number_is_kept_in_one_spelling(session: Session) -> None:
    assert lena(session).number == "+8613800130022"


def test_only_active_administrators_count(session: Session) -> None:
    assert staff.administrators(session) == 0
    boss = staff.create(session, username="boss", password=PASSWORD, name="苏慧", role="admin", by="system:init")
    assert staff.administrators(session) == 1
    staff.deactivate(session, boss, "staff:1")
    session.flush()
    assert staff.administrators(session) == 0


def test_an_unknown_account_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound, match=r"staff\.unknown"):
        staff.get(session, 5)
