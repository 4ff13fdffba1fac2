"""The embedded PostgreSQL: made once in its folder, listening on a private socket only, with the house's two roles."""

import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from app.core.partitions import APPLICATION
from app.stores.errors import StoresError, explained, last_words
from app.stores.launch import Way, own
from app.stores.programs import Programs, major
from app.stores.server import DOZE, STOP_SECONDS, Server, clean_environ

OWNER = "doorline_owner"
DATABASE = "doorline"
EXTENSIONS = ("btree_gist", "pg_trgm")
SUPERUSER = "postgres"
LOCALE = "C.UTF-8"
"""Sorts by code point, the same everywhere, and knows that Chinese signs are letters (pg_trgm needs that)."""

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "max_wal_size": "256MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
}
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
"""For tests: a power cut may cost the data, which are thrown away anyway."""


def prepare(programs: Programs, way: Way, folder: Path, sockets: Path, hasty: bool = False) -> Server:
    """A server over ``folder``/data (made if missing), ready to be started. Raises StoresError."""
    data = folder / "data"
    server = Server(
        name="PostgreSQL",
        argv=[str(programs.postgres), "-D", str(data), "-k", str(sockets), *_options(hasty)],
        way=way,
        log=folder / "postgres.log",
        answers=lambda: _answers(sockets),
        stop_signal=signal.SIGINT,  # "fast": running transactions are rolled back, everything is written
        environ=clean_environ(),
    )
    if data.exists():
        own(way, data)
        _refuse_other_version(programs, data)
        _outlast_former(data, sockets)
    else:
        _make(programs, way, data, server.log)
    return server


def _options(hasty: bool) -> list[str]:
    settings = SETTINGS | (HASTY if hasty else {})
    return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]


def _make(programs: Programs, way: Way, data: Path, log: Path) -> None:
    """initdb beside the place and then move it there, so that an interrupted one leaves nothing that looks whole."""
    draft = data.with_name("data.new")
    shutil.rmtree(draft, ignore_errors=True)
    own(way, draft)
    arguments = ["-D", str(draft), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", f"--locale={LOCALE}", "-N"]
    done = subprocess.run(
        way.command([str(programs.initdb), *arguments]),
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env=clean_environ(),
    )
    if done.returncode:
        log.write_text(done.stdout + done.stderr)
        facts = {"program": "PostgreSQL", "folder": data, "log": log, "seconds": 0}
        raise explained("stores.died", last_words(log), **facts)
    draft.rename(data)


def _refuse_other_version(programs: Programs, data: Path) -> None:
    old, new = int((data / "PG_VERSION").read_text()), major(programs.postgres)
    if old != new:
        raise StoresError("stores.version", folder=data.parent, old=old, new=new)


def _outlast_former(data: Path, sockets: Path) -> None:
    """Wait for the server of a starter that was killed: it got its signal and is writing everything down.

    The numbers it left in its notes may be another program's by now, which PostgreSQL would take for itself.
    """
    if not Path("/proc/self").exists():
        return
    note = data / "postmaster.pid"
    end = time.monotonic() + STOP_SECONDS
    while (pid := _pid(note)) and _is_ours(pid, data):
        if time.monotonic() > end:
            raise StoresError("stores.in_use", pid=pid, folder=data.parent)
        time.sleep(DOZE)
    for left in (note, *sockets.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)


def _pid(note: Path) -> int | None:
    try:
        return int(note.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None


def _is_ours(pid: int, data: Path) -> bool:
    try:
        return str(data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def _answers(sockets: Path) -> bool:
    try:
        _connect(sockets, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(sockets: Path, database: str) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(sockets), user=SUPERUSER, dbname=database, autocommit=True, connect_timeout=5)


def make_roles(sockets: Path) -> None:
    """The owner (who migrates), the application's role (which may not change history), the database; again and again.

    The owner may make databases, so that tests can clone one.
    """
    with _connect(sockets, "postgres") as connection:
        for role, rights in ((OWNER, "LOGIN CREATEDB"), (APPLICATION, "LOGIN")):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER))
            )
    with _connect(sockets, DATABASE) as connection:
        for name in EXTENSIONS:
            connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name)))


def url(role: str, sockets: Path, database: str = DATABASE) -> str:
    """The address of ``database`` for ``role``, through the socket."""
    return f"postgresql://{role}@/{database}?host={sockets}"
