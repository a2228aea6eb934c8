"""Consequences: what an entry changes of what was decided, owed and reached."""

from __future__ import annotations

import json

from cpplan import Consequences, Ledger, consequences_to_dict
from cpplan.comparing import compared
from cpplan.consequences import DutyChange, Owed
from cpplan.events import ChildDied, CoreGroupHeld
from tests.kernel.histories import STANDARDS, day, visit
from tests.kernel.ledgering import WELL, kept, late, recorded, withdrawal

LEDGER = kept(*WELL, visit(day(40)))
LATE = LEDGER.preview(late(LEDGER, visit(day(26)), day(50)))


def test_nothing_differs_between_a_ledger_and_itself() -> None:
    same = compared("e1", LEDGER.turns, LEDGER.turns)
    assert same == Consequences(place="e1", state_before="active", state_after="active")
    assert not same.needs_accepting
    assert compared("e1", (), ()) == Consequences(place="e1")


def test_a_late_visit_turns_a_late_one_into_one_in_time() -> None:
    assert [(one.entry, one.before, one.after) for one in LATE.judged_otherwise] == [
        (
            "e6",
            Owed(due_on=day(28), closed_on=day(40), closed_by="e7", outcome="met-late"),
            Owed(due_on=day(28), closed_on=day(26), closed_by="late", outcome="met"),
        )
    ]
    assert [(one.entry, one.before, one.opened_on) for one in LATE.opened] == [
        ("late", None, day(26))
    ]
    assert LATE.opened[0].duty == "visit"
    assert LATE.opened[0].cites == STANDARDS.duties["visit"].cites
    assert LATE.needs_accepting
    assert (LATE.redated, LATE.no_longer_owed, LATE.decisions) == ((), (), ())


def test_without_an_event_what_it_opened_is_no_longer_owed_and_what_it_met_is_open() -> None:
    told = LEDGER.preview(withdrawal(LEDGER, "e7", day(50)))
    assert [(one.duty, one.entry) for one in told.no_longer_owed] == [("visit", "e7")]
    assert [(one.entry, one.after) for one in told.judged_otherwise] == [
        ("e6", Owed(due_on=day(28)))
    ]
    assert told.needs_accepting
    assert told.state_after == told.state_before


def test_an_event_on_another_day_re_dates_what_is_counted_from_it() -> None:
    moved = LEDGER.replaced("e7", visit(day(41)), why="A day later.", id="r", recorded_on=day(50))
    told = LEDGER.preview(moved)
    assert [(one.before, one.after) for one in told.redated] == [
        (Owed(due_on=day(54)), Owed(due_on=day(55)))
    ]


def test_another_state_has_to_be_accepted() -> None:
    died = LEDGER.happened(
        ChildDied(on=day(39), date_of_death=day(39)), id="x", recorded_on=day(50)
    )
    told = LEDGER.preview(died)
    assert (told.state_before, told.state_after) == ("active", "ended.death")
    assert Consequences(place="x", state_before="outline", state_after="active").needs_accepting


def test_an_event_taken_along_another_rule_is_told() -> None:
    died = kept(ChildDied(on=day(41), date_of_death=day(41)), ledger=LEDGER)
    told = died.preview(
        died.replaced(
            "e8", ChildDied(on=day(39), date_of_death=day(39)), why="Two days before.", id="r",
            recorded_on=day(50),
        )
    )  # fmt: skip
    assert [(one.entry, one.what) for one in told.decisions] == [("e7", "visit-made")]
    assert told.decisions[0].rule_before == "visit-made"
    assert told.decisions[0].on == day(40)


def test_what_is_replaced_is_not_told_as_decided_otherwise() -> None:
    other = LEDGER.replaced(
        "e7", CoreGroupHeld(on=day(40)), why="No visit.", id="r", recorded_on=day(50)
    )
    assert LEDGER.preview(other).decisions == ()


def test_only_what_an_event_opens_and_closes_itself_goes_without_saying() -> None:
    open_, met = (
        Owed(due_on=day(9)),
        Owed(due_on=day(9), closed_on=day(8), closed_by="x", outcome="met"),
    )
    late_, moved = (
        Owed(due_on=day(9), outcome="met-late", closed_by="y"),
        Owed(due_on=day(10), closed_by="x"),
    )

    def plainly(before: Owed | None, after: Owed | None, entry: str = "a") -> bool:
        change = DutyChange(
            duty="visit",
            says="",
            cites=(),
            entry=entry,
            opened_on=day(1),
            before=before,
            after=after,
        )
        assert change.redated == (moved in (before, after) and None not in (before, after))
        return change.plainly_by("x")

    assert plainly(None, open_, "x")
    assert plainly(open_, met)
    assert not plainly(None, open_)
    assert not plainly(open_, None, "x")
    assert not plainly(late_, met)
    assert not plainly(open_, moved)
    assert not plainly(open_, late_)


def test_consequences_are_plain_data_and_their_digest_names_them() -> None:
    told = LEDGER.preview(withdrawal(LEDGER, "e3", day(50)))
    data = json.loads(json.dumps(consequences_to_dict(told)))
    assert data["decisions"][0]["reasons_after"][0]["code"] == "core-group-not-held"
    assert data["duties"][0]["after"] == {"due_on": "2026-01-12"}
    assert len(told.digest) == 64
    again = Ledger.of(LEDGER.entries, [STANDARDS])
    assert again.preview(withdrawal(again, "e3", day(51), "other")).digest == told.digest
    assert LATE.digest != told.digest


def test_a_late_event_is_told_with_what_it_makes_lawful() -> None:
    gone = recorded(LEDGER, withdrawal(LEDGER, "e3", day(50)))
    back = gone.preview(late(gone, CoreGroupHeld(on=day(6)), day(51)))
    assert [one.entry for one in back.accepted] == ["e4"]
    assert back.refused == ()
    assert back.needs_accepting
