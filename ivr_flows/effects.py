"""What a flow can ask the house to do, and every answer the house can give: the contract with app.hotline.

A flow's effect node must lead on from every outcome; the checker walks them all. Facts named by an outcome are set by
its ``Outcome.facts`` (short strings, already in the caller's language). What the caller said or keyed is in
``turn.state.kept``; effects that need it say so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr_flows import effect_table


@dataclass(frozen=True, slots=True)
class Effect:
    """To be carried out in the transaction of the step. args: strings."""

    name: str
    args: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spec:
    """What an effect takes and gives.

    args: names of its arguments. outcomes: {name: facts that it sets}. reaches: {outcome: what the call has led to by
    it}. meaning: for the reader who implements it.
    """

    meaning: str
    args: tuple[str, ...] = ()
    outcomes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reaches: Mapping[str, str] = field(default_factory=dict)


EFFECTS: dict[str, Spec] = {name: Spec(**row) for name, row in effect_table.TABLE.items()}
