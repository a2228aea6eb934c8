"""A told case event by event: what it says, every reason, and what comes due."""

from __future__ import annotations

from cpplan_docs.book import Book
from cpplan_docs.cases.places import Places
from cpplan_docs.cases.steps import differences, steps
from cpplan_sim.running import Run, loaded, run
from cpplan_sim.scenarios import read_scenario, scenario_root


def told(file: str) -> tuple[Run, list[str]]:
    one = run(read_scenario(scenario_root() / file))
    names = filter(None, (one.scenario.procedure, one.scenario.fill))
    book = Book({name: loaded(name) for name in names})
    parts = steps(one, Places.of(one, book)).split("\n1. ")
    return one, parts


def test_each_event_is_an_entry_with_its_day_and_who_did_it() -> None:
    one, parts = told("good/london/dispute-up-the-ladder.yaml")
    assert len(parts) == len(one.outcomes)
    assert parts[0].startswith("1. **Monday 5 January 2026**: [`initial-conference-opened`](")
    assert ", by [conference chair](" in parts[1]


def test_a_refusal_tells_every_reason_with_its_code_and_clauses() -> None:
    one, parts = told("bad/luton/access-without-authority.yaml")
    refused = [part for part in parts if "**Refused**" in part]
    assert len(refused) == 27
    for outcome, part in zip(one.outcomes, parts, strict=True):
        for reason in getattr(outcome.decision, "reasons", ()):
            assert f"refusals.md#code-{reason.code})" in part
            assert all(f"[{clause}](" in part for clause in reason.cites)


def test_an_accepted_event_tells_its_rule_the_move_and_what_is_owed_from_then() -> None:
    _, parts = told("good/london/dispute-up-the-ladder.yaml")
    assert "rules.md#rule-plan-made)" in parts[1]
    assert "goes from [`before-plan`](" in parts[1]
    assert "Now owed: [`visit`](" in parts[1]
    assert "due Monday 26 January 2026" in parts[1]


def test_what_fell_overdue_is_told_before_the_event_that_follows_and_once() -> None:
    _, parts = told("good/london/dispute-up-the-ladder.yaml")
    overdue = [number for number, part in enumerate(parts) if "overdue: [`visit`]" in part]
    assert overdue == [6]


def test_what_differs_from_the_usual_is_told_and_what_is_left_out() -> None:
    _, parts = told("bad/luton/access-without-authority.yaml")
    assert "It says: `agency` health; `delegated` yes." in parts[2]
    assert any("It leaves out: `action_plan`." in part for part in parts)
    assert "It says" not in parts[0]


def test_what_the_kind_says_of_itself_is_no_difference() -> None:
    _, parts = told("good/london/visits-that-do-not-count.yaml")
    usual = [part for part in parts if "`visit-made`" in part and "It says" not in part]
    assert usual


def test_differences_are_told_as_deep_as_they_lie() -> None:
    expected = {"plan": {"aims": ["one"], "owner": "her"}, "note": "x"}
    said = {"plan": {"aims": ["two"], "owner": "her"}, "more": True}
    assert dict(differences(expected, said)) == {"plan.aims": ["two"], "note": None, "more": True}


def test_a_rule_that_fills_a_silence_is_linked_where_it_comes_from() -> None:
    _, parts = told("good/london/ended-by-a-move-filled-by-the-composite.yaml")
    assert "procedures/composite/rules.md#rule-" in "".join(parts)
    assert "procedures/london/rules.md#rule-plan-made)" in "".join(parts)
    assert "procedures/composite/index.md#state-ended-move)" in "".join(parts)
