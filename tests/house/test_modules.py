"""How a module is built: it says what it is for, can be seen across, and hides no import."""

import ast

import grimp

from tests.house import rules, sources

LONGEST_FILE = 400
FREE_LENGTH = ("migrations/versions/",)
"""A migration is written once, by a program, and never split."""

MAY_DRAW_LOTS = ("app/sample/", "tests/", "benchmarks/", "app/switch/")
"""Who may use ``random``: what is drawn from a seed. Whatever must not be guessed comes from ``secrets``."""


def test_every_module_says_what_it_is_for() -> None:
    written = [name for name in sources.python() if sources.text(name).strip()]
    assert [name for name in written if not ast.get_docstring(sources.tree(name))] == []


def test_every_file_can_be_seen_across() -> None:
    lengths = {name: len(sources.text(name).splitlines()) for name in sources.python()}
    assert {n: lines for n, lines in lengths.items() if lines > LONGEST_FILE and not n.startswith(FREE_LENGTH)} == {}


def test_no_import_is_hidden_in_a_function() -> None:
    found = {name: list(rules.imports_inside(sources.tree(name))) for name in sources.python()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_no_lots_are_drawn_where_secrets_are_wanted() -> None:
    asked = [name for name in sources.python(*sources.PRODUCT) if not name.startswith(MAY_DRAW_LOTS)]
    assert [name for name in asked if "random" in rules.imported(sources.tree(name))] == []


def test_random_is_seen() -> None:
    assert rules.imported(ast.parse("import os.path\nfrom random import choice\n")) == {"os", "random"}


def test_a_hidden_import_is_seen() -> None:
    assert list(rules.imports_inside(ast.parse("def late():\n    import os\n"))) == [(2, "import os")]


def test_no_module_imports_in_a_circle() -> None:
    graph = grimp.build_graph("app", "ivr_flows", "workers", exclude_type_checking_imports=True)
    follows = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert circles(follows) == []


def test_a_circle_is_seen() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}) == [["a", "b", "c"]]


def circles(follows: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that reach each other (Kosaraju: by finishing order, then backwards)."""
    order: list[str] = []
    seen: set[str] = set()
    for start in sorted(follows):
        _finish(start, follows, seen, order)
    back: dict[str, set[str]] = {name: set() for name in follows}
    for name, others in follows.items():
        for other in others:
            back.setdefault(other, set()).add(name)
    groups, placed = [], set[str]()
    for name in reversed(order):
        group: list[str] = []
        _finish(name, back, placed, group)
        groups.append(sorted(group))
    return [group for group in groups if len(group) > 1]


def _finish(start: str, follows: dict[str, set[str]], seen: set[str], order: list[str]) -> None:
    """Walk in depth from ``start``; a name is added to ``order`` when all behind it is done."""
    stack = [(start, False)]
    while stack:
        name, is_done = stack.pop()
        if is_done:
            order.append(name)
        elif name not in seen:
            seen.add(name)
            stack.append((name, True))
            stack += [(other, False) for other in sorted(follows.get(name, ())) if other not in seen]
