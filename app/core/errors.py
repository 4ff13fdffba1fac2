"""The errors that the product raises on purpose; what a person is told is looked up by their code, elsewhere."""


class DoorlineError(Exception):
    """Something expected went wrong.

    code: a short dotted name such as "phone.unreadable", by which the edge finds the sentence to show.
    facts: JSON-able values for that sentence; never personal data beyond what the person typed himself.
    """

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def __str__(self) -> str:
        detail = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.code} ({detail})" if detail else self.code


class BadInput(DoorlineError):
    """What was given can't be understood or is not allowed; the sentence says what was expected."""


class NotFound(DoorlineError):
    """There is no such thing, or not for this person."""


class Refused(DoorlineError):
    """The thing exists, but this can't be done with it now."""
