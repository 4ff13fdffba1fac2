"""Why a command could not do its work, as sentences that a person can act on instead of a stack of frames."""

from redis.exceptions import RedisError
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

from app.cli import words
from app.core.errors import DoorlineError

EXPECTED = (DoorlineError, RedisError, OperationalError, InterfaceError, ProgrammingError)
"""What a wrong configuration or an outage looks like; anything else is a mistake of ours and shows its frames."""

UNDEFINED = ("42P01", "42703")
"""SQLSTATE of a table or column that is missing (https://www.postgresql.org/docs/current/errcodes-appendix.html)."""


def sentences(error: Exception) -> list[str]:
    """One line for each thing that is wrong. Raises ``error`` again if it is none that a person can mend."""
    if isinstance(error, DoorlineError):
        return _on_purpose(error)
    if isinstance(error, RedisError):
        return [words.say("error.queue", said=_first_line(error))]
    if not isinstance(error, DBAPIError):
        raise error
    if getattr(error.orig, "sqlstate", None) in UNDEFINED:
        return [words.say("error.tables")]
    if isinstance(error, ProgrammingError):
        raise error
    return [words.say("error.database", said=_first_line(error.orig or error))]


def _on_purpose(error: DoorlineError) -> list[str]:
    problems = error.facts.get("problems")
    if isinstance(problems, list):
        return [of_field(**problem) if isinstance(problem, dict) else str(problem) for problem in problems]
    return [words.say(error.code, **error.facts) if words.known(error.code) else str(error)]


def of_field(field: str, code: str, **facts: object) -> str:
    """What is wrong with one thing that was given, as wings collect it: {"field", "code", …}."""
    said = words.say(code, field=field, **facts) if words.known(code) else code
    return words.say("error.of_field", field=field, said=said)


def _first_line(error: BaseException) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
