"""Every setting of the product, read once from the environment (or from the file that NAME_FILE names) and checked.

Secrets may stand in files, as container platforms mount them: NAME_FILE wins over NAME.
"""

import base64
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails, PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from app.core.errors import BadInput

SECRETS_OF_THE_DEMO = "doorline-demo"
"""Marks secrets that everybody knows; production refuses them."""

QUEUE_SCHEMES = ("redis://", "rediss://", "unix://")
"""https://redis.readthedocs.io/en/stable/connections.html, from_url."""


Problem = dict[str, Any]
"""What is wrong with one setting: its name as "field", a "code" such as setting.missing, and facts for the sentence."""


class Settings(BaseSettings):
    """The settings, each documented by its description; names in the environment are in capitals."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    app_env: Literal["production", "demo", "test"] = Field(
        "production", description="production, or demo and test, where time may be wound and secrets are known"
    )
    database_url: str = Field("", description="PostgreSQL 15 or later, as the application's role")
    owner_database_url: str = Field("", description="the same database as its owner, for migrations only")
    redis_url: str = Field("", description="Redis or Valkey: the queue's doorbell; losing it loses nothing")
    secret_key: str = Field("", description="signs sessions and links; at least 32 characters")
    encryption_keys: Annotated[list[str], NoDecode] = Field(
        default_factory=list, description="Fernet keys, comma separated; the first encrypts, all decrypt"
    )
    hash_key: str = Field("", description="keys the search hashes of phone numbers; never change it")
    public_base_url: str = Field("", description="https address by which carrier and people reach the web process")
    hotline_number: str = Field("", description="the hotline's own number, E.164")
    duty_number: str = Field("", description="the duty phone that the fallback and unanswered emergencies ring, E.164")
    twilio_account_sid: str = Field("", description="the carrier's account")
    twilio_auth_token: str = Field("", description="signs the carrier's webhooks")
    twilio_auth_token_secondary: str = Field("", description="a second token while rotating")
    twilio_api_key: str = Field("", description="key for REST requests; without it the account and token are used")
    twilio_api_secret: str = Field("", description="its secret")
    twilio_api_base_url: str = Field(
        "https://api.twilio.com", description="Twilio, a compatible switch, or the address of `doorline switch serve`"
    )
    switch_url: str = Field("", description="where browsers reach the switch's lines (demo, or our own switch)")
    district_timezone: str = Field("Asia/Shanghai", description="the district's time zone")
    default_language: Literal["zh-CN", "en"] = Field("zh-CN", description="language of a caller nobody knows")
    default_region: str = Field("CN", description="region of phone numbers written without country code")
    sms_signature: str = Field("", description="sender's name in front of every text, where the carrier wants one")
    trusted_proxies: int = Field(0, ge=0, description="reverse proxies in front whose forwarded addresses are believed")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="how much is logged")

    @field_validator("encryption_keys", mode="before")
    @classmethod
    def _split_keys(cls, value: Any) -> Any:
        return [key.strip() for key in value.split(",") if key.strip()] if isinstance(value, str) else value

    @field_validator("database_url", "owner_database_url")
    @classmethod
    def _modern_scheme(cls, value: str) -> str:
        """Platforms still hand out the scheme postgres://, which SQLAlchemy no longer knows."""
        modern = "postgresql://" + value.removeprefix("postgres://") if value.startswith("postgres://") else value
        if modern and not _is_postgres(modern):
            raise PydanticCustomError("setting.not_postgres", "is not the address of a PostgreSQL database")
        return modern

    @field_validator("redis_url")
    @classmethod
    def _known_queue(cls, value: str) -> str:
        if value and not value.startswith(QUEUE_SCHEMES):
            raise PydanticCustomError("setting.not_queue", "is not the address of a queue")
        return value

    @field_validator("public_base_url", "twilio_api_base_url", "switch_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("district_timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except Exception as error:
            raise PydanticCustomError("setting.not_zone", "is not a time zone") from error
        return value

    @model_validator(mode="after")
    def _production_is_strict(self) -> Self:
        if self.app_env != "production":
            return self
        if os.environ.get("DOORLINE_CLOCK_FILE"):
            raise PydanticCustomError("setting.clock_in_production", "production follows real time")
        secrets = (self.secret_key, self.hash_key, self.twilio_auth_token, *map(_plain, self.encryption_keys))
        if any(SECRETS_OF_THE_DEMO in secret for secret in secrets):
            raise PydanticCustomError("setting.secrets_of_the_demo", "production refuses the demo's secrets")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The district's time zone."""
        return ZoneInfo(self.district_timezone)

    @property
    def may_wind_time(self) -> bool:
        """Whether pages may offer to wind the clock and to kill processes: in demo and test only."""
        return self.app_env != "production"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what load() hands over counts: it has read the environment and the files already."""
        return (init_settings,)


def _is_postgres(url: str) -> bool:
    try:
        return make_url(url).get_backend_name() == "postgresql"
    except (ArgumentError, ValueError):  # the second is a port that is no number
        return False


def _plain(key: str) -> str:
    """What stands in an encryption key, if anything: the demo's is readable on purpose."""
    try:
        return base64.urlsafe_b64decode(key).decode(errors="replace")
    except ValueError:
        return ""


def _problem(error: ErrorDetails) -> Problem:
    """What pydantic found, as field and code; its own words for the rest are in English, so they are not shown."""
    (field,) = error["loc"] or ("app_env",)
    expected = get_args(Settings.model_fields[str(field)].annotation)
    code = error["type"] if error["type"].startswith("setting.") else "setting.choice" if expected else "setting.number"
    return {"field": str(field).upper(), "code": code, "expected": " / ".join(map(str, expected))}


def load(environ: Mapping[str, str]) -> Settings:
    """Read the settings from ``environ``; NAME_FILE wins over NAME.

    Raises BadInput("settings.wrong", problems=[{"field": the setting's name, "code": …, facts}]).
    """
    values: dict[str, str] = {}
    problems: list[Problem] = []
    for field in Settings.model_fields:
        name = field.upper()
        path = environ.get(f"{name}_FILE")
        if path:
            try:
                values[field] = Path(path).read_text().strip()
            except OSError as error:
                problems.append(
                    {"field": f"{name}_FILE", "code": "setting.unreadable", "path": path, "said": error.strerror}
                )
        elif name in environ:
            values[field] = environ[name]
    try:
        settings = Settings(**values)  # type: ignore[arg-type]
    except ValidationError as error:
        problems += map(_problem, error.errors())
    if problems:
        raise BadInput("settings.wrong", problems=problems)
    return settings


@cache
def current() -> Settings:
    """This process' settings; ``current.cache_clear()`` after a change of the environment (tests)."""
    return load(os.environ)


def need(*names: str) -> None:
    """Raise BadInput("settings.wrong") with a problem for each of ``names`` (fields) that is not set."""
    missing = [{"field": name.upper(), "code": "setting.missing"} for name in names if not getattr(current(), name)]
    if missing:
        raise BadInput("settings.wrong", problems=missing)
