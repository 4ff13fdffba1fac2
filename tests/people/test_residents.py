"""Files of residents: opened and changed with every mistake told at once; who may hear, who looked."""

from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.core import clock
from app.core.errors import BadInput, NotFound
from app.core.moves import History
from app.people import access, residents
from app.people.models import Resident, ResidentPhone
from tests.people import cast
from tests.people.cast import DAUGHTER, EVE, ROSA, SHAN, SON


def problems(error: pytest.ExceptionInfo[BadInput]) -> dict[str, str]:
    found: Any = error.value.facts["problems"]
    return {problem["field"]: problem["code"] for problem in found}


def test_a_file_keeps_phones_in_order_and_in_one_spelling(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place, phones=["021 5550 0001", "138-0013-0055", "+86 21 55500001"])
    assert [(phone.number, phone.kind, phone.rank) for phone in rosa.phones] == [
        (ROSA, "landline", 0),
        ("+8613800130055", "mobile", 1),
    ]


def test_everything_wrong_is_told_at_once(session: Session) -> None:
    with pytest.raises(BadInput, match=r"resident\.wrong") as error:
        residents.create(
            session,
            {"name": " ", "phones": ["12", SHAN, "abc"], "flags": ["rich"], "birth_year": "1066", "pace": "fast"},
            "staff:1",
        )
    assert problems(error) == {
        "name": "field.missing",
        "community_id": "field.missing",
        "address": "field.missing",
        "phones": "phone.unreadable",
        "flags": "choice.unknown",
        "birth_year": "year.unlikely",
        "pace": "choice.unknown",
    }


def test_a_problem_says_what_was_given_and_what_was_expected(session: Session) -> None:
    with pytest.raises(BadInput) as error:
        residents.create(session, {"name": "A", "address": "B", "community_id": 1, "gender": "x"}, "staff:1")
    assert error.value.facts["problems"] == [
        {"field": "gender", "code": "choice.unknown", "given": "x", "expected": ["f", "m"]}
    ]


@pytest.mark.parametrize("number", ["5550 0001", "6123456"])
def test_a_landline_needs_its_area_code(session: Session, number: str) -> None:
    with pytest.raises(BadInput) as error:
        cast.rosa(session, cast.town(session), phones=[SHAN, number])
    assert error.value.facts["problems"] == [{"field": "phones", "code": "phone.area_code_missing", "given": [number]}]


def test_nobody_lives_in_a_district_only_in_a_community(session: Session) -> None:
    place = cast.town(session)
    with pytest.raises(BadInput) as error:
        cast.rosa(session, place, community_id=place.district.id)
    assert problems(error) == {"community_id": "community.unknown"}


def test_without_a_place_the_communitys_centre_stands_in_and_is_marked(session: Session) -> None:
    place = cast.town(session)
    values = {"name": "王五", "address": "红门", "community_id": place.river.id}
    resident = residents.create(session, values, "staff:1")
    assert resident.place == [place.river.latitude, place.river.longitude]
    assert resident.approximate


def test_a_change_keeps_what_it_does_not_name(session: Session) -> None:
    rosa = cast.rosa(session, cast.town(session))
    residents.update(session, rosa, {"pace": "slow", "note": "敲门请重一点\n等久一些"}, "staff:1")
    assert (rosa.pace, rosa.name, len(rosa.phones), len(rosa.relatives)) == ("slow", "罗莎", 1, 1)
    assert rosa.note == "敲门请重一点\n等久一些"


def test_a_new_name_is_found_and_the_old_one_no_more(session: Session) -> None:
    rosa = cast.rosa(session, cast.town(session))
    residents.update(session, rosa, {"name": "仇英"}, "staff:1")
    assert residents.search(session, "qiuying") == [rosa]
    assert residents.search(session, "luosha") == []


def test_history_names_the_changed_fields_and_nothing_personal(session: Session) -> None:
    rosa = cast.rosa(session, cast.town(session))
    residents.update(session, rosa, {"note": "糖尿病", "flags": ["watch"]}, "staff:1")
    last = session.scalars(select(History).order_by(History.id.desc())).first()
    assert last is not None
    assert (last.event, last.by, last.facts, last.note) == ("changed", "staff:1", {"fields": ["flags", "note"]}, None)


