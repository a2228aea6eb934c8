"""Ledgers with whatever can be recorded: what always holds, and what happens at times."""

from __future__ import annotations

import json
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan import (
    Happened,
    Ledger,
    LedgerAccepted,
    LedgerEntry,
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
from tests.kernel.editing import edited, every
from tests.kernel.histories import STANDARDS, day, decided, opened, raised, visit
from tests.kernel.ledgering import WELL, kept

OTHERS = (every(7), edited(STANDARDS, title="The standards, made up again"))
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
KINDS = ("happened", "before", "withdrawn", "withdrawn", "replaced", "migrated")


def entry(data: st.DataObject, ledger: Ledger, number: int) -> LedgerEntry:
    """Return any entry, about any other."""
    name, on = f"x{number}", day(40 + number)
    of = data.draw(st.sampled_from([one.id for one in ledger.entries]))
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


def check(before: Ledger, decision: LedgerAccepted) -> None:
    """Check what holds of every entry that is accepted."""
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
