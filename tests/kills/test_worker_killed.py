"""A worker dies by SIGKILL before and after each commit and each request to the carrier: the story ends the same."""

import pytest

from tests.kills.conftest import Doomed

SHARES = 4
"""The moments of the story are dealt out to so many tests, so that they can run side by side."""

FEW, MANY = 2, 6
"""Of moments of one kind, such as fourteen commits of messages.send: up to FEW all, else the first and the last, and of
more than MANY one in the middle."""


def chosen(moments: tuple[str, ...]) -> list[str]:
    """The moments to die at."""
    kinds: dict[str, list[str]] = {}
    for moment in moments:
        kinds.setdefault(moment.rsplit(" ", 1)[0], []).append(moment)
    return [moment for kind in kinds.values() for moment in _of_a_kind(kind)]


def _of_a_kind(moments: list[str]) -> list[str]:
    if len(moments) <= FEW:
        return moments
    middle = [moments[len(moments) // 2]] if len(moments) > MANY else []
    return [moments[0], *middle, moments[-1]]


def test_the_story_unharmed_ends_well(doomed: Doomed) -> None:
    assert doomed.reference["orders"] == ["closed"]
    assert doomed.reference["call-backs"] == []
    assert doomed.reference["rings"] == 2
    named = {moment.rsplit(" ", 1)[0] for moment in doomed.moments}
    assert {
        "messages.send before send_text",
        "messages.send after send_text",
        "hotline.place_call before place_call",
        "hotline.place_call after place_call",
        "visits.dispatch before commit",
        "visits.dispatch after commit",
        "hotline.read_text before commit",
        "quality.begin after commit",
    } <= named


@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", range(SHARES))
def test_a_death_at_any_moment_changes_nothing(doomed: Doomed, share: int) -> None:
    wrong, missed, dooms = {}, [], chosen(doomed.moments)[share::SHARES]
    for doom in dooms:
        try:
            ended = doomed.tell(doom)
        except Exception as error:
            wrong[doom] = str(error)[:3000]
            continue
        if not doomed.came():
            missed.append(doom)
        if ended != doomed.reference:
            wrong[doom] = str({key: value for key, value in ended.items() if value != doomed.reference[key]})
    # Where a receipt overtakes our own record there is nothing left to write: such a moment does not always come.
    assert len(missed) <= len(dooms) // 4, missed
    assert not wrong, "\n\n".join(f"{doom}: {what}" for doom, what in wrong.items())
