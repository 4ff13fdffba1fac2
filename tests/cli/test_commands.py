"""The command line: wrong settings and outages are sentences, going live is guarded, the number is connected."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from string import Formatter
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app import cli
from app.cli import failing, words
from app.core import db, settings, site
from app.gateways import carrier as gateway
from app.gateways.carrier import CarrierCall, Number
from app.people import staff
from tests.databases import Database
from tests.fake_carrier import FakeCarrier

ROSA = "+862155500001"


class Owned(FakeCarrier):
    """A carrier that owns the hotline's number; calls complete at once. fetches: whether it gets our words."""

    fetches = True
    connected: dict[str, str]

    def find_number(self, e164: str) -> Number | None:
        return Number("PN1", e164, None, None)

    def connect_number(self, sid: str, **urls: str) -> None:
        self.connected = urls

    def call(self, sid: str) -> CarrierCall:
        if self.fetches:
            with db.unit_of_work() as session:
                site.put(session, site.CHECKED_CALL, sid)
        return replace(super().call(sid), status="completed")


@pytest.fixture
def owned() -> Iterator[Owned]:
    fake = Owned()
    gateway.use(fake)  # type: ignore[arg-type]
    yield fake
    gateway.use(None)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Other settings for this test: without(NAME="value"), "" for none."""

    def change(**given: str) -> None:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        settings.current.cache_clear()
        monkeypatch.setattr(db, "_engine", None)

    yield change
    monkeypatch.undo()
    settings.current.cache_clear()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli.doorline, arguments)


def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command says as it ends with status 2."""
    monkeypatch.setattr("sys.argv", ["doorline", *arguments])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize("name", ["DATABASE_URL", "OWNER_DATABASE_URL", "REDIS_URL"])
