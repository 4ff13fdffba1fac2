"""The tables of states are whole, and the codes and clocks of a visit are as they are said to be."""

import secrets
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.visits import codes, rules, timing
from app.visits.matching import hard_rules

NINE = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("machine", [rules.VISIT, rules.OFFER])
def test_every_state_is_reached_and_every_event_leads_to_a_known_state(machine):
    targets = {after for events in machine.table.values() for after in events.values()}
    assert targets <= machine.states
    assert machine.states == targets | {machine.initial}
    assert machine.live <= machine.states


@pytest.mark.parametrize("state", sorted(rules.CURRENT))
def test_whatever_is_to_come_comes_to_an_end(state):
    reached, todo = set(), {state}
    while todo:
        reached |= todo
        todo = {after for one in todo for after in rules.VISIT.table[one].values()} - reached
    assert "done" in reached or "cancelled" in reached


def test_nothing_is_called_off_once_it_has_begun_and_nothing_missed_comes_back():
    assert rules.VISIT.next("in_progress", "cancelled") is None
    assert not rules.VISIT.table["missed"]


def test_the_codes_of_reasons_are_those_that_matching_gives():
    assert {code for code, _ in hard_rules.RULES} <= set(rules.HARD_RULES)
    assert set(rules.HARD_RULES) - {code for code, _ in hard_rules.RULES} == {"shift", "leave", "overlap", "window"}


def test_the_record_of_a_visit_needs_six_facts():
    whole = dict.fromkeys(rules.SIX_FACTS, "known")
    assert rules.missing_facts(whole) == ()
    assert rules.missing_facts(whole | {"place": None}) == ("place",)
    assert rules.missing_facts({}) == rules.SIX_FACTS


@given(st.integers())
def test_a_visit_code_is_nothing_that_one_would_guess(seed):
    code = codes.new_visit_code(Random(seed).choice)
    assert len(code) == 4 and code.isdigit()
    assert len(set(code[:2])) == len(set(code[2:])) == 2
    assert code[:2] != code[2:] and code[:2] != code[2:][::-1]
    assert code not in ("1234", "9876", "1357", "2468")


def test_two_digits_name_one_of_the_visits_to_a_household():
    taken = ["1290", "3475"]
    assert {codes.new_visit_code(secrets.choice, taken)[:2] for _ in range(300)}.isdisjoint({"12", "34"})


def test_only_the_residents_half_proves_presence():
    assert codes.proves("4718", "18")
    assert codes.proves("4718", "4718")
    assert not codes.proves("4718", "47")
    assert not codes.proves("4718", "")
    assert (codes.workers_half("4718"), codes.residents_half("4718")) == ("47", "18")


def test_a_password_may_be_said_with_blanks_and_in_any_case():
    assert codes.is_password("Magnolia 白玉兰", "magnolia白玉兰 ")
    assert not codes.is_password("白玉兰", "玉兰")
    assert not codes.is_password(None, "")


def test_offer_codes_are_never_live_twice_and_old_ones_come_back_last():
    first = codes.next_offer_code((), None)
    second = codes.next_offer_code((first,), first)
    assert first != second
    assert codes.next_offer_code((), first) == second
    assert codes.next_offer_code((second,), first) not in (first, second)
    assert codes.next_offer_code(codes.OFFER_CODES, first) is None


def test_no_offer_code_reads_like_an_answer():
    assert not [code for code in codes.OFFER_CODES if code[0] in "12" or code[0] == code[1]]


def test_an_urgent_offer_runs_out_in_time_for_two_more():
    late = NINE + timedelta(hours=3)
    assert timing.answer_by(NINE, late, 600, urgent=True) == NINE + 4 * MINUTE
    assert timing.answer_by(NINE, late, 600, urgent=False) == NINE + 15 * MINUTE


def test_an_offer_runs_out_when_it_is_time_to_set_out_but_never_at_once():
    assert timing.answer_by(NINE, NINE + 20 * MINUTE, 600, urgent=False) == NINE + 10 * MINUTE
    assert timing.answer_by(NINE, NINE + 5 * MINUTE, 600, urgent=True) == NINE + 2 * MINUTE


def test_a_visit_is_late_after_fifteen_minutes_and_missed_past_its_window():
    window_end = NINE + 180 * MINUTE
    assert timing.late_at(NINE, window_end) == NINE + 15 * MINUTE
    assert timing.late_at(NINE, NINE + 20 * MINUTE) == NINE + 10 * MINUTE, "the resident hears before the window ends"
    assert timing.late_at(NINE, NINE) == NINE + 5 * MINUTE
    assert timing.missed_at(NINE, window_end, urgent=False) == window_end
    assert timing.missed_at(window_end, window_end, urgent=False) == window_end + 60 * MINUTE
    assert timing.missed_at(NINE, window_end, urgent=True) == NINE + 30 * MINUTE


def test_who_has_set_out_is_given_time_to_come():
    departed = NINE + 40 * MINUTE
    assert timing.missed_at(NINE, NINE, True, departed, 1200) == NINE + 75 * MINUTE
    assert timing.expected(NINE + 45 * MINUTE, NINE, departed, 1200) == NINE + 60 * MINUTE


def test_a_visit_of_a_few_minutes_is_looked_at():
    assert timing.is_too_short(NINE, NINE + 5 * MINUTE, 30)
    assert not timing.is_too_short(NINE, NINE + 10 * MINUTE, 30)
