"""A change of edition over a whole store: counted one plan at a time, and recorded by lines."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import attrs
import pytest

from cpplan import Ledger, Plan, Procedure, load
from cpplan.consequences import DutyChange, Owed
from cpplan.editions import moved, reasons_against_moving
from cpplan.events import ChildDied, Event
from cpplan.store import Attempt, Store, drafted
from cpplan.store.lines import InvalidLinesError
from cpplan.store.owing import Unread
from cpplan_sim.migration_tally import SOME, DutyTally, Migrations, Plans
from cpplan_sim.migrations import Change, Left, Looked, looked_at
from cpplan_sim.recording import Recorded, record_each
from cpplan_sim.trials import synthetic_cases
from tests.kernel.editing import escalated_nowhere, without
from tests.kernel.histories import STANDARDS, active, day
from tests.kernel.ledgering import JERSEY, MADE_UP

LUTON = load("luton")
ON = dt.date(2021, 4, 1)
"""After all that the synthetic cases tell."""
CUTS = (1, 4, 9, 20, 40)


def histories(procedure: Procedure, cases: int) -> Iterator[tuple[Event, ...]]:
    """Yield the beginnings of synthetic cases."""
    for case in synthetic_cases(procedure, cases):
        yield from (case.plan.events[:cut] for cut in CUTS if cut <= len(case.plan.events))


def keep(store: Store, plan: str, procedure: Procedure, events: Sequence[Event]) -> None:
    """Store a history, each event recorded on its day."""
    ledger = Ledger.opened(procedure)
    entries = [
        ledger.happened(event, id=f"e{number}", recorded_on=event.on)
        for number, event in enumerate(events)
    ]
    assert store.append(plan, map(drafted, entries), expected=0).accepted


@pytest.fixture(scope="module", params=["jersey", "standards"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Procedure, Procedure, dict[str, Plan]]]:
    """A store with some hundreds of plans, the edition they leave, and the one they come to."""
    jersey = request.param == "jersey"
    former, to = (JERSEY, MADE_UP) if jersey else (STANDARDS, escalated_nowhere())
    store = Store.create(tmp_path_factory.mktemp("migrations") / "plans.db")
    plans = {}
    for number, events in enumerate(histories(former, 60)):
        keep(store, f"p{number:04}", former, events)
        plans[f"p{number:04}"] = Plan.rebuild(former, events)
    yield store, former, to, plans
    store.close()


def counted(store: Store, change: Change, *editions: Procedure) -> tuple[Migrations, list[Any]]:
    tally, found = Migrations(change), list(looked_at(store, change, editions))
    for one in found:
        if not isinstance(one, Unread):
            tally.add(one)
    return tally, found


def by_hand(plan: Plan, to: Procedure) -> Counter[tuple[str, str]]:
    """Count what changes of what a plan owes, by comparing all that it owes before and after."""
    after, seen = moved(plan, to, ON), Counter[tuple[str, str]]()

    def cases(of: Plan) -> dict[Any, Any]:
        nth = Counter[Any]()
        found = {}
        for one in of.obligations:
            key = (one.duty.id, one.opened_by)
            nth[key] += 1
            found[*key, nth[key]] = one
        return found

    was, is_ = cases(plan), cases(after)
    for key in was.keys() | is_.keys():
        one, other = was.get(key), is_.get(key)
        if one is None:
            seen["begun", key[0]] += 1
        elif other is None or (other.outcome and not one.outcome):
            seen["ended", key[0]] += 1
        elif one.due_on != other.due_on:
            seen["redated", key[0]] += 1
            seen["sooner", key[0]] += other.due_on < one.due_on
    return +seen


def test_the_counts_are_those_of_the_plans_one_by_one(filled: Any) -> None:
    store, former, to, plans = filled
    tally, _ = counted(store, Change(frozenset([former.digest]), to, ON), former)
    assert len(plans) > 200
    assert tally.plans == len(plans)
    against = {name: reasons_against_moving(plan, to) for name, plan in plans.items()}
    possible = [name for name, reasons in against.items() if not reasons]
    assert (tally.possible.count, tally.possible.some) == (len(possible), possible[:SOME])
    reasons = Counter(
        (reason.code, plans[name].state) for name, found in against.items() for reason in found
    )
    assert {key: found.count for key, found in tally.against.items()} == reasons
    assert tally.impossible.count == len(plans) - len(possible)
    owed = sum((by_hand(plans[name], to) for name in possible), Counter())
    kinds = ("redated", "sooner", "begun", "ended")
    found = {(kind, d): getattr(t, kind) for d, t in tally.duties.items() for kind in kinds}
    assert +Counter(found) == owed
    touched = Counter(duty for p in possible for duty in {d for _, d in by_hand(plans[p], to)})
    assert {duty: t.plans.count for duty, t in tally.duties.items()} == touched
    assert tally.decided_otherwise.count == 0


@pytest.mark.parametrize("filled", ["jersey"], indirect=True)
def test_what_a_next_edition_of_jersey_asks_for_is_told(filled: Any) -> None:
    store, former, to, plans = filled
    tally, _ = counted(store, Change(frozenset([former.digest]), to, ON), former)
    ahead = sum("plan-put-into-effect" in JERSEY.rules_ahead[p.state] for p in plans.values())
    assert tally.parts["steps_needed"]["agreement-read-over"].count == ahead > 0
    assert tally.parts["rules_new"]["agreement-read-over"].count > 0
    assert {"visit", "first-core-group"} <= tally.duties.keys()
    assert tally.duties["visit"].sooner == tally.duties["visit"].redated > 0
    assert tally.unchanged.count > 0


@pytest.mark.parametrize("filled", ["standards"], indirect=True)
def test_some_can_not_be_put_under_it_and_it_is_told_where_they_stand(filled: Any) -> None:
    store, former, to, _ = filled
    tally, _ = counted(store, Change(frozenset([former.digest]), to, ON), former)
    assert {code for code, _ in tally.against} == {
        "origin-without-equal",
        "plan-ended",
        "state-without-equal",
    }
    assert ("state-without-equal", "escalated") in tally.against
    data = json.loads(json.dumps(tally.as_data()))
    told = [one for one in data["against"] if one["code"] == "state-without-equal"]
    assert told[0]["says"].endswith("has no state escalated, in which the plan is.")
    assert sum(one["count"] for one in data["against"]) == data["impossible"]["count"]
    assert data["plans"] == data["possible"]["count"] + data["impossible"]["count"]


# ------------------------------------------------------------------------------------- recording


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store with six plans under Jersey's chapter, one under Luton's."""
    made = Store.create(tmp_path / "plans.db")
    for number, events in enumerate(islice(histories(JERSEY, 2), 6)):
        keep(made, f"j{number}", JERSEY, events)
    keep(made, "l0", LUTON, next(histories(LUTON, 1)))
    yield made
    made.close()


