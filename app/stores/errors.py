"""What can go wrong when the stores start, each said in a sentence that names the way out."""

from pathlib import Path

from app.core.errors import BadInput

LOG_LINES = 4
"""How many of a server's last words are shown when it refuses to start."""

SIGNS = (
    ("No space left on device", "stores.no_space"),
    ("Disk quota exceeded", "stores.no_space"),
    ("could not create shared memory", "stores.no_shared_memory"),
    ("could not resize shared memory", "stores.no_shared_memory"),
    ("Permission denied", "stores.no_permission"),
    ("Operation not permitted", "stores.no_permission"),
    ("Read-only file system", "stores.read_only"),
    ("could not bind", "stores.socket"),
    ("Address already in use", "stores.socket"),
    ("error while loading shared libraries", "stores.library_missing"),
)
"""What a server or the system says, and what it means."""

SENTENCES = {
    "stores.production": (
        "Production brings its own PostgreSQL and Redis: set DATABASE_URL and REDIS_URL, or APP_ENV=demo to try it."
    ),
    "stores.platform": (
        "There is no {program} for this machine ({platform}). Install PostgreSQL 15 or later and Valkey or Redis "
        "(Debian: apt-get install postgresql redis-server), or set DATABASE_URL and REDIS_URL to servers elsewhere."
    ),
    "stores.no_space": "The disk of {folder} is full: free {need} MB, or choose another place.",
    "stores.no_permission": "This user may not write in {folder}: give the folder to him, or choose another place.",
    "stores.read_only": "{folder} can't be written to (read-only): choose another place.",
    "stores.no_shared_memory": "The system has no shared memory left for PostgreSQL: give /dev/shm 64 MB or more.",
    "stores.socket": "{program} could not open its socket in {folder}: is another one running there?",
    "stores.library_missing": "{program} misses a library of the system ({said}): set DATABASE_URL and REDIS_URL.",
    "stores.in_use": "Another Doorline (process {pid}) is using {folder}: stop it first, or choose another place.",
    "stores.no_user": (
        "PostgreSQL refuses to run as root, and this system lets root neither map another user nor become one: "
        "run as an ordinary user, or set DATABASE_URL and REDIS_URL."
    ),
    "stores.version": (
        "The data in {folder} were written by PostgreSQL {old}, but this one is {new}: "
        "remove the folder to begin afresh, or bring that version back."
    ),
    "stores.slow": "{program} did not answer within {seconds} s; its last words, in {log}: {said}",
    "stores.died": "{program} stopped at once; its last words, in {log}: {said}",
}


class StoresError(BadInput):
    """The stores can't start; ``facts["problems"]`` is a list of one sentence a person can act on."""

    def __init__(self, code: str, **facts: object) -> None:
        sentence = SENTENCES[code].format(**facts)
        super().__init__(code, **facts, problems=[sentence])
        self.sentence = sentence

    def __str__(self) -> str:
        return self.sentence


def last_words(log: Path) -> str:
    """The last lines of a server's log, as one line."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "(none)"
    return " / ".join(line.strip() for line in lines[-LOG_LINES:] if line.strip()) or "(none)"


def explained(code: str, said: str, **facts: object) -> StoresError:
    """The error for what a server or the system ``said``: a known sign's sentence, or that of ``code``."""
    known = next((meaning for sign, meaning in SIGNS if sign.lower() in said.lower()), code)
    return StoresError(known, said=said, need=300, **facts)
