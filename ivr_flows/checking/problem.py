"""What the checker finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A broken rule. rule: its name; where: node or prompt; says: the sentence for the author; path: inputs that lead there."""

    rule: str
    where: str
    says: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.says}" + (f" [{self.path}]" if self.path else "")
