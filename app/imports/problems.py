"""What can be wrong with a file, a column, a row or a cell, and the sentence that says so in either language."""

from dataclasses import dataclass, field
from typing import Any

from app.core.errors import BadInput
from app.imports.data import document

SHOWN = 60
"""Characters of a cell that a sentence repeats."""


@dataclass(frozen=True)
class Problem:
    """One thing to tell: a code of texts.yaml, the header it concerns ("" is the whole row), facts for the sentence."""

    code: str
    column: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def sentence(self, language: str) -> str:
        """What the office reads; language zh-CN or en."""
        text = say(f"problems/{self.code}", language, **self.facts)
        return say("at", language, column=self.column, text=text) if self.column else text


class CellError(Exception):
    """A cell can't be understood; carries a code of texts.yaml and facts."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts


class RowError(Exception):
    """A row can't be taken over, for these reasons."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


class FileError(BadInput):
    """The file as a whole can't be read; ``sentence`` says why."""

    def __init__(self, code: str, **facts: Any) -> None:
        super().__init__(code, **facts)
        self.problem = Problem(code, "", facts)

    def sentence(self, language: str) -> str:
        """What the office reads; language zh-CN or en."""
        return self.problem.sentence(language)


def say(path: str, language: str, **facts: Any) -> str:
    """The text at ``path`` ("a/b") of texts.yaml in zh-CN or en, with its facts put in."""
    node = document("texts.yaml")
    for name in path.split("/"):
        node = node[name]
    spoken = {name: _plain(value, language) for name, value in facts.items()}
    if "given" in spoken:
        spoken["given"] = shortened(spoken["given"])
    return str(node[language]).format(**spoken).strip()


def _plain(value: Any, language: str) -> str:
    """A fact as text: problems speak for themselves, lists are joined."""
    if isinstance(value, Problem):
        return value.sentence(language)
    if isinstance(value, list | tuple):
        return ("、" if language == "zh-CN" else ", ").join(map(str, value))
    return str(value)


def shortened(text: str) -> str:
    """A cell's content as a sentence repeats it."""
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"
