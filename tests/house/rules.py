"""The rules that look at one syntax tree: each gives the lines that break it."""

import ast
from collections.abc import Iterator

Found = Iterator[tuple[int, str]]

REAL_TIME = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("time", "ctime"),
    ("time", "strftime"),
    ("func", "now"),
    ("func", "current_timestamp"),
    ("func", "localtimestamp"),
    ("func", "clock_timestamp"),
    ("func", "statement_timestamp"),
    ("func", "transaction_timestamp"),
}
"""Ways to ask for the real time that go around core.clock."""

SQL_TIME = ("now()", "current_timestamp", "current_date", "localtimestamp", "clock_timestamp", "transaction_timestamp")


def imports_inside(module: ast.Module) -> Found:
    """Imports hidden in functions or classes."""
    for outer in ast.walk(module):
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            for node in ast.walk(outer):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    yield node.lineno, ast.unparse(node)


def real_time(module: ast.Module) -> Found:
    """Calls (or mentions) of the real time, in Python or in SQL."""
    documents = set(_docstrings(module))
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and (_name(node.value), node.attr) in REAL_TIME:
            yield node.lineno, ast.unparse(node)
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from ((node.lineno, f"from time import {alias.name}") for alias in node.names if _is_time(alias.name))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documents:
            yield from ((node.lineno, word) for word in SQL_TIME if word in node.value.lower())


def _is_time(name: str) -> bool:
    return ("time", name) in REAL_TIME


def _name(node: ast.expr) -> str:
    """The last name of ``a.b.c``."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _docstrings(module: ast.Module) -> Iterator[int]:
    """Ids of string statements: docstrings, and those that stand below a value to say what it is."""
    for node in ast.walk(module):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)


def imported(module: ast.Module) -> set[str]:
    """The first names of everything that is imported from outside."""
    names: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names
