"""The embedded Valkey: only the doorbell, so it keeps nothing; listening on a private socket only."""

import signal
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from app.stores.launch import Way
from app.stores.programs import Programs
from app.stores.server import Server, clean_environ

DATABASES = 64
"""Numbered databases: enough for one each of many test processes."""

SETTINGS = {"port": "0", "save": "", "appendonly": "no", "databases": str(DATABASES), "daemonize": "no"}


def prepare(programs: Programs, way: Way, folder: Path, sockets: Path) -> Server:
    """A server on a socket in ``sockets``, ready to be started."""
    settings = SETTINGS | {"dir": str(sockets), "unixsocket": str(socket(sockets)), "unixsocketperm": "700"}
    return Server(
        name="Valkey",
        argv=[str(programs.valkey), *(part for name, value in settings.items() for part in (f"--{name}", value))],
        way=way,
        log=folder / "valkey.log",
        answers=lambda: _answers(sockets),
        stop_signal=signal.SIGTERM,
        environ=clean_environ(),
    )


def socket(sockets: Path) -> Path:
    """The socket's path."""
    return sockets / "valkey.sock"


def _answers(sockets: Path) -> bool:
    try:
        with Redis(unix_socket_path=str(socket(sockets))) as client:
            return bool(client.ping())
    except RedisError:
        return False


def url(sockets: Path, database: int = 0) -> str:
    """The address of a numbered database, through the socket."""
    return f"unix://{socket(sockets)}?db={database}"