def test_an_address_that_is_none_is_told_with_an_example(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for wrong in ("hello", "mysql://host/db", "postgresql://host:port/db" if "DATABASE" in name else "http://host"):
        with pytest.raises(settings.BadInput) as refused:
            settings.load({name: wrong})
        assert failing.sentences(refused.value)[0].startswith(f"{name}: is not an address such as")


@pytest.mark.parametrize("command", [("clock",), ("worker",), ("db", "upgrade"), ("db", "revision"), ("sample",)])
def test_without_a_database_every_command_says_so(
    command: tuple[str, ...], without: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without(DATABASE_URL="", OWNER_DATABASE_URL="", LC_ALL="C.UTF-8")
    assert told(monkeypatch, capsys, *command).startswith("doorline: DATABASE_URL: is not set.\n")


def test_a_database_that_does_not_answer_is_one_line(
    without: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without(DATABASE_URL="postgresql://x:y@127.0.0.1:1/none", OWNER_DATABASE_URL="", LC_ALL="C.UTF-8")
    said = told(monkeypatch, capsys, "db", "revision")
    assert said.startswith("doorline: The database does not answer (") and said.count("\n") == 1


def test_missing_tables_and_a_dead_queue_are_sentences(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    with pytest.raises(ProgrammingError) as missing, db.unit_of_work() as session:
        session.execute(text("SELECT * FROM nowhere"))
    with pytest.raises(RedisError) as dead:
        Redis(port=1).ping()
    assert failing.sentences(missing.value) == [words.say("error.tables")]
    assert failing.sentences(dead.value)[0].startswith("队列没有应答")


def test_a_mistake_of_ours_keeps_its_frames(database: Database) -> None:
    with pytest.raises(ProgrammingError) as wrong, db.unit_of_work() as session:
        session.execute(text("SELEKT 1"))
    with pytest.raises(ProgrammingError):
        failing.sentences(wrong.value)
    with pytest.raises(ZeroDivisionError):
        failing.sentences(ZeroDivisionError())


def test_what_is_wrong_with_an_account_is_told_field_by_field(database: Database) -> None:
    with pytest.raises(settings.BadInput) as refused, db.unit_of_work() as session:
        staff.create(session, username="a b", password="short", name="", role="admin", by="system:init")
    lines = failing.sentences(refused.value)
    assert {line.partition(":")[0] for line in lines} == {"username", "password", "name"}
    assert all("." not in line.partition(": ")[2].split()[0] and "{" not in line for line in lines)


@pytest.mark.parametrize("package, name", [("app.cli", "words.yaml"), ("app.stores", "sentences.yaml")])
def test_every_sentence_is_there_in_both_languages_with_the_same_facts(package: str, name: str) -> None:
    read = yaml.safe_load(files(package).joinpath(name).read_text("utf-8"))
    for code, forms in read.items():
        facts = [{name for _, name, *_ in Formatter().parse(forms[language])} for language in ("zh-CN", "en")]
        assert facts[0] == facts[1], code


@pytest.mark.parametrize("locale", ["C.UTF-8", "zh_CN.UTF-8"])
def test_the_doctor_has_a_line_for_each_thing(without: Any, locale: str) -> None:
    without(LC_ALL=locale, APP_ENV="production", SECRET_KEY="short", PUBLIC_BASE_URL="http://x.example",
            HOTLINE_NUMBER="12349", DUTY_NUMBER="02155512340", ENCRYPTION_KEYS="", HASH_KEY="",
            TWILIO_AUTH_TOKEN="", TWILIO_ACCOUNT_SID="",
            DATABASE_URL="postgresql://x:y@127.0.0.1:1/none", REDIS_URL="",
            DOORLINE_CLOCK_FILE="")  # fmt: skip
    result = run("doctor")
    names = [re.split(r"[:：,]", line.split()[1])[0] for line in result.stdout.splitlines()]
    said = [re.split(r"[:：]", line, maxsplit=1)[1] for line in result.stdout.splitlines()]
    assert result.exit_code == 1
    assert all((re.search("[一-鿿]", sentence) is not None) == locale.startswith("zh") for sentence in said)
    assert names == [
        "SECRET_KEY", "HASH_KEY", "ENCRYPTION_KEYS", "PUBLIC_BASE_URL", "DUTY_NUMBER", "DATABASE_URL", "REDIS_URL",
        "TWILIO_ACCOUNT_SID",
    ]  # fmt: skip


@pytest.mark.parametrize("locale, expected", [("C.UTF-8", "is one of"), ("zh_CN.UTF-8", "APP_ENV：只能是 production")])
def test_the_doctor_tells_of_settings_that_can_not_be_read(without: Any, locale: str, expected: str) -> None:
    without(LC_ALL=locale, APP_ENV="holiday")
    result = run("doctor")
    assert result.exit_code == 1 and expected in result.stdout and "demo" in result.stdout


def test_only_allow_listed_numbers_until_going_live(database: Database) -> None:
    def may(number: str) -> bool:
        with db.unit_of_work() as session:
            return site.may_contact(session, number)

    assert not may(ROSA)
    assert run("go-live", "--allow", "021 5550 0001").exit_code == 0
    assert may(ROSA) and not may("+8613800130002")
    assert CliRunner().invoke(cli.doorline, ["go-live"], input="n\n").exit_code == 1
    assert not may("+8613800130002")
    assert run("go-live", "--yes").exit_code == 0 and may("+8613800130002")
    assert run("go-live", "--off").exit_code == 0 and not may("+8613800130002")


def test_the_number_is_connected_and_rings_only_who_may_be_rung(database: Database, owned: Owned) -> None:
    refused = run("carrier", "connect", "--ring", ROSA)
    assert refused.exit_code == 1 and f"--allow {ROSA}" in refused.output and owned.calls == []
    assert owned.connected["voice_url"].startswith(f"{settings.current().public_base_url}/carrier/voice#")
    run("go-live", "--allow", ROSA)
    heard = run("carrier", "connect", "--ring", ROSA)
    assert heard.exit_code == 0, heard.output
    assert owned.urls == [f"{settings.current().public_base_url}/carrier/voice/check"]


def test_a_test_call_that_completes_without_our_words_has_not_come_through(database: Database, owned: Owned) -> None:
    run("go-live", "--allow", ROSA)
    owned.fetches = False
    silent = run("carrier", "connect", "--ring", ROSA)
    assert silent.exit_code == 1 and "PUBLIC_BASE_URL" in silent.output
