"""Every state table of the house, checked whole."""

import pytest
from sqlalchemy import String

from app.core.machine import Machine
from app.core.moves import History
from app.tables import metadata
from tests.core.machines import MODELS

NAMES = [model.__tablename__ for model in MODELS]
EVERY = pytest.mark.parametrize("model", MODELS, ids=NAMES)


def reached(machine: Machine, start: str) -> set[str]:
    """Every state that can follow ``start``, itself included."""
    found, waiting = {start}, [start]
    while waiting:
        for state in machine.table[waiting.pop()].values():
            if state not in found:
                found.add(state)
                waiting.append(state)
    return found


def test_the_house_has_its_machines() -> None:
    expected = {"service_order", "visit", "offer", "message", "follow_up", "seat", "ring", "call_back"}
    assert expected <= set(NAMES)


def test_whoever_has_a_state_has_a_machine() -> None:
    with_state = {name for name, table in metadata.tables.items() if "state" in table.columns}
    assert with_state == set(NAMES)


@EVERY
def test_every_next_state_is_known(model: type) -> None:
    machine: Machine = model.machine  # type: ignore[attr-defined]
    assert {state for events in machine.table.values() for state in events.values()} <= machine.states
    assert machine.initial in machine.states
    assert machine.live <= machine.states


@EVERY
def test_every_state_can_be_reached(model: type) -> None:
    machine: Machine = model.machine  # type: ignore[attr-defined]
    assert reached(machine, machine.initial) == machine.states


@EVERY
def test_nothing_stays_alive_for_ever(model: type) -> None:
    machine: Machine = model.machine  # type: ignore[attr-defined]
    for state in machine.live:
        assert reached(machine, state) - machine.live, state


@EVERY
def test_a_new_row_begins_in_the_first_state(model: type) -> None:
    table = model.__table__  # type: ignore[attr-defined]
    assert table.c.state.default.arg == model.machine.initial  # type: ignore[attr-defined]


@EVERY
def test_names_fit_their_columns(model: type) -> None:
    machine: Machine = model.machine  # type: ignore[attr-defined]
    column = model.__table__.c.state.type  # type: ignore[attr-defined]
    assert isinstance(column, String) and column.length is not None
    assert max(map(len, machine.states)) <= column.length
    history = History.__table__.c
    events = {event for table in machine.table.values() for event in table}
    for names, field in ((events, "event"), (machine.states, "after"), (machine.states, "before")):
        assert max(map(len, names)) <= history[field].type.length  # type: ignore[attr-defined]
    assert len(model.__tablename__) <= history.thing.type.length  # type: ignore[attr-defined]


def test_a_machine_that_breaks_the_rules_is_seen() -> None:
    broken = Machine({"a": {"go": "b"}, "b": {}, "c": {}}, initial="a")
    assert reached(broken, "a") != broken.states
    assert broken.next("b", "go") is None