CHANGE = Change(frozenset([JERSEY.digest]), MADE_UP, ON, recorded_on=ON)
BOTH = (JERSEY, LUTON)
ALL = (JERSEY, LUTON, MADE_UP)


def lines_of(store: Store, change: Change = CHANGE) -> list[str]:
    found = looked_at(store, change, ALL)
    return [one.line for one in found if isinstance(one, Looked) and one.line]


def test_a_look_records_nothing_and_leaves_plans_of_other_editions_alone(store: Store) -> None:
    heads, told = list(store.heads()), []
    found = list(looked_at(store, CHANGE, BOTH, lambda *done: told.append(done)))
    assert list(store.heads()) == heads
    assert [one.plan for one in found if isinstance(one, Left)] == ["l0"]
    assert told == [(done, 7) for done in range(1, 8)]
    tally, _ = counted(store, CHANGE, *BOTH)
    assert tally.left["luton", LUTON.digest].some == ["l0"]
    assert tally.as_data()["left"][0]["procedure"] == "luton"


def test_a_plan_goes_under_another_procedure_only_if_that_is_asked_for(store: Store) -> None:
    change = attrs.evolve(CHANGE, leaving=frozenset([LUTON.digest]))
    tally, _ = counted(store, change, *BOTH)
    assert (tally.possible.some, tally.left["jersey", JERSEY.digest].count) == (["l0"], 6)


def test_lines_record_it_and_what_was_interrupted_is_gone_on_with(store: Store) -> None:
    lines = lines_of(store)
    assert len(lines) == 6
    some = [came for _, came in record_each(store, ALL, lines[:4])]
    assert all(isinstance(one, Recorded) and one.accepted for one in some)
    every = [came for _, came in record_each(store, ALL, lines)]
    assert all(isinstance(one, Recorded) and one.accepted for one in every)
    ledger = store.ledger("j0", ALL)
    assert ledger is not None
    assert ledger.plan.procedure.digest == MADE_UP.digest
    tally, _ = counted(store, CHANGE, *BOTH)
    assert (tally.already.count, tally.possible.count) == (6, 0)
    assert lines_of(store) == []
    assert list(store.verify()) == []


