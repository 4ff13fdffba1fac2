"""Both stores, running for the length of a ``with`` block; a store that is configured elsewhere is left alone."""

import errno
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.partitions import APPLICATION
from app.stores import launch, postgres, programs, valkey
from app.stores.errors import StoresError
from app.stores.server import Server

FRESH_MEGABYTES = 300
LATER_MEGABYTES = 60
"""Free space wanted before a first and a later start."""

LONGEST_SOCKET = 80
"""Bytes of a folder's path to which a socket's name can still be added (the system's limit is 107 in all)."""

Tell = Callable[[str], None]
"""Called with the code of what begins now: stores.create, stores.database, stores.queue."""


@dataclass(frozen=True)
class Stores:
    """The addresses, and the servers behind them (None where somebody else's are used)."""

    database_url: str
    owner_database_url: str
    redis_url: str
    database: Server | None = None
    queue: Server | None = None


@contextmanager
def running(
    folder: Path, *, environ: Mapping[str, str] | None = None, hasty: bool = False, tell: Tell = lambda code: None
) -> Iterator[Stores]:
    """Database and queue for the length of the block; the data stay in ``folder`` for the next time.

    environ: where DATABASE_URL, OWNER_DATABASE_URL, REDIS_URL and APP_ENV are looked up (default: the process' own);
    a store that is configured there is used as it is. hasty: trade safety at a power cut for speed (tests).
    Call it from the main thread: the servers end with the thread that started them.
    Raises StoresError, whose text is a sentence that a person can act on.
    """
    environ = os.environ if environ is None else environ
    database_url, redis_url = environ.get("DATABASE_URL", ""), environ.get("REDIS_URL", "")
    if database_url and redis_url:
        yield Stores(database_url, environ.get("OWNER_DATABASE_URL") or database_url, redis_url)
        return
    if environ.get("APP_ENV") == "production":
        raise StoresError("stores.production")
    with ExitStack() as stack:
        place = stack.enter_context(_place(folder, want_postgres=not database_url, want_valkey=not redis_url))
        owner_url = environ.get("OWNER_DATABASE_URL") or database_url
        database = queue = None
        if not database_url:
            database = _start_database(stack, place, hasty, tell)
            database_url, owner_url = (postgres.url(role, place.sockets) for role in (APPLICATION, postgres.OWNER))
        if not redis_url:
            tell("stores.queue")
            queue = _started(stack, valkey.prepare(place.programs, place.way, place.folder, place.sockets))
            redis_url = valkey.url(place.sockets)
        yield Stores(database_url, owner_url, redis_url, database, queue)


@dataclass(frozen=True)
class _Place:
    programs: programs.Programs
    way: launch.Way
    folder: Path
    sockets: Path


@contextmanager
def _place(folder: Path, want_postgres: bool, want_valkey: bool) -> Iterator[_Place]:
    """Everything that must be there before a server can start, with every refusal said in a sentence."""
    found = programs.find(want_postgres, want_valkey)
    way = launch.choose()
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_alone(folder))
            reachable = launch.reachable_folder(way, folder.resolve())
            _refuse_full_disk(reachable)
            sockets = stack.enter_context(_sockets(way, reachable))
            place = _Place(launch.reachable_programs(way, found), way, reachable, sockets)
        except OSError as error:
            raise _said(error, folder) from error
        yield place


def _start_database(stack: ExitStack, place: _Place, hasty: bool, tell: Tell) -> Server:
    tell("stores.database" if (place.folder / "data").exists() else "stores.create")
    server = postgres.prepare(place.programs, place.way, place.folder, place.sockets, hasty)
    _started(stack, server)
    postgres.make_roles(place.sockets)
    return server


def _started(stack: ExitStack, server: Server) -> Server:
    stack.callback(server.stop)
    server.start()
    return server


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which the system takes back if we die. Raises StoresError("stores.in_use")."""
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise StoresError("stores.in_use", pid=lock.read().strip() or "?", folder=folder) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


@contextmanager
def _sockets(way: launch.Way, folder: Path) -> Iterator[Path]:
    """A folder for the sockets that only their owner may enter: beside the data, if that path is short enough."""
    beside = folder / "run"
    if len(os.fsencode(beside)) <= LONGEST_SOCKET:
        launch.own(way, beside)
        yield beside
        return
    elsewhere = Path(tempfile.mkdtemp(prefix="doorline-"))
    try:
        launch.own(way, elsewhere)
        yield elsewhere
    finally:
        shutil.rmtree(elsewhere, ignore_errors=True)


def _refuse_full_disk(folder: Path) -> None:
    need = LATER_MEGABYTES if (folder / "data").exists() else FRESH_MEGABYTES
    if shutil.disk_usage(folder).free < need * 2**20:
        raise StoresError("stores.no_space", folder=folder, need=need)


def _said(error: OSError, folder: Path) -> StoresError:
    codes = {
        errno.ENOSPC: "stores.no_space",
        errno.EDQUOT: "stores.no_space",
        errno.EROFS: "stores.read_only",
    }
    return StoresError(codes.get(error.errno or 0, "stores.no_permission"), folder=folder, need=FRESH_MEGABYTES)
