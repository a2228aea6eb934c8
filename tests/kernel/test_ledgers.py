"""Ledgers: late and mistaken entries, what was known when, and what has to be accepted."""

from __future__ import annotations

import datetime as dt

import attrs
import pytest

from cpplan import (
    Consequences,
    InvalidLedgerError,
    Ledger,
    LedgerAccepted,
    LedgerRefused,
    Plan,
    UnknownEditionError,
    load,
)
from cpplan.calendars import CalendarRangeError
from cpplan.events import (
    AssessmentStarted,
    ChildDied,
    CoreGroupHeld,
    DetailedPlanAgreed,
    PlanEndedAt18,
    PlanPutIntoEffect,
)
from tests.kernel.editing import edited
from tests.kernel.histories import STANDARDS, day, decided, opened, taken, visit
from tests.kernel.ledgering import (
    JERSEY,
    WELL,
    kept,
    late,
    recorded,
    replacement,
    withdrawal,
)

EMPTY = Ledger.opened(STANDARDS)
LEDGER = kept(*WELL)


def refused(
    ledger: Ledger, entry: object, accepting: Consequences | str | None = None
) -> tuple[str, ...]:
    """Return the codes of the reasons against an entry."""
    decision = ledger.record(entry, accepting=accepting)  # type: ignore[arg-type]
    assert isinstance(decision, LedgerRefused), decision
    return decision.codes


def test_a_ledger_recorded_day_by_day_is_the_plan_recorded_day_by_day() -> None:
    assert LEDGER.plan == taken(Plan(STANDARDS), *WELL)
    assert LEDGER.unlawful == ()
    assert EMPTY.plan == Plan(STANDARDS)


def test_an_event_that_comes_last_is_judged_as_the_plan_judges_it() -> None:
    entry = LEDGER.happened(opened(day(20)), id="x", recorded_on=day(20))
    plain = LEDGER.plan.why_not(opened(day(20)))
    assert plain is not None
    assert refused(LEDGER, entry) == plain.codes
    assert LEDGER.plan.state == "active"


def test_what_was_recorded_is_told_with_what_it_changed() -> None:
    decision = LEDGER.record(LEDGER.happened(visit(day(20)), id="x", recorded_on=day(20)))
    assert isinstance(decision, LedgerAccepted)
    assert decision.accepted
    assert not decision.consequences.needs_accepting
    assert [(one.duty, one.entry) for one in decision.consequences.opened] == [("visit", "x")]
    assert decision.before is LEDGER
    assert decision.ledger.entries == (*LEDGER.entries, decision.entry)


def test_an_event_recorded_late_goes_to_its_place_in_time() -> None:
    after = recorded(LEDGER, late(LEDGER, visit(day(10)), day(20)))
    assert [event.on for event in after.plan.events] == [day(n) for n in (0, 0, 7, 7, 8, 10, 14)]
    assert after.entries[-1].recorded_on == day(20)
    assert after.plan == taken(Plan(STANDARDS), *WELL[:5], visit(day(10)), WELL[5])


def test_a_late_event_that_changes_nothing_else_needs_no_accepting() -> None:
    later = kept(CoreGroupHeld(on=day(20)), ledger=LEDGER)
    decision = later.record(late(later, visit(day(19)), day(21)))
    assert isinstance(decision, LedgerAccepted)
    assert not decision.consequences.needs_accepting
    assert {one.entry for one in decision.consequences.opened} == {"late"}


def test_a_late_event_that_changes_what_stood_has_to_be_accepted() -> None:
    late_visit = late(LEDGER, visit(day(10)), day(20))
    decision = LEDGER.record(late_visit)
    assert isinstance(decision, LedgerRefused)
    assert decision.codes == ("consequences-not-accepted",)
    told = decision.consequences
    assert told is not None
    assert not decision.accepted
    assert LEDGER.record(late_visit, accepting=told).accepted
    assert LEDGER.record(late_visit, accepting=told.digest).accepted
    assert told == LEDGER.preview(late_visit)


def test_what_was_accepted_has_to_be_what_changes_now() -> None:
    on_ten, on_nine = (late(LEDGER, visit(day(n)), day(20)) for n in (10, 9))
    assert refused(LEDGER, on_nine, LEDGER.preview(on_ten)) == ("consequences-changed",)
    assert refused(LEDGER, on_nine, "") == ("consequences-changed",)


def test_a_late_event_that_could_not_have_happened_then_is_refused_with_every_reason() -> None:
    assert refused(LEDGER, late(LEDGER, PlanPutIntoEffect(on=day(3)), day(20))) == (
        "not-in-this-state",
    )


