"""Exploring: what is broken on purpose is found, shrunk and told; what is whole is exercised."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

import cpplan
from cpplan import Plan, Procedure, obligations
from cpplan.calendars import Calendar
from cpplan.engine import Engine
from cpplan.households import Household
from cpplan.needs import StepNeed
from cpplan.obligations import Obligation, Reckoning, Status
from cpplan.rules import Edge
from cpplan_sim.exploring import watching
from cpplan_sim.exploring.beginnings import told
from cpplan_sim.exploring.bytes_of import many
from cpplan_sim.exploring.differences import Difference, DifferenceError, Oracle
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.explored import Explored
from cpplan_sim.exploring.explorer import explore
from cpplan_sim.exploring.interpreting import SIZE, Interpreter
from cpplan_sim.exploring.possible import statuses
from cpplan_sim.exploring.shrinking import Shrunk, shrink
from cpplan_sim.exploring.steering import steering
from cpplan_sim.exploring.table import Table
from cpplan_sim.exploring.telling import scenario
from cpplan_sim.exploring.things import Sort, Thing
from cpplan_sim.exploring.watching import Oracles, Watch
from cpplan_sim.running import Run, run
from cpplan_sim.scenarios import read_scenario
from cpplan_sim.writing import Source
from tests.breaking import without_code

ONE_DAY = dt.timedelta(days=1)
SMALL = "lead-social-worker"


@functools.cache
def loaded(name: str) -> Procedure:
    return cpplan.load(name)


def first_found(procedure: Procedure, examples: int = 60) -> Shrunk:
    """Return the first difference that histories show, shrunk."""
    oracles, table = Oracles(procedure), Table(procedure)
    possible = [key for key, why in statuses(procedure).items() if not why]
    steer = steering(procedure, Exercise(), possible, ())

    def tell(data: bytes) -> None:
        Interpreter(data, Watch(oracles), table, steer).tell()

    error = many(tell, size=SIZE, examples=examples, seed="test")
    assert error is not None, "nothing was found"
    return shrink(oracles, error)


def replayed(procedure: Procedure, found: Shrunk, folder: Path) -> Run:
    """Return a difference's scenario file, read and run under the procedure."""
    source = Source(procedure=procedure.name)
    file = folder / "found.yaml"
    file.write_text(scenario(procedure, found, source, folder), encoding="utf-8")
    return run(read_scenario(file), procedure)


def kinds(found: Shrunk) -> list[str]:
    return [moment.event.kind for moment in found.moments]


# What is broken on purpose


def test_a_need_that_was_dropped_is_found_and_shrunk_to_the_fewest_events(tmp_path: Path) -> None:
    broken = without_code(loaded(SMALL), "detailed-plan-agreed", "core-group-not-held")
    found = first_found(broken)
    assert found.difference.oracle is Oracle.REQUIREMENT
    assert found.difference.subject == "plan-comes-of-a-core-group"
    assert found.difference.cites == ("lead-social-worker/para-19b",)
    assert kinds(found) == [
        "initial-conference-opened",
        "initial-conference-decided",
        "detailed-plan-agreed",
    ]
    assert replayed(broken, found, tmp_path).passed
    repaired = run(read_scenario(tmp_path / "found.yaml"), loaded(SMALL))
    assert not repaired.passed
    assert "a core group has met" in str(repaired.outcomes[-1].failures)


def no_holidays(calendar: Calendar, day: dt.date, n: int) -> dt.date:
    """Count Mondays to Fridays, whatever the holidays."""
    step = ONE_DAY if n >= 0 else -ONE_DAY
    left, found = abs(n), day
    while left or found.weekday() > 4:
        found += step
        left -= left > 0 and found.weekday() < 5
    return found


