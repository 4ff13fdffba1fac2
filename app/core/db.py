"""The database: one engine a process, one unit of work a request or job, and the column types every wing uses.

PostgreSQL is the only dialect. A unit of work commits once, at its end; only then are the doorbells rung that services
asked for with ``later``.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Engine, MetaData, Text, create_engine
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

from app.core import crypto, queue, settings

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The mother of every table."""

    metadata = MetaData(naming_convention=NAMING)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, timestamptz in the database, always UTC when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without time zone can't be stored")
        return value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value is not None else None


class Encrypted(TypeDecorator[str]):
    """Text that is ciphertext in the database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else crypto.encrypt(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else crypto.decrypt(value)


class EncryptedJson(TypeDecorator[Any]):
    """A JSON value that is ciphertext in the database; replace it whole, changes inside are not noticed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else crypto.encrypt(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(crypto.decrypt(value))


_engine: Engine | None = None

LOCK_MS, STATEMENT_MS = 3000, 4000
"""How long the web process waits for a row that somebody else holds, and for any one statement: less than the carrier
waits for a step (core.again.STEP), so that its next try finds us free and in the end the fallback speaks."""

_gives_up_soon = False


def give_up_soon() -> None:
    """From its next engine on, this process waits for locks and statements no longer than somebody on the line can."""
    global _gives_up_soon
    _gives_up_soon = True


def make_engine(url: str, soon: bool = False) -> Engine:
    """An engine for ``url`` that notices dead connections and gives up on an unreachable server after 5 s.

    soon: locks, statements and waiting for a free connection have limits (LOCK_MS, STATEMENT_MS).
    """
    limits = {"options": f"-c lock_timeout={LOCK_MS} -c statement_timeout={STATEMENT_MS}"} if soon else {}
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        pool_timeout=STATEMENT_MS / 1000 if soon else 30,
        hide_parameters=True,  # an error in the log shows no values: they may be personal
        # A server that is gone without a word (power, network) is noticed within 15 s, not after the system's hours.
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 15_000,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            **limits,
        },
    )


def engine() -> Engine:
    """This process' engine, made at first use from DATABASE_URL. Raises BadInput where that is not set."""
    global _engine
    if _engine is None:
        settings.need("database_url")
        _engine = make_engine(settings.current().database_url, _gives_up_soon)
    return _engine


def bind(new: Engine | None) -> None:
    """Use ``new`` from now on (tests; a forked worker passes None to make its own)."""
    global _engine
    if _engine is not None:
        _engine.dispose(close=new is not None)
    _engine = new


@contextmanager
def unit_of_work() -> Iterator[Session]:
    """One transaction: commits at the end of the block, then rings the doorbells; on any error nothing happened."""
    with Session(engine(), expire_on_commit=False) as session:
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            queue.forget(session)
            raise
        queue.ring(session)