def test_an_event_of_the_day_can_be_put_before_another() -> None:
    assert refused(LEDGER, late(LEDGER, opened(), day(20))) == ("not-in-this-state",)
    held = kept(opened(), decided(), CoreGroupHeld(on=day(7)), DetailedPlanAgreed(on=day(7)))
    before = late(held, visit(day(7)), day(9), before="e3")
    assert [e.kind for e in recorded(held, before).plan.events[2:]] == [
        "visit-made",
        "core-group-held",
        "detailed-plan-agreed",
    ]


def test_an_event_after_all_that_stands_needs_no_accepting_whatever_was_withdrawn() -> None:
    mistaken = kept(ChildDied(on=day(30), date_of_death=day(30)), ledger=LEDGER)
    after = recorded(mistaken, withdrawal(mistaken, "e7", day(31)))
    died = ChildDied(on=day(29), date_of_death=day(29))
    assert after.record(late(after, died, day(31))).accepted


def test_an_event_of_the_last_day_comes_last_and_needs_no_accepting() -> None:
    assert LEDGER.record(
        late(LEDGER, ChildDied(on=day(14), date_of_death=day(14)), day(15))
    ).accepted


def test_a_withdrawal_leaves_everything_in_the_ledger_and_the_rest_in_the_plan() -> None:
    after = recorded(LEDGER, withdrawal(LEDGER, "e6", day(20)))
    assert after.entries[:6] == LEDGER.entries
    assert after.plan == kept(*WELL[:5]).plan
    assert recorded(after, withdrawal(after, "w", day(21), "w2")).plan == LEDGER.plan


def test_a_later_event_that_is_no_longer_lawful_stays_and_is_told() -> None:
    entry = withdrawal(LEDGER, "e3", day(20))
    told = LEDGER.preview(entry)
    assert [(one.entry, one.what) for one in told.refused] == [("e4", "detailed-plan-agreed")]
    assert [reason.code for reason in told.refused[0].reasons_after] == ["core-group-not-held"]
    assert told.state_after == "active"
    after = recorded(LEDGER, entry)
    assert after.plan.state == "active"
    assert [turn.standing.place for turn in after.unlawful] == ["e4"]
    held = late(after, CoreGroupHeld(on=day(6)), day(21))
    assert [one.entry for one in after.preview(held).accepted] == ["e4"]
    assert recorded(after, held).unlawful == ()


def test_an_event_with_no_place_any_more_stands_aside_and_is_told() -> None:
    after = recorded(LEDGER, withdrawal(LEDGER, "e2", day(20)))
    aside = {turn.standing.place: turn.reasons[0].code for turn in after.unlawful if turn.aside}
    assert aside["e5"] == "not-in-this-state"
    assert after.plan.state == "before-plan"
    assert len(after.entries) == 7
    again = Ledger.of(after.entries[:1] + after.entries[2:6], [STANDARDS])
    assert again.plan == after.plan


def test_a_replacement_takes_the_place_and_the_day_that_were_meant() -> None:
    after = recorded(LEDGER, replacement(LEDGER, "e6", visit(day(12)), day(20)))
    assert after.plan == taken(Plan(STANDARDS), *WELL[:5], visit(day(12)))
    twice = recorded(after, replacement(after, "r", visit(day(13)), day(21), "r2"))
    assert twice.plan == taken(Plan(STANDARDS), *WELL[:5], visit(day(13)))
    back = recorded(twice, withdrawal(twice, "r2", day(22)))
    assert back.plan == after.plan


def test_a_replacement_is_judged_where_it_falls() -> None:
    entry = replacement(LEDGER, "e3", CoreGroupHeld(on=day(0)), day(20))
    assert LEDGER.record(entry, accepting=LEDGER.preview(entry)).accepted
    wrong = replacement(LEDGER, "e3", opened(day(7)), day(20))
    assert refused(LEDGER, wrong) == ("not-in-this-state",)


