"""Ledgers with whatever can be recorded: what always holds, and what happens at times."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan import (
    Happened,
    Ledger,
    LedgerAccepted,
    LedgerEntry,
    Migrated,
    Obligation,
    Plan,
    Replaced,
    Withdrawn,
    consequences_to_dict,
    entry_from_dict,
    entry_to_dict,
)
from cpplan.events import (
    ChildDied,
    CoreGroupHeld,
    DetailedPlanAgreed,
    Event,
    PlanPutIntoEffect,
    Trigger,
)
from tests.kernel.editing import edited, every, owed, with_duty, without
from tests.kernel.histories import STANDARDS, day, decided, opened, raised, visit
from tests.kernel.ledgering import WELL, kept

REVIEW, VISIT = STANDARDS.duties["first-review"], STANDARDS.duties["visit"]
AT_ONCE = attrs.evolve(REVIEW.opens[0], on_field="")
NAMED = {
    "no visits, no first review": without(STANDARDS, "duties", VISIT.id, REVIEW.id),
    "visits without a figure": with_duty(attrs.evolve(VISIT, value=None)),
    "a first review counted from the conference": with_duty(attrs.evolve(REVIEW, opens=(AT_ONCE,))),
}
OTHERS = (
    STANDARDS,
    every(7),
    edited(STANDARDS, title="The standards, made up again"),
    *(attrs.evolve(one, digest=name) for name, one in NAMED.items()),
)
LEDGER = kept(*WELL).knowing(*OTHERS)
SEEN: Counter[str] = Counter()
"""What the cases have come upon, so that an empty search can't pass."""

MAKERS = (
    visit,
    opened,
    decided,
    lambda on: CoreGroupHeld(on=on),
    lambda on: DetailedPlanAgreed(on=on),
    lambda on: PlanPutIntoEffect(on=on),
    lambda on: raised(Trigger.RISK_CHANGE, on),
    lambda on: ChildDied(on=on, date_of_death=on),
)
EVENTS: st.SearchStrategy[Event] = st.builds(
    lambda make, number: make(day(number)), st.sampled_from(MAKERS), st.integers(0, 40)
)
KINDS = ("happened", "before", "withdrawn", "withdrawn", "withdrawn", "replaced", "migrated")


def entry(data: st.DataObject, ledger: Ledger, number: int) -> LedgerEntry:
    """Return any entry, about any other."""
    name, on = f"x{number}", day(40 + number)
    ids = [one.id for one in ledger.entries]
    of = data.draw(st.sampled_from(ids) | st.sampled_from(ids[-3:]))
    kind = data.draw(st.sampled_from(KINDS))
    if kind == "withdrawn":
        return ledger.withdrawn(of, why="A mistake.", id=name, recorded_on=on)
    if kind == "replaced":
        return ledger.replaced(of, data.draw(EVENTS), why="So it was.", id=name, recorded_on=on)
    if kind == "migrated":
        to, first = data.draw(st.sampled_from(OTHERS)), day(data.draw(st.integers(0, 60)))
        return ledger.migrated(to, first, id=name, recorded_on=on)
    before = of if kind == "before" else ""
    return ledger.happened(data.draw(EVENTS), id=name, recorded_on=on, before=before)


def spoken(ledger: Ledger) -> Mapping[str, str]:
    """Return the entry that speaks for each place, read off the entries and nothing else."""

    def gone(name: str) -> bool:
        of = (one.id for one in ledger.entries if isinstance(one, Withdrawn) and one.of == name)
        return any(not gone(one) for one in of)

    def voice(name: str) -> str:
        of = (one.id for one in ledger.entries if isinstance(one, Replaced) and one.of == name)
        return next((voice(one) for one in of if not gone(one)), name)

    places = (one.id for one in ledger.entries if isinstance(one, (Happened, Migrated)))
    return {place: voice(place) for place in places if not gone(place)}