@pytest.mark.parametrize(
    ("place", "otherwise"),
    [
        ("cpplan.calendars.Calendar.working_days_after", no_holidays),
        ("cpplan.calendars.add_months", lambda day, n: day + dt.timedelta(days=30 * n)),
    ],
)
def test_a_calendar_that_counts_wrong_is_found_and_told_until_it_counts_right(
    place: str, otherwise: Callable[..., dt.date], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedure = loaded(SMALL if "working" in place else "luton")
    with monkeypatch.context() as broken:
        broken.setattr(place, otherwise)
        found = first_found(procedure)
        assert found.difference.oracle in (Oracle.DATES, Oracle.STOCK)
        assert len(found.moments) <= 5
        wrong = replayed(procedure, found, tmp_path)
    assert not wrong.passed
    assert run(read_scenario(tmp_path / "found.yaml"), procedure).passed


def test_a_day_too_many_is_found_and_told_until_it_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedure = loaded(SMALL)
    due = Reckoning.due

    def late(ledger: Reckoning, duty: Any, anchor: dt.date) -> dt.date | None:
        found = due(ledger, duty, anchor)
        return found + ONE_DAY if found and duty.id == "first-core-group" else found

    with monkeypatch.context() as broken:
        broken.setattr(Reckoning, "due", late)
        found = first_found(procedure)
        assert (found.difference.oracle, found.difference.subject) == (
            Oracle.DATES,
            "first-core-group",
        )
        assert found.difference.cites == procedure.duties["first-core-group"].cites
        assert kinds(found) == ["initial-conference-opened", "initial-conference-decided"]
        wrong = replayed(procedure, found, tmp_path)
    assert any("first-core-group" in failure for failure in wrong.failures)
    assert run(read_scenario(tmp_path / "found.yaml"), procedure).passed


def test_a_birthday_a_day_early_is_found_in_a_child_born_on_a_leap_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def early(born: dt.date, age: int) -> dt.date:
        return born.replace(year=born.year + age, day=min(born.day, 28))

    monkeypatch.setattr("cpplan.values.birthday", early)
    found = first_found(cpplan.load("standards"), examples=150)
    assert found.difference.oracle in (Oracle.DATES, Oracle.STOCK)
    born = [getattr(moment.event, "date_of_birth", None) for moment in found.moments]
    assert any(day is not None and day.day > 28 for day in born)


def _lenient(edge: Edge, event: Any, facts: Any) -> bool:
    return edge.applies(event, facts.steps)


def _forgetful(edge: Edge, event: Any, steps: Any) -> Any:
    return {**steps, **{step.step: event.on for step in edge.sets}}


def _first_met(duty: Any, waiting: list[Any], event: Any) -> Any:
    return waiting[-1] if waiting else None


def _status(one: Obligation, on: dt.date) -> Status:
    if one.outcome is not None and one.closed_on is not None and one.closed_on <= on:
        return one.outcome
    return Status.OVERDUE if one.due_on is not None and on >= one.due_on else Status.DUE


def _crash(need: StepNeed, event: Any, facts: Any) -> bool:
    raise RuntimeError(f"{need.step} can't be read")


def _any_route(engine: Engine, state: str, event: Any, steps: Any) -> Edge | None:
    return next(iter(engine.table.get((event.kind, state), ())), None)


@pytest.mark.parametrize(
    ("owner", "name", "otherwise", "oracles"),
    [
        (Edge, "permits", _lenient, {Oracle.WHY_NOT, Oracle.STOCK, Oracle.REQUIREMENT}),
        (Edge, "step_days", _forgetful, {Oracle.STOCK}),
        (obligations, "_chosen", _first_met, {Oracle.DATES}),
        (Obligation, "status", _status, {Oracle.DATES}),
        (StepNeed, "holds", _crash, {Oracle.CRASH}),
        (Engine, "route", _any_route, {Oracle.REBUILDING}),
        (Plan, "why_not", lambda *_: None, {Oracle.WHY_NOT}),
        (watching, "loads", lambda _, procedure: Plan(procedure), {Oracle.JSON}),
    ],
    ids=[
        "an engine that asks for nothing",
        "steps that are never cleared",
        "the newest met first",
        "a status that is late on the last day",
        "a need that crashes",
        "rebuilding by whatever rule comes first",
        "a why-not that never says why",
        "reading that loses events",
    ],
)
def test_a_kernel_that_is_broken_on_purpose_is_found(
    owner: Any, name: str, otherwise: Any, oracles: set[Oracle], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, otherwise)
    found = first_found(cpplan.load("standards"))
    assert found.difference.oracle in oracles
    assert found.difference.says


def test_a_crash_is_told_with_the_event_that_it_came_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    procedure = loaded(SMALL)
    with monkeypatch.context() as broken:
        broken.setattr(StepNeed, "holds", _crash)
        found = first_found(procedure)
        text = scenario(procedure, found, Source(procedure=SMALL), tmp_path)
    assert "RuntimeError" in text
    assert found.moments[-1].event.on.isoformat() in text


# Promises of the kernel's functions


def _unsorted(plan: Plan, on: dt.date) -> tuple[tuple[Obligation, Status], ...]:
    owed = [(one, one.status(on)) for one in plan.obligations]
    found = [each for each in owed if each[1] in (Status.DUE, Status.OVERDUE, Status.UNDECIDABLE)]
    return tuple(sorted(found, key=lambda each: each[0].due_on or dt.date.max, reverse=True))


def _half(household: Household, event_for: Any) -> Any:
    kept = {c: e for c, e in event_for.items() if household.plans[c].record(e).accepted}
    return RECORD(household, kept)


RECORD = Household.record


@pytest.mark.slow
@pytest.mark.parametrize(
    ("owner", "name", "otherwise", "function"),
    [
        (Plan, "due", _unsorted, "due"),
        (Plan, "allowed", lambda *_: (), "allowed"),
        (Household, "record", _half, "household"),
    ],
    ids=["due in any order", "nothing ever allowed", "a household recorded by halves"],
)
def test_a_promise_that_is_not_kept_is_found(
    owner: Any, name: str, otherwise: Any, function: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, otherwise)
    explored = explore(loaded(SMALL), 2, extra=0)
    assert [one.difference.key for one in explored.differences] == [("API", function)]
    assert explored.differences[0].moments or function == "due"


# What is whole


@pytest.mark.slow
@pytest.mark.parametrize("name", cpplan.PROCEDURES)
def test_no_told_case_shows_a_difference(name: str) -> None:
    oracles = Oracles(loaded(name))
    beginnings = told(loaded(name))
    assert beginnings
    for events in beginnings:
        watch = Watch(oracles)
        for event in events:
            watch.attempt(event)
        watch.finish()


@pytest.fixture(scope="module")
def small() -> Explored:
    return explore(loaded(SMALL), 25)


@pytest.mark.slow
def test_all_that_can_be_exercised_is_and_nothing_differs(small: Explored) -> None:
    assert small.passed
    assert not small.differences
    assert not small.unseen
    assert not small.wrongly_excused
    assert {thing.sort for thing in small.counts} == set(Sort)
    assert small.counts.keys() == small.excused.keys() | {
        thing for thing, times in small.counts.items() if times
    }


@pytest.mark.slow
def test_histories_are_deep_and_much_of_them_is_refused(small: Explored) -> None:
    assert small.exercise.longest >= 60
    assert small.exercise.refused > small.exercise.accepted / 20
    assert small.exercise.accepted > 60 * 25 / 2


@pytest.mark.slow
def test_the_same_seed_tells_the_same_histories_and_another_tells_others() -> None:
    one, same, other = (explore(loaded(SMALL), 5, seed=seed, extra=0) for seed in (1, 1, 2))
    assert one.counts == same.counts
    assert one.counts != other.counts


@pytest.mark.slow
@pytest.mark.parametrize("name", ["luton", "jersey"])
def test_procedures_are_exercised_in_full(name: str) -> None:
    explored = explore(loaded(name), 50)
    assert [str(thing) for thing in explored.unseen] == []
    assert explored.passed


@pytest.mark.slow
def test_known_differences_are_told_once_and_the_search_goes_on() -> None:
    broken = without_code(loaded(SMALL), "detailed-plan-agreed", "core-group-not-held")
    broken = without_code(broken, "detailed-plan-agreed", "outcomes-missing")
    explored = explore(broken, 25, extra=0)
    assert sorted(one.difference.subject for one in explored.differences) == [
        "plan-comes-of-a-core-group",
        "plan-is-outcome-focused",
    ]
    assert not explored.passed


def test_what_was_never_exercised_or_wrongly_excused_is_a_failure() -> None:
    thing = Thing(Sort.RULE, "letter-sent")
    whole = Explored(
        procedure=loaded(SMALL),
        seed=0,
        exercise=Exercise(),
        counts={thing: 0},
        differences=(),
        excused={},
        wrongly_excused=(),
        unseen=(),
    )
    assert whole.passed
    assert not attrs.evolve(whole, unseen=(thing,)).passed
    assert not attrs.evolve(whole, wrongly_excused=(thing,)).passed
    difference = Difference(Oracle.STOCK, "visit-made", "They differ.")
    assert not attrs.evolve(whole, differences=(Shrunk(difference, (), 0),)).passed


# Shrinking


def test_shrinking_leaves_what_is_needed_and_nothing_else() -> None:
    procedure = without_code(loaded(SMALL), "plan-made", "lead-social-worker-not-qualified")
    oracles = Oracles(procedure)
    table, rounds = Table(procedure), iter(range(100))
    steer = steering(procedure, Exercise(), (), ())

    def tell(data: bytes) -> None:
        next(rounds)
        Interpreter(data, Watch(oracles), table, steer).tell()

    error = many(tell, size=SIZE, examples=100, seed="shrink")
    assert isinstance(error, DifferenceError)
    found = shrink(oracles, error)
    assert found.difference.key == error.difference.key
    assert kinds(found) == ["initial-conference-opened", "initial-conference-decided"]
    decided: Any = found.moments[-1].event
    assert not decided.lead_social_worker.qualified
    for place in range(len(found.moments)):
        fewer = [m.event for n, m in enumerate(found.moments) if n != place]
        watch = Watch(oracles)
        for event in fewer:
            watch.attempt(event)
        watch.finish()