def test_what_an_entry_names_has_to_be_there_and_to_be_what_it_can_speak_of() -> None:
    w = recorded(LEDGER, withdrawal(LEDGER, "e6", day(20)))
    r = recorded(LEDGER, replacement(LEDGER, "e6", visit(day(12)), day(20)))
    assert refused(LEDGER, withdrawal(LEDGER, "nobody", day(20))) == ("unknown-entry",)
    assert refused(LEDGER, late(LEDGER, visit(day(9)), day(20), before="no")) == ("unknown-entry",)
    assert refused(LEDGER, late(LEDGER, visit(day(9)), day(20), before="e5")) == (
        "not-of-that-day",
    )
    assert refused(w, late(w, visit(day(9)), day(20), before="e6")) == ("not-of-that-day",)
    assert refused(r, late(r, visit(day(14)), day(20), before="e6")) == ("not-of-that-day",)
    assert refused(w, withdrawal(w, "e6", day(20), "w2")) == ("already-withdrawn",)
    assert refused(w, replacement(w, "e6", visit(day(9)), day(20))) == ("already-withdrawn",)
    assert refused(w, replacement(w, "w", visit(day(9)), day(20))) == ("not-an-event",)
    assert refused(w, late(w, visit(day(9)), day(20), before="w")) == ("not-an-event",)
    assert refused(r, replacement(r, "e6", visit(day(9)), day(20), "r2")) == ("already-replaced",)
    both = recorded(r, withdrawal(r, "e6", day(20)))
    assert both.plan == kept(*WELL[:5]).plan
    undone = recorded(r, withdrawal(r, "r", day(20)))
    assert recorded(
        undone, replacement(undone, "e6", visit(day(9)), day(20), "r2")
    ).plan.last_day == day(9)


def test_days_of_recording_never_run_back_and_nothing_is_recorded_before_it_happened() -> None:
    entry = LEDGER.happened(visit(day(13)), id="x", recorded_on=day(12))
    assert refused(LEDGER, entry) == ("recorded-before-latest", "recorded-before-it-happened")
    soon = LEDGER.happened(visit(day(16)), id="x", recorded_on=day(15))
    assert refused(LEDGER, soon) == ("recorded-before-it-happened",)
    worse = LEDGER.happened(opened(day(16)), id="x", recorded_on=day(15))
    assert refused(LEDGER, worse) == ("recorded-before-it-happened", "not-in-this-state")
    nobody = attrs.evolve(withdrawal(LEDGER, "nobody", day(20)), recorded_on=day(1))
    assert refused(LEDGER, nobody) == ("recorded-before-latest", "unknown-entry")


LUTON = load("luton")
ASSESSED = kept(AssessmentStarted(on=day(0)), ledger=Ledger.opened(LUTON))
LAST = LUTON.calendar.last


@pytest.mark.parametrize("on", [dt.date(1850, 6, 3), LAST, dt.date(9999, 12, 31)])
def test_what_nobody_could_say_the_due_days_of_is_refused(on: dt.date) -> None:
    empty = Ledger.opened(LUTON)
    entry = empty.happened(AssessmentStarted(on=on), id="x", recorded_on=on)
    assert Plan(LUTON).record(entry.event).accepted
    assert refused(empty, entry) == ("outside-calendar",)
    soon = attrs.evolve(entry, recorded_on=on - dt.timedelta(days=1))
    assert refused(empty, soon) == ("recorded-before-it-happened", "outside-calendar")
    instead = replacement(ASSESSED, "e1", entry.event, max(on, day(20)))
    assert refused(ASSESSED, instead) == ("outside-calendar",)


def test_a_fact_of_any_day_is_recorded_where_nothing_is_counted_from_it() -> None:
    after = recorded(EMPTY, EMPTY.happened(opened(LAST), id="x", recorded_on=LAST))
    assert after.plan.due(LAST) == ()


def test_a_day_that_nobody_can_reckon_with_can_be_withdrawn_where_it_came_in_otherwise() -> None:
    beyond = ASSESSED.happened(AssessmentStarted(on=LAST), id="x", recorded_on=LAST)
    ledger = Ledger.of([*ASSESSED.entries, beyond], [LUTON])
    with pytest.raises(CalendarRangeError):
        ledger.plan.due(LAST)
    gone = withdrawal(ledger, "x", LAST)
    told = ledger.preview(gone)
    assert len(told.opened) == len(told.duties) == len(ASSESSED.plan.obligations) > 0
    assert refused(ledger, gone) == ("consequences-not-accepted",)
    assert recorded(ledger, gone).plan == ASSESSED.plan


def test_a_replay_beyond_reckoning_is_refused_and_withdrawn_whatever_editions_there_were() -> None:
    far, other = dt.date(9999, 6, 1), edited(STANDARDS, title="x")
    born = attrs.evolve(decided(far), date_of_birth=dt.date(9990, 1, 1), first_review_date=far)
    assert refused(kept(opened(far)), EMPTY.happened(born, id="x", recorded_on=far)) == (
        "outside-calendar",
    )
    known = EMPTY.knowing(other)
    moved = known.with_entry(known.migrated(other, day(1), id="m", recorded_on=far))
    for name, event in (("a", opened(far)), ("b", born), ("c", PlanEndedAt18(on=far))):
        moved = moved.with_entry(moved.happened(event, id=name, recorded_on=far))
    with pytest.raises(OverflowError):
        _ = moved.turns
    assert refused(moved, moved.happened(visit(far), id="v", recorded_on=far)) == (
        "outside-calendar",
    )
    gone = withdrawal(moved, "b", far)
    assert refused(moved, gone) == ("consequences-not-accepted",)
    assert [turn.standing.place for turn in recorded(moved, gone).unlawful] == ["c"]
    assert moved.preview(moved.entries[0]).decisions == ()


