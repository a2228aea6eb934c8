"""What can be said against an entry before anything is replayed: what it names, and its days."""

from __future__ import annotations

from cpplan import Ledger, LedgerEntry, LedgerRefused
from tests.kernel.editing import LEDGER, edited
from tests.kernel.histories import STANDARDS, day, visit
from tests.kernel.ledgering import recorded, replacement, withdrawal


def refused(ledger: Ledger, entry: LedgerEntry) -> tuple[str, str]:
    """Return the code and the sentence of the one reason against an entry."""
    decision = ledger.record(entry, accepting=ledger.preview(entry))
    assert isinstance(decision, LedgerRefused)
    (reason,) = decision.reasons
    return reason.code, reason.says


def replaced(ledger: Ledger, of: str, number: int, name: str) -> Ledger:
    return recorded(ledger, replacement(ledger, of, visit(day(number)), day(40), name))


def gone(ledger: Ledger, of: str, name: str) -> Ledger:
    return recorded(ledger, withdrawal(ledger, of, day(40), name))


def visits(ledger: Ledger) -> list[object]:
    return [event.on for event in ledger.plan.events if event.kind == "visit-made"]


def test_what_was_withdrawn_with_its_replacement_is_brought_back_before_it_is_replaced() -> None:
    ledger = gone(replaced(LEDGER, "e6", 15, "r1"), "e6", "w")
    again = replacement(ledger, "r1", visit(day(20)), day(41), "r2")
    assert refused(ledger, again) == (
        "already-withdrawn",
        "The entry 'e6' is withdrawn already, by 'w'; withdraw that first.",
    )
    assert visits(replaced(gone(ledger, "w", "w2"), "r1", 20, "r2")) == [day(20)]


def test_a_replacement_of_a_replacement_falls_with_it() -> None:
    ledger = gone(replaced(replaced(LEDGER, "e6", 15, "r1"), "r1", 16, "r2"), "r1", "w")
    assert visits(ledger) == [day(14)]
    again = replacement(ledger, "r2", visit(day(20)), day(41), "r3")
    assert refused(ledger, again) == (
        "already-withdrawn",
        "The entry 'r1' is withdrawn already, by 'w'; withdraw that first.",
    )
    assert visits(replaced(ledger, "e6", 20, "r3")) == [day(20)]


def test_a_replacement_is_not_brought_back_beside_another() -> None:
    ledger = gone(replaced(LEDGER, "e6", 15, "r1"), "r1", "w1")
    other = replaced(ledger, "e6", 20, "r2")
    assert refused(other, withdrawal(other, "w1", day(42), "w2")) == (
        "already-replaced",
        "The entry 'e6' is replaced already: replace or withdraw 'r2'.",
    )
    assert visits(gone(gone(other, "r2", "w3"), "w1", "w4")) == [day(15)]


def test_what_is_withdrawn_twice_over_is_not_withdrawn_again_by_bringing_that_back() -> None:
    once = gone(gone(LEDGER, "e6", "w1"), "w1", "back")
    twice = gone(once, "e6", "w2")
    assert refused(twice, withdrawal(twice, "back", day(42), "x")) == (
        "already-withdrawn",
        "The entry 'e6' is withdrawn already, by 'w2'.",
    )
    assert visits(gone(once, "back", "x")) == []


def test_of_two_replacements_that_came_in_otherwise_the_one_that_does_not_speak_stays_so() -> None:
    first, second = (
        replacement(LEDGER, "e6", visit(day(number)), day(40), f"r{number}") for number in (15, 20)
    )
    ledger = Ledger.of([*LEDGER.entries, first, second], [STANDARDS])
    assert visits(ledger) == [day(20)]
    assert refused(ledger, replacement(ledger, "r15", visit(day(16)), day(41), "r")) == (
        "already-replaced",
        "The entry 'r15' is replaced already: replace or withdraw 'r20'.",
    )


def test_an_edition_is_not_recorded_before_it_is_in_force() -> None:
    other = edited(STANDARDS, title="x")
    known = LEDGER.knowing(other)
    ahead = known.migrated(other, day(90), id="m", recorded_on=day(89))
    assert refused(known, ahead) == (
        "recorded-before-it-happened",
        f"The other edition is in force from {day(90)}, after {day(89)}, on which it is said to be"
        " recorded.",
    )
    in_time = known.migrated(other, day(90), id="m", recorded_on=day(90))
    assert recorded(known, in_time).plan.procedure is other


def test_an_edition_that_was_recorded_ahead_elsewhere_is_in_force_from_its_day() -> None:
    other = edited(STANDARDS, title="x")
    ahead = LEDGER.knowing(other).migrated(other, day(90), id="m", recorded_on=day(20))
    ledger = Ledger.of([*LEDGER.entries, ahead], [STANDARDS, other])
    assert [ledger.edition_on(day(n)) for n in (89, 90)] == [STANDARDS, other]
    assert ledger.plan_on(day(89)) == LEDGER.plan
    told = recorded(ledger, ledger.happened(visit(day(20)), id="v", recorded_on=day(20)))
    assert told.entries[-1].digest == STANDARDS.digest
    assert told.plan.procedure is other
