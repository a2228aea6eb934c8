"""Ledgers: histories made up, recorded in any order."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan import (
    Happened,
    Ledger,
    LedgerRefused,
    Plan,
)
from cpplan.events import (
    ChildDied,
    CoreGroupHeld,
    DetailedPlanAgreed,
    Event,
    PlanPutIntoEffect,
)
from tests.kernel.histories import STANDARDS, day, decided, opened, visit
from tests.kernel.ledgering import (
    WELL,
    kept,
    recorded,
    withdrawal,
)

LEDGER = kept(*WELL)


@st.composite
def days_of_work(draw: st.DrawFn) -> list[Event]:
    """Return events of different days, lawful where they stand or not."""
    numbers = draw(st.lists(st.integers(1, 60), unique=True, max_size=7))
    makers = (
        visit,
        opened,
        decided,
        lambda on: CoreGroupHeld(on=on),
        lambda on: DetailedPlanAgreed(on=on),
        lambda on: PlanPutIntoEffect(on=on),
        lambda on: ChildDied(on=on, date_of_death=on),
    )
    return [draw(st.sampled_from(makers))(day(number)) for number in numbers]


def unjudged(events: list[Event]) -> Ledger:
    """Return a ledger of events recorded in their order, whether lawful or not."""
    entries = [
        Happened(
            id=f"e{number}",
            recorded_on=day(60 + number),
            procedure="standards",
            digest=STANDARDS.digest,
            event=event,
        )
        for number, event in enumerate(events)
    ]
    return Ledger.of(entries, [STANDARDS]) if entries else Ledger.opened(STANDARDS)


@given(days_of_work(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_recording_makes_no_difference_where_days_differ(
    events: list[Event], rng: st.DrawFn
) -> None:
    shuffled = list(events)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = unjudged(events), unjudged(shuffled)
    assert one.plan == other.plan
    assert [t.reasons for t in one.turns] == [t.reasons for t in other.turns]


@given(days_of_work())
@settings(max_examples=60, deadline=None)
def test_the_plan_is_what_the_replay_comes_to(events: list[Event]) -> None:
    ledger = unjudged(events)
    assert ledger.plan == (ledger.turns[-1].after if events else Plan(STANDARDS))
    told = [turn.standing.entry.effective for turn in ledger.turns if not turn.aside]
    assert [event.on for event in ledger.plan.events] == told


@given(days_of_work(), st.data())
@settings(max_examples=60, deadline=None)
def test_without_an_entry_is_as_if_it_had_never_been_recorded(
    events: list[Event], data: st.DataObject
) -> None:
    ledger = recorded(unjudged([*WELL, *events]), withdrawal(LEDGER, "e1", day(90), "gone"))
    number = data.draw(st.integers(2, len(ledger.entries) - 2))
    after = recorded(ledger, withdrawal(ledger, f"e{number}", day(99)))
    rest = [entry for entry in ledger.entries if entry.id not in (f"e{number}", "e1", "gone")]
    without = Ledger.of(rest, [STANDARDS])
    assert after.plan == without.plan
    assert [turn.reasons for turn in after.turns] == [turn.reasons for turn in without.turns]
    assert after.entries[:-1] == ledger.entries
    assert after.as_known_on(day(98)) == ledger
    assert after.as_known_on(dt.date.max) == after
    back = recorded(after, withdrawal(after, "w", day(99), "w2"))
    assert back.plan == ledger.plan


@given(days_of_work())
@settings(max_examples=60, deadline=None)
def test_nothing_unlawful_comes_in_and_nothing_ever_goes(events: list[Event]) -> None:
    ledger = LEDGER
    for number, event in enumerate(events):
        entry = ledger.happened(event, id=f"x{number}", recorded_on=day(60))
        unlawful = {turn.standing.place for turn in ledger.unlawful}
        consequences = ledger.preview(entry)
        decision = ledger.record(entry, accepting=consequences)
        if isinstance(decision, LedgerRefused):
            assert decision.reasons
            continue
        assert decision.ledger.entries == (*ledger.entries, entry)
        newly = {turn.standing.place for turn in decision.ledger.unlawful} - unlawful
        assert newly == {change.entry for change in consequences.refused}
        ledger = decision.ledger