def test_a_dropped_phone_is_gone_and_a_kept_one_keeps_its_row(session: Session) -> None:
    rosa = cast.rosa(session, cast.town(session), phones=[ROSA, "13800130055"])
    kept = rosa.phones[1].id
    residents.update(session, rosa, {"phones": ["13800130055", "13800130056"]}, "staff:1")
    session.flush()
    rows = session.scalars(select(ResidentPhone).order_by(ResidentPhone.rank)).all()
    assert [row.number for row in rows] == ["+8613800130055", "+8613800130056"]
    assert rows[0].id == kept


def test_sensitive_columns_are_ciphertext_in_the_database(session: Session) -> None:
    cast.rosa(session, cast.town(session), flags=["watch"], note="糖尿病", household_password="白玉兰")
    columns = "address, place, flags, wishes, household_password, note"
    row = session.execute(text(f"SELECT {columns} FROM resident")).one()
    assert all(str(value).startswith("gAAAA") for value in row)
    numbers = session.scalars(text("SELECT number FROM resident_phone UNION ALL SELECT number FROM relative")).all()
    assert all(number.startswith("gAAAA") for number in numbers)


def test_looking_at_a_file_is_logged_with_its_reason(session: Session) -> None:
    rosa = cast.rosa(session, cast.town(session))
    assert residents.get(session, rosa.id, "staff:7", "call 12") is rosa
    (look,) = access.of(session, rosa.id)
    assert (look.by, look.what, look.reason, look.at) == ("staff:7", "file", "call 12", clock.now())


def test_an_unknown_file_is_not_found_and_nothing_is_logged(session: Session) -> None:
    with pytest.raises(NotFound, match=r"resident\.unknown"):
        residents.get(session, 99, "staff:7", "curious")
    assert access.of(session, 99) == []


def test_everybody_of_a_shared_phone_is_found(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    shan = cast.mr_shan(session, place, phones=[SHAN, ROSA])
    assert residents.by_number(session, ROSA) == [rosa, shan]
    assert residents.by_number(session, SHAN) == [shan]
    assert residents.by_number(session, EVE) == []


def test_a_relatives_phone_leads_to_the_relative(session: Session) -> None:
    rosa = cast.rosa(session, cast.town(session))
    assert [relative.resident for relative in residents.relatives_by_number(session, DAUGHTER)] == [rosa]
    assert residents.by_number(session, DAUGHTER) == []


def test_own_phone_hears_all_shared_phone_little_stranger_nothing(session: Session) -> None:
    place = cast.town(session)
    rosa = cast.rosa(session, place)
    assert residents.may_hear(session, rosa, ROSA, "worker")
    assert not residents.may_hear(session, rosa, EVE, "state")
    cast.mr_shan(session, place, phones=[ROSA])
    assert not residents.may_hear(session, rosa, ROSA, "worker")
    assert residents.may_hear(session, rosa, ROSA, "state")


def test_a_relative_hears_notices_only_while_the_resident_consents(session: Session) -> None:
    shan = cast.mr_shan(session, cast.town(session))
    (son,) = shan.relatives
    assert not residents.may_hear(session, shan, SON, "done")
    residents.consent(session, son, "staff:1", call_id=5)
    session.flush()
    assert residents.may_hear(session, shan, SON, "done")
    assert not residents.may_hear(session, shan, SON, "worker")
    assert residents.notified_relatives(shan) == [son]
    residents.withdraw_consent(session, son, "staff:1")
    session.flush()
    assert not residents.may_hear(session, shan, SON, "done")
    events = session.scalars(select(History.event).where(History.thing == "resident").order_by(History.id)).all()
    assert events == ["created", "consented", "consent_withdrawn"]


def test_consent_to_one_residents_relative_opens_no_other_file(session: Session) -> None:
    place = cast.town(session)
    cast.rosa(session, place)
    shan = cast.mr_shan(session, place)
    assert not residents.may_hear(session, shan, DAUGHTER, "done")


@pytest.mark.parametrize(
    ("name", "gender", "chinese", "english"),
    [
        ("单德明", "m", "单先生", "Mr Shan"),
        ("欧阳莉", "f", "欧阳女士", "Ms Ouyang"),
        ("解小龙", None, "解小龙", "Xie Xiaolong"),
        ("Grace Miller", "f", "Grace Miller", "Grace Miller"),
    ],
)
def test_names_are_spoken_short(name: str, gender: str | None, chinese: str, english: str) -> None:
    resident = Resident(name=name, gender=gender)
    assert residents.speakable(resident, "zh-CN") == chinese
    assert residents.speakable(resident, "en") == english