def test_a_plan_that_has_changed_since_is_told_and_left_and_the_others_are_not(
    store: Store,
) -> None:
    lines = lines_of(store)
    ledger = store.ledger("j2", BOTH)
    assert ledger is not None
    died = ChildDied(on=ON, date_of_death=ON)
    entry = ledger.happened(died, id="died", recorded_on=ON)
    assert store.append("j2", [entry], expected=len(ledger.entries)).accepted
    found = [came for _, came in record_each(store, ALL, lines, keep_refused=True)]
    assert [one.accepted for one in found if isinstance(one, Recorded)] == [
        plan != "j2" for plan in ("j0", "j1", "j2", "j3", "j4", "j5")
    ]
    assert isinstance(found[2], Recorded)
    assert {(number, plan) for number, plan, _ in found[2].reasons} == {(3, "j2")}
    assert [type(one) for one in store.refused("j2")] == [Attempt]


def test_a_line_that_is_none_is_told_and_left(store: Store) -> None:
    lines = lines_of(store)
    told = list(record_each(store, ALL, [lines[0], "", "{", "[]", lines[1]]))
    assert [number for number, _ in told] == [1, 3, 4, 5]
    first, second, third, fourth = (came for _, came in told)
    assert isinstance(second, InvalidLinesError)
    assert second.problems[0].startswith("line 3: ")
    assert isinstance(third, InvalidLinesError)
    assert all(isinstance(one, Recorded) and one.accepted for one in (first, fourth))


def test_what_could_not_be_recorded_has_no_line_and_says_why(store: Store) -> None:
    early = attrs.evolve(CHANGE, recorded_on=dt.date(2010, 1, 1))
    tally, _ = counted(store, early, *BOTH)
    against = {"recorded-before-latest", "recorded-before-it-happened"}
    assert {code for code, _ in tally.against} == against
    assert lines_of(store, early) == []


def test_a_change_that_was_withdrawn_needs_another_name(store: Store) -> None:
    list(record_each(store, ALL, lines_of(store)))
    ledger = store.ledger("j0", ALL)
    assert ledger is not None
    gone = ledger.withdrawn(CHANGE.id, why="Too soon.", id="w", recorded_on=ON)
    assert store.append("j0", [gone], expected=len(ledger.entries)).accepted
    tally, _ = counted(store, CHANGE, *BOTH)
    assert {code: found.some for (code, _), found in tally.against.items()} == {"id-taken": ["j0"]}
    again = attrs.evolve(CHANGE, id="once more")
    assert [json.loads(one)["plan"] for one in lines_of(store, again)] == ["j0"]


def test_a_plan_of_an_edition_that_is_not_given_is_told(store: Store) -> None:
    _, found = counted(store, CHANGE, JERSEY)
    assert [one.plan for one in found if isinstance(one, Unread)] == ["l0"]


def test_a_later_event_that_would_be_decided_otherwise_is_counted(store: Store) -> None:
    events = active().events
    keep(store, "s0", STANDARDS, events)
    fewer = without(STANDARDS, "rules", "plan-put-into-effect")
    tally, _ = counted(
        store, Change(frozenset([STANDARDS.digest]), fewer, events[1].on), *ALL, STANDARDS
    )
    assert (tally.possible.some, tally.decided_otherwise.some) == (["s0"], ["s0"])


EARLY, LATE = Owed(due_on=day(3)), Owed(due_on=day(9))
MET = Owed(due_on=day(9), closed_on=day(8), closed_by="e2", outcome="met")


@pytest.mark.parametrize(
    ("before", "after", "counted"),
    [
        (None, EARLY, {"begun": 1}),
        (EARLY, None, {"ended": 1}),
        (LATE, MET, {"ended": 1}),
        (EARLY, LATE, {"redated": 1}),
        (LATE, EARLY, {"redated": 1, "sooner": 1}),
        (Owed(due_on=None), EARLY, {"redated": 1, "sooner": 1}),
        (EARLY, Owed(due_on=None), {"redated": 1}),
        (MET, LATE, {"otherwise": 1}),
    ],
)
def test_each_thing_owed_otherwise_is_counted_as_one_kind(
    before: Owed | None, after: Owed | None, counted: dict[str, int]
) -> None:
    tally = DutyTally()
    tally.add(
        DutyChange(
            duty="visit",
            says="Visits.",
            cites=(),
            entry="e1",
            opened_on=day(0),
            before=before,
            after=after,
        )
    )
    none = dict.fromkeys(("redated", "sooner", "begun", "ended", "otherwise"), 0)
    assert attrs.asdict(tally, recurse=False) == {**none, **counted, "plans": Plans()}