def test_an_entry_names_the_edition_in_force() -> None:
    entry = LEDGER.happened(visit(day(20)), id="x", recorded_on=day(20))
    assert (entry.procedure, entry.digest) == ("standards", STANDARDS.digest)
    assert refused(LEDGER, attrs.evolve(entry, digest="5f0c")) == ("other-edition",)
    gone = attrs.evolve(withdrawal(LEDGER, "e6", day(20)), procedure="jersey")
    assert refused(LEDGER, gone) == ("other-edition",)


def test_the_same_entry_again_is_one_and_another_by_its_id_is_refused() -> None:
    again = LEDGER.record(LEDGER.entries[2])
    assert isinstance(again, LedgerAccepted)
    assert again.repeated
    assert again.ledger is LEDGER
    assert not LEDGER.preview(LEDGER.entries[2]).needs_accepting
    other = LEDGER.happened(visit(day(20)), id="e3", recorded_on=day(20))
    assert refused(LEDGER, other) == ("id-taken",)


def test_what_was_known_on_a_day_is_told_whatever_was_put_right_later() -> None:
    first = recorded(LEDGER, late(LEDGER, visit(day(10)), day(20)))
    second = recorded(first, withdrawal(first, "e3", day(25)))
    assert second.as_known_on(day(24)) == first
    assert second.as_known_on(day(25)) == second
    assert second.as_known_on(day(14)) == LEDGER
    assert second.as_known_on(day(-1)) == EMPTY
    assert second.as_known_on(day(14)) != second
    assert EMPTY.as_known_on(day(3)).plan == Plan(STANDARDS)


def test_the_plan_of_a_day_is_told_by_all_that_is_known_now() -> None:
    after = recorded(LEDGER, late(LEDGER, visit(day(10)), day(20)))
    assert after.plan_on(day(10)).events[-1] == visit(day(10))
    assert after.as_known_on(day(19)).plan_on(day(10)).events[-1] == PlanPutIntoEffect(on=day(8))
    assert after.plan_on(day(-1)) == Plan(STANDARDS)
    assert after.plan_on(day(7)).state == "detailed"


def test_a_ledger_read_back_is_the_same_ledger() -> None:
    read = Ledger.of(LEDGER.entries, [JERSEY, STANDARDS])
    assert read == LEDGER
    assert hash(read) == hash(LEDGER)
    assert read.plan == LEDGER.plan
    assert read != "a ledger"
    assert "events" not in repr(read.opening)


def test_entries_that_are_no_ledger_are_refused_by_number() -> None:
    first, second, *_ = LEDGER.entries
    with pytest.raises(InvalidLedgerError, match="entry 1: there is none"):
        Ledger.of([], [STANDARDS])
    with pytest.raises(InvalidLedgerError, match="entry 3: the id 'e1' was given to an earlier"):
        Ledger.of([first, second, first], [STANDARDS])
    with pytest.raises(InvalidLedgerError, match="entry 2: it names 'e9', which is no earlier"):
        Ledger.of([first, withdrawal(LEDGER, "e9", day(3))], [STANDARDS])
    with pytest.raises(InvalidLedgerError, match="recorded on 2026-01-04, before") as caught:
        Ledger.of([first, attrs.evolve(second, recorded_on=day(-1))], [STANDARDS])
    assert caught.value.number == 1


def test_an_edition_that_is_not_given_is_named_with_the_way_out() -> None:
    with pytest.raises(UnknownEditionError, match=r"given: jersey .* Load the pack as it was"):
        Ledger.of(LEDGER.entries, [JERSEY])
    with pytest.raises(UnknownEditionError, match="given: none"):
        Ledger.of(LEDGER.entries, [])
    move = LEDGER.migrated(JERSEY, day(20), id="m", recorded_on=day(20))
    with pytest.raises(UnknownEditionError, match="no edition of 'jersey'"):
        LEDGER.record(move)
    with pytest.raises(UnknownEditionError, match="no edition of 'jersey'"):
        Ledger.of([*LEDGER.entries, move], [STANDARDS])
