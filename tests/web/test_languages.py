"""Both languages: which one is spoken, and that nothing is left untranslated, doubtful or stale."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask

from app.core import db
from app.people import staff
from app.web import i18n
from tests.web.conftest import SignIn
from tests.web.scenery import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "app" / "web" / "translations"
PO = FOLDER / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
KEYWORDS = {
    "_": None,
    "_l": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
}


def catalogue() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans_CN")


def spoken_of() -> set[str]:
    """Every msgid (of plurals the first form) in the pages and their code."""
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        ROOT, methods, options, keywords=KEYWORDS, directory_filter=lambda name: ".venv" not in name
    )
    return {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}


def test_nothing_is_untranslated() -> None:
    translated = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue() if m.id and all(_texts(m.string))}
    assert sorted(spoken_of() - translated) == []


def _texts(string: object) -> tuple[str, ...]:
    return tuple(string) if isinstance(string, tuple | list) else (str(string),)


def test_nothing_is_doubtful_and_nothing_is_left_over() -> None:
    assert [message.id for message in catalogue() if message.fuzzy and message.id] == []
    kept = {m.id[0] if isinstance(m.id, tuple) else m.id for m in catalogue() if m.id}
    assert sorted(kept - spoken_of()) == []


def test_every_place_holder_is_kept() -> None:
    assert [(message.id, list(message.check())) for message in catalogue() if list(message.check())] == []


def test_the_compiled_catalogue_is_fresh() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, catalogue())
    assert PO.with_suffix(".mo").read_bytes() == compiled.getvalue()


@pytest.mark.usefixtures("accounts")
class TestWhichLanguage:
    def test_chinese_comes_first(self, app: Flask) -> None:
        answer = app.test_client().get("/console/login")
        assert '<html lang="zh-Hans-CN">' in answer.text
        assert "登录" in answer.text

    def test_a_guest_may_switch_and_stays_where_he_is(self, app: Flask) -> None:
        client = app.test_client()
        answer = client.post("/language", data={"language": "en", "next": "/console/login?next=/console/orders"})
        assert answer.headers["Location"] == "/console/login?next=/console/orders"
        assert "Sign in" in client.get("/console/login").text

    def test_an_unknown_language_changes_nothing(self, app: Flask) -> None:
        client = app.test_client()
        client.post("/language", data={"language": "xx", "next": "/console/login"})
        assert "登录" in client.get("/console/login").text

    def test_the_account_keeps_its_language_wherever_it_signs_in(self, app: Flask, sign_in: SignIn) -> None:
        sign_in("agent")
        elsewhere = app.test_client()
        elsewhere.post("/console/login", data={"username": "agent", "password": PASSWORD})
        assert "My seat" in elsewhere.get("/console/").text
        with db.unit_of_work() as session:
            found = staff.by_username(session, "agent")
            assert found is not None and found.language == "en"

    def test_the_way_back_never_leaves_the_site(self, app: Flask) -> None:
        answer = app.test_client().post("/language", data={"language": "en", "next": "https://evil.example"})
        assert answer.headers["Location"] == "/"


@pytest.mark.usefixtures("database")
class TestMoments:
    NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    @pytest.mark.parametrize(
        "moment, style, language, text",
        [
            (NINE, "near", "en", "09:00"),
            (NINE, "full", "en", "Tue, Nov 24 09:00"),
            (NINE, "full", "zh-CN", "11月24日周二 09:00"),
            (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "near", "en", "Wed, Nov 25 01:00"),
            (datetime(2027, 1, 2, 1, 0, tzinfo=UTC), "near", "en", "Jan 2, 2027 09:00"),
            (None, "near", "en", "–"),
        ],
    )
    def test_are_shown_in_district_time(
        self, app: Flask, moment: datetime | None, style: str, language: str, text: str
    ) -> None:
        with app.test_request_context():
            i18n.use(language)
            assert i18n.at(moment, style) == text

    @pytest.mark.parametrize(
        "seconds, text",
        [(59, "0 minutes"), (60, "1 minute"), (89 * 60, "89 minutes"), (7200, "2 hours"), (3 * 86400, "3 days")],
    )
    def test_lengths_have_their_fitting_unit(self, app: Flask, seconds: int, text: str) -> None:
        with app.test_request_context():
            i18n.use("en")
            assert i18n.span(seconds) == text

    @pytest.mark.parametrize(
        "number, text",
        [("+8613800138000", "138 0013 8000"), ("+862155500001", "021 5550 0001"), ("120", "120")],
    )
    def test_full_numbers_are_written_as_people_read_them(self, app: Flask, number: str, text: str) -> None:
        with app.test_request_context():
            assert i18n.written(number) == text


@pytest.mark.parametrize(
    ("language", "near", "far", "two"), [("en", "350 m", "1.2 km", "a, b"), ("zh-CN", "350米", "1.2公里", "a、b")]
)
def test_distances_and_lists(app: Flask, language: str, near: str, far: str, two: str) -> None:
    with app.test_request_context():
        i18n.use(language)
        assert (i18n.far(347), i18n.far(1234), i18n.listed(["a", "b"])) == (near, far, two)
        assert i18n.far(996).startswith("1.0")