def check_what_stands(before: Ledger, decision: LedgerAccepted) -> None:
    """Check that what is accepted stands, and that nothing against the procedure goes untold."""
    entry, after, told = decision.entry, decision.ledger, decision.consequences
    speaks = spoken(after)
    assert {t.standing.place: t.standing.entry.id for t in after.turns} == speaks
    if isinstance(entry, Withdrawn):
        assert entry.of not in speaks.values()
        back = brought_back(entry, before)
        assert back is None or back in chain(speaks, after)
        SEEN["brought back"] += back is not None
    else:
        assert entry.id in speaks.values()
    known = {(turn.standing.entry.id, turn.reasons) for turn in before.unlawful}
    for turn in after.unlawful:
        if (turn.standing.entry.id, turn.reasons) not in known:
            assert turn.standing.place in {one.entry for one in told.decisions}
            SEEN["told though it was only brought back"] += turn.standing.entry.id not in {
                one.standing.entry.id for one in before.turns
            }
    if not (told.needs_accepting or isinstance(entry, Happened)):
        assert after.plan.steps == before.plan.steps
        assert owed(after.plan) == owed(before.plan)


def brought_back(entry: Withdrawn, before: Ledger) -> str | None:
    """Return the event, replacement or change of edition that a withdrawal brings back."""
    named = {one.id: one for one in before.entries}
    target = named[entry.of]
    of = named[target.of] if isinstance(target, Withdrawn) else None
    return None if of is None or isinstance(of, Withdrawn) else of.id


def chain(speaks: Mapping[str, str], ledger: Ledger) -> set[str]:
    """Return what speaks, and what it was said in place of."""
    of = {one.id: one.of for one in ledger.entries if isinstance(one, Replaced)}
    found = set(speaks.values())
    while new := {of[name] for name in found if name in of} - found:
        found |= new
    return found


def owing(found: tuple[Obligation, ...]) -> Counter[str]:
    return Counter(one.duty.id for one in found if one.closed_on is None)


def check_duties(decision: LedgerAccepted) -> None:
    """Check that no change of edition loses what was left undone and is known to it."""
    for turn in decision.ledger.turns:
        if not isinstance(turn.standing.entry, Migrated) or turn.aside:
            continue
        to, on = turn.after.procedure, turn.on
        now = [one for one in turn.after.obligations if one.closed_on is None]
        undone = [one for one in turn.before.obligations if one.duty.id in to.duties]
        open_ = Counter(one.duty.id for one in now)
        assert open_ >= owing(tuple(undone))
        overdue = {(one.duty.id, one.due_on) for one in undone if one.is_open(on) and late(one, on)}
        assert overdue <= {(one.duty.id, one.due_on) for one in now}
        assert {one.due_on for one in now if late(one, on)} <= {day for _, day in overdue}
        left = {one.duty.id for one in undone if one.closed_on and one.closed_by is None}
        again = left & owing(Plan.rebuild(to, turn.after.events).obligations).keys()
        assert again <= open_.keys()
        SEEN["overdue at a change of edition"] += len(overdue)
        SEEN["owed again"] += len(again - owing(tuple(undone)).keys())


def late(one: Obligation, on: dt.date) -> bool:
    return one.due_on is not None and one.due_on < on


def check(before: Ledger, decision: LedgerAccepted) -> None:
    """Check what holds of every entry that is accepted."""
    check_what_stands(before, decision)
    check_duties(decision)
    after, told = decision.ledger, decision.consequences
    assert after.entries == (*before.entries, decision.entry)
    assert after.as_known_on(before.entries[-1].recorded_on) == before
    written = json.dumps([entry_to_dict(one) for one in after.entries])
    read = Ledger.of(map(entry_from_dict, json.loads(written)), after.editions.values())
    assert read == after
    assert read.plan == after.plan
    assert (told.state_before, told.state_after) == (before.plan.state, after.plan.state)
    assert json.dumps(consequences_to_dict(told))
    own = next((t for t in after.turns if t.standing.entry == decision.entry), None)
    assert own is None or own.reasons == ()
    unlawful = {turn.standing.place for turn in after.unlawful}
    assert {change.entry for change in told.refused} <= unlawful
    assert unlawful.isdisjoint(change.entry for change in told.accepted)
    count(decision)


def count(decision: LedgerAccepted) -> None:
    """Note what a case has come upon."""
    after, told = decision.ledger, decision.consequences
    SEEN[type(decision.entry).__name__] += 1
    SEEN["refused"] += len(told.refused)
    SEEN["accepted"] += len(told.accepted)
    SEEN["redated"] += len(told.redated)
    SEEN["aside"] += any(turn.aside for turn in after.turns)
    SEEN["unlawful and not aside"] += any(not turn.aside for turn in after.unlawful)


