"""What the checker finds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A broken rule: its name, the node or prompt, a sentence for the author, and the inputs that lead there."""

    rule: str
    where: str
    says: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.says}" + (f" [{self.path}]" if self.path else "")
