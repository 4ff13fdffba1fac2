"""Settings come from the environment or from files, wrong ones are refused loudly, each is documented."""

import re
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from app.core import settings
from app.core.errors import BadInput
from app.core.settings import Settings
from tests.conftest import SETTINGS

ROOT = Path(__file__).parents[2]
SAFE = {"SECRET_KEY": "s" * 40, "HASH_KEY": "h" * 40, "TWILIO_AUTH_TOKEN": "t" * 32}
ENVIRONMENT = re.compile(r"`([A-Z][A-Z0-9_]+)`")


def problems(environ: dict[str, str]) -> list[settings.Problem]:
    with pytest.raises(BadInput, match=r"settings\.wrong") as error:
        settings.load(environ)
    found: Any = error.value.facts["problems"]
    return list(found)


@pytest.fixture
def no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOORLINE_CLOCK_FILE")


def documented(file: str, heading: str) -> set[str]:
    """The names in the first column of the table in one section of a page."""
    text = (ROOT / file).read_text(encoding="utf-8")
    section = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("|")]
    return {name for cell in rows for name in ENVIRONMENT.findall(cell)}


def test_every_setting_is_documented_in_the_readme_and_nothing_else() -> None:
    names = {name.upper() for name in Settings.model_fields}
    assert documented("README.md", "Settings") == names


def test_every_setting_has_a_description() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_a_file_wins_over_a_value(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from the file\n")
    found = settings.load({"APP_ENV": "test", "SECRET_KEY": "from outside", "SECRET_KEY_FILE": str(secret)})
    assert found.secret_key == "from the file"


def test_an_unreadable_file_is_named() -> None:
    (problem,) = problems({"APP_ENV": "test", "SECRET_KEY_FILE": "/none/such"})
    assert problem == {
        "field": "SECRET_KEY_FILE",
        "code": "setting.unreadable",
        "path": "/none/such",
        "said": "No such file or directory",
    }


def test_everything_wrong_is_told_at_once_by_name() -> None:
    found = problems(
        {"APP_ENV": "holiday", "DISTRICT_TIMEZONE": "Mars/Base", "DEFAULT_LANGUAGE": "tlh", "SECRET_KEY_FILE": "/none"}
        | {"TRUSTED_PROXIES": "many", "LOG_LEVEL": "LOUD"}
    )
    assert {problem["field"]: problem["code"] for problem in found} == {
        "APP_ENV": "setting.choice",
        "DISTRICT_TIMEZONE": "setting.not_zone",
        "DEFAULT_LANGUAGE": "setting.choice",
        "SECRET_KEY_FILE": "setting.unreadable",
        "TRUSTED_PROXIES": "setting.number",
        "LOG_LEVEL": "setting.choice",
    }
    assert "zh-CN / en" in {problem.get("expected") for problem in found}


@pytest.mark.parametrize("name", ["DATABASE_URL", "OWNER_DATABASE_URL"])
def test_the_old_spelling_of_postgres_is_understood(name: str) -> None:
    found = settings.load({"APP_ENV": "test", name: "postgres://u:p@h:5432/d?sslmode=require"})
    assert getattr(found, name.lower()) == "postgresql://u:p@h:5432/d?sslmode=require"


def test_addresses_end_without_a_slash() -> None:
    found = settings.load({"APP_ENV": "test", "PUBLIC_BASE_URL": "https://x.example/", "SWITCH_URL": "http://s//"})
    assert (found.public_base_url, found.switch_url) == ("https://x.example", "http://s")


def test_keys_are_a_list_with_commas() -> None:
    assert settings.load({"APP_ENV": "test", "ENCRYPTION_KEYS": " a, b ,,"}).encryption_keys == ["a", "b"]


@pytest.mark.usefixtures("no_clock")
def test_production_is_the_default_and_may_not_wind_time() -> None:
    found = settings.load(SAFE)
    assert (found.app_env, found.may_wind_time) == ("production", False)
    assert settings.load(SAFE | {"APP_ENV": "demo"}).may_wind_time


def test_production_refuses_a_clock_that_can_be_wound() -> None:
    (problem,) = problems(SAFE)
    assert problem["code"] == "setting.clock_in_production"


@pytest.mark.usefixtures("no_clock")
@pytest.mark.parametrize("name", ["SECRET_KEY", "HASH_KEY", "TWILIO_AUTH_TOKEN", "ENCRYPTION_KEYS"])
def test_production_refuses_the_secrets_of_the_demo(name: str) -> None:
    secret = SETTINGS["ENCRYPTION_KEYS"] if name == "ENCRYPTION_KEYS" else "doorline-demo-0000000000000000000000"
    (problem,) = problems(SAFE | {name: secret})
    assert problem["code"] == "setting.secrets_of_the_demo"
    assert settings.load(SAFE | {name: secret, "APP_ENV": "demo"})


@pytest.mark.usefixtures("no_clock")
def test_production_takes_keys_of_its_own() -> None:
    keys = [Fernet.generate_key().decode(), "rather odd"]
    assert settings.load(SAFE | {"ENCRYPTION_KEYS": ",".join(keys)}).encryption_keys == keys


def test_the_environment_is_not_read_behind_our_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_NUMBER", "+1")
    assert settings.load({"APP_ENV": "test"}).hotline_number == ""


def test_settings_do_not_change_while_the_process_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        settings.current().hotline_number = "+1"