def undo(ledger: Ledger, place: str) -> None:
    """Withdraw what stands, and withdraw that, and check that all is as it was."""
    gone = ledger.withdrawn(place, why="A mistake.", id="gone", recorded_on=day(99))
    without = ledger.record(gone, accepting=ledger.preview(gone))
    assert isinstance(without, LedgerAccepted)
    count(without)
    assert place not in {turn.standing.place for turn in without.ledger.turns}
    back = without.ledger.withdrawn("gone", why="None.", id="back", recorded_on=day(99))
    restored = without.ledger.record(back, accepting=without.ledger.preview(back))
    assert isinstance(restored, LedgerAccepted)
    count(restored)
    assert restored.ledger.plan == ledger.plan
    assert restored.ledger.unlawful == ledger.unlawful


@settings(max_examples=100, deadline=None)
@given(st.data())
def some_cases(data: st.DataObject) -> None:
    """Record whatever comes, and undo each thing that stands in the end."""
    ledger = LEDGER
    for number in range(data.draw(st.integers(1, 8))):
        one = entry(data, ledger, number)
        decision = ledger.record(one, accepting=ledger.preview(one))
        if isinstance(decision, LedgerAccepted):
            check(ledger, decision)
            ledger = decision.ledger
        else:
            assert decision.reasons
            assert decision.consequences is None
            SEEN["not recorded"] += 1
    for turn in ledger.turns:
        undo(ledger, turn.standing.place)


def test_nothing_is_lost_whatever_is_recorded_and_much_of_it_happens() -> None:
    SEEN.clear()
    some_cases()
    kinds = (Happened.__name__, "Withdrawn", "Replaced", "Migrated")
    told = ("refused", "accepted", "redated", "aside", "unlawful and not aside", "not recorded")
    assert [name for name in (*kinds, *told) if not SEEN[name]] == []


HELD = (
    CoreGroupHeld(on=day(7)),
    CoreGroupHeld(on=day(8)),
    DetailedPlanAgreed(on=day(7)),
    DetailedPlanAgreed(on=day(9)),
)
OF_TWO = ("e3", "e4")
"""The core group and the detailed plan, which is lawful only after it."""


@settings(max_examples=200, deadline=None)
@given(st.data())
def some_corrections(data: st.DataObject) -> None:
    """Withdraw and replace two events, and that, and that again."""
    ledger = kept(*WELL[:4])
    for number in range(data.draw(st.integers(3, 8))):
        name, on = f"x{number}", day(40)
        of = data.draw(st.sampled_from([*OF_TWO, *(one.id for one in ledger.entries[4:])]))
        one: LedgerEntry
        if data.draw(st.booleans()):
            one = ledger.withdrawn(of, why="A mistake.", id=name, recorded_on=on)
        else:
            event = data.draw(st.sampled_from(HELD))
            one = ledger.replaced(of, event, why="So it was.", id=name, recorded_on=on)
        decision = ledger.record(one, accepting=ledger.preview(one))
        if isinstance(decision, LedgerAccepted):
            check_what_stands(ledger, decision)
            ledger = decision.ledger
        else:
            SEEN["not recorded"] += 1


def test_what_is_accepted_stands_and_what_is_brought_back_is_told() -> None:
    SEEN.clear()
    some_corrections()
    seen = ("not recorded", "brought back", "told though it was only brought back")
    assert [name for name in seen if not SEEN[name]] == []


MOVES = st.tuples(st.integers(15, 120), st.sampled_from(range(len(OTHERS))), st.booleans())


@settings(max_examples=100, deadline=None)
@given(st.lists(MOVES, min_size=2, max_size=4))
def some_moves(moves: list[tuple[int, int, bool]]) -> None:
    """Put a plan under one edition after another, with visits at times in between."""
    ledger = LEDGER
    for number, (first, other, visited) in enumerate(sorted(moves)):
        one = ledger.migrated(OTHERS[other], day(first), id=f"m{number}", recorded_on=day(first))
        decision = ledger.record(one, accepting=ledger.preview(one))
        if isinstance(decision, LedgerAccepted):
            check_what_stands(ledger, decision)
            check_duties(decision)
            count(decision)
            ledger = decision.ledger
        if visited:
            ledger = kept(visit(day(first)), ledger=ledger)


def test_no_change_of_edition_loses_what_was_left_undone() -> None:
    SEEN.clear()
    some_moves()
    seen = ("Migrated", "overdue at a change of edition", "owed again")
    assert [name for name in seen if not SEEN[name]] == []
