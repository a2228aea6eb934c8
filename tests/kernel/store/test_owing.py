"""What is owed over a whole store is what the kernel says of each plan, whatever was kept of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import metadata

import attrs
import pytest
from sqlalchemy import delete, func, select, update

import cpplan
from cpplan import Plan
from cpplan.codec import event_from_dict
from cpplan.events import Event
from cpplan.ledgers import Ledger
from cpplan.store import Draft, ReadOnlyError, Store, drafted
from cpplan.store import owing as owing_module
from cpplan.store.owing import PlanOwed, Unread, owed_on
from tests.kernel.editing import every, under, without
from tests.kernel.histories import STANDARDS, active, day
from tests.kernel.ledgering import WELL
from tests.kernel.ledgering import kept as kept_ledger
from tests.kernel.store.told import draft, entries

DAYS = [dt.date(2026, 1, 4) + dt.timedelta(days=n) for n in range(0, 300, 13)]


@pytest.fixture
def plans(store: Store) -> dict[str, Plan]:
    """A store with a plan in effect, one at its beginning, and one with a correction."""
    found = {}
    recorded = {"active": active().events, "begun": active().events[:2]}
    for name, events in recorded.items():
        ledger = Ledger.opened(STANDARDS)
        for number, one in enumerate(events):
            entry = ledger.happened(one, id=str(number), recorded_on=one.on)
            ledger = ledger.record(entry).ledger  # type: ignore[union-attr]  # accepted before
        store.append(name, ledger.entries, expected=0)
        found[name] = ledger.plan
    store.append("withdrawn", entries(), expected=0)
    found["withdrawn"] = Ledger.of(entries(), [STANDARDS]).plan
    store.set_team("active", "North")
    return found


def asked(store: Store, on: dt.date, *, afresh: bool = False) -> dict[str, PlanOwed]:
    """Return what is owed on each plan, all of which can be read."""
    found = list(owed_on(store, on, [STANDARDS], afresh=afresh))
    assert all(isinstance(one, PlanOwed) for one in found)
    return {one.plan: one for one in found if isinstance(one, PlanOwed)}


def kept(store: Store) -> int:
    with store.engine.begin() as conn:
        return conn.execute(select(func.count()).select_from(store.owed)).scalar_one()


def poisoned(store: Store) -> None:
    """Make what is kept of a plan something that is owed by no plan at all."""
    with store.engine.begin() as conn:
        nothing = f'[[["","standards","{STANDARDS.digest}"]],[]]'
        conn.execute(update(store.owed).values(owed=nothing))


def test_what_is_owed_on_each_day_is_what_the_kernel_says(
    store: Store, plans: dict[str, Plan]
) -> None:
    some = 0
    for on in DAYS:
        found = asked(store, on)
        assert {name: one.owed for name, one in found.items()} == {
            name: plan.due(on) for name, plan in plans.items()
        }
        some += sum(len(one.owed) for one in found.values())
    assert some > len(DAYS)
    found = asked(store, DAYS[0])
    assert {one.team for one in found.values()} == {"North", ""}
    assert found["active"].procedure is STANDARDS


def test_a_day_before_a_change_of_edition_is_told_by_the_edition_before(store: Store) -> None:
    fewer = without(STANDARDS, "duties", "visit")
    oftener = attrs.evolve(every(5), digest="made up: visits every five days")
    ledger = under(under(kept_ledger(*WELL), fewer, day(40)), oftener, day(60))
    store.append("changed", ledger.entries, expected=0)
    for on in (day(n) for n in range(0, 90, 3)):
        for afresh in (True, False):
            (found,) = owed_on(store, on, [STANDARDS, fewer, oftener], afresh=afresh)
            assert isinstance(found, PlanOwed)
            assert found.owed == ledger.plan.due(on)
            assert found.procedure is ledger.edition_on(on)
    (found,) = owed_on(store, day(39), [STANDARDS, fewer])
    assert isinstance(found, Unread)
    assert "made up" in found.says


def test_what_is_kept_is_used_only_while_the_head_stands(
    store: Store, plans: dict[str, Plan]
) -> None:
    on = DAYS[10]
    asked(store, on)
    assert kept(store) == len(plans)
    poisoned(store)
    assert not any(one.owed for one in asked(store, on).values()), "what is kept was not used"

    store.append("active", [drafted_birth(plans["active"])], expected=len(plans["active"].history))
    assert asked(store, on)["active"].owed != ()
    assert asked(store, on)["begun"].owed == ()
    assert asked(store, on, afresh=True)["begun"].owed == plans["begun"].due(on)
    assert asked(store, on)["begun"].owed == plans["begun"].due(on), "nor kept for the next time"


def drafted_birth(plan: Plan) -> Draft:
    data = {"event": "child-born", "on": str(plan.last_day), "date_of_birth": str(plan.last_day)}
    born: Event = event_from_dict(data)
    ledger = Ledger.opened(plan.procedure)
    return drafted(ledger.happened(born, id="later", recorded_on=DAYS[-1]))


def test_what_another_history_of_the_same_length_owed_is_not_used(
    store: Store, plans: dict[str, Plan]
) -> None:
    on = DAYS[10]
    asked(store, on)
    poisoned(store)
    with store.engine.begin() as conn:
        conn.execute(update(store.owed).values(hash="00" * 32))
    assert asked(store, on)["active"].owed == plans["active"].due(on)


def test_what_another_version_of_the_kernel_worked_out_is_not_used(
    store: Store, plans: dict[str, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    on = DAYS[10]
    asked(store, on)
    poisoned(store)
    monkeypatch.setattr(owing_module, "MADE_BY", "cpplan 99, 1")
    assert asked(store, on)["active"].owed == plans["active"].due(on)


def test_a_kernel_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    assert owing_module._version() == "not installed"


def test_what_is_kept_may_be_deleted_at_any_time(store: Store, plans: dict[str, Plan]) -> None:
    before = asked(store, DAYS[5])
    with store.engine.begin() as conn:
        conn.execute(delete(store.owed))
    assert asked(store, DAYS[5]) == before


def test_plans_are_read_some_at_a_time_and_none_is_left_out(
    store: Store, plans: dict[str, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = asked(store, DAYS[5])
    monkeypatch.setattr(owing_module, "PAGE", 2)
    told: list[tuple[int, int]] = []
    for afresh in (False, True):
        found = owed_on(
            store, DAYS[5], [STANDARDS], afresh=afresh, told=lambda *told_: told.append(told_)
        )
        assert {one.plan: one for one in found} == whole
    assert told == [(2, 3), (3, 3)] * 2


@pytest.mark.parametrize("size", [1, 2, 3, 500])
def test_pages_go_on_after_the_last_plan_and_together_are_the_whole(
    store: Store, plans: dict[str, Plan], monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    whole = list(owed_on(store, DAYS[5], [STANDARDS]))
    monkeypatch.setattr(owing_module, "PAGE", 2)
    found: list[PlanOwed | Unread] = []
    told: list[tuple[int, int]] = []
    after = ""
    while page := list(
        owed_on(
            store,
            DAYS[5],
            [STANDARDS],
            after=after,
            at_most=size,
            told=lambda *said: told.append(said),
        )
    ):
        assert len(page) == min(size, len(plans) - len(found))
        found += page
        after = page[-1].plan
        assert told[-1] == (len(page), len(page))
    assert found == whole
    assert list(owed_on(store, DAYS[5], [STANDARDS], at_most=0)) == []


def test_a_plan_that_cannot_be_read_is_told_and_the_others_are_not_held_up(
    store: Store, plans: dict[str, Plan]
) -> None:
    store.append("a", [draft("1")], expected=0)
    found = list(owed_on(store, DAYS[5], [STANDARDS]))
    assert isinstance(found[0], Unread)
    assert found[0].plan == "a"
    assert found[0].says == "plan 'a', version 1: no entry can be read from it: the whole"
    assert len(found) == 1 + len(plans)


def test_a_plan_that_runs_beyond_the_calendar_is_told_and_holds_up_none(
    store: Store, plans: dict[str, Plan]
) -> None:
    last = dt.date(9999, 12, 30)
    late = [attrs.evolve(one, on=last) for one in active().events]
    ledger = Ledger.opened(STANDARDS)
    written = [
        ledger.happened(one, id=str(number), recorded_on=last) for number, one in enumerate(late)
    ]
    store.append("b", written, expected=0)
    found = {one.plan: one for one in owed_on(store, DAYS[5], [STANDARDS])}
    assert isinstance(found["b"], Unread)
    assert len(found) == 1 + len(plans)
    assert kept(store) == len(plans)


def test_a_plan_under_an_edition_that_was_not_given_is_told_kept_or_not(
    store: Store, plans: dict[str, Plan]
) -> None:
    jersey = cpplan.load("jersey")
    for _ in range(2):
        for one in owed_on(store, DAYS[5], [jersey]):
            assert isinstance(one, Unread)
            assert "no edition of 'standards'" in one.says
        asked(store, DAYS[5])
    assert kept(store) == len(plans)


@pytest.fixture
def reading(store: Store) -> Iterator[Store]:
    """The same store, which from now on can only be read."""
    found = Store.open(f"sqlite:///file:{store.engine.url.database}?mode=ro&uri=true")
    yield found
    found.close()


def test_a_store_that_can_only_be_read_tells_all_the_same(
    plans: dict[str, Plan], reading: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owing_module, "PAGE", 1)
    found = asked(reading, DAYS[10])
    assert found["active"].owed == plans["active"].due(DAYS[10])
    assert kept(reading) == 0
    with pytest.raises(ReadOnlyError):
        reading.set_team("active", "South")


@pytest.mark.parametrize("text", ["no JSON", "{}", "[]", "[[],[[0]]]", "[[],[]]"])
def test_what_nobody_can_have_kept_is_worked_out_anew(
    store: Store, plans: dict[str, Plan], text: str
) -> None:
    asked(store, DAYS[10])
    with store.engine.begin() as conn:
        conn.execute(update(store.owed).values(owed=text))
    found = asked(store, DAYS[10])
    assert {name: one.owed for name, one in found.items()} == {
        name: plan.due(DAYS[10]) for name, plan in plans.items()
    }


def test_what_a_host_lets_nobody_keep_is_told_all_the_same(
    store: Store, plans: dict[str, Plan]
) -> None:
    with store.engine.begin() as conn:
        conn.exec_driver_sql(
            "CREATE TRIGGER no BEFORE INSERT ON cpplan_entries_owed"
            " BEGIN SELECT RAISE(ABORT, 'not here'); END"
        )
    assert asked(store, DAYS[10])["active"].owed == plans["active"].due(DAYS[10])
    assert kept(store) == 0


def test_while_another_writes_what_is_due_is_told_and_not_kept(
    store: Store, plans: dict[str, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owing_module, "PAGE", 1)
    hurried = Store.open(store.engine.url.database or "", patience=0.01)
    with store.transactions.write(None):
        assert asked(hurried, DAYS[10])["active"].owed == plans["active"].due(DAYS[10])
    assert kept(store) == 0
    assert asked(hurried, DAYS[10])["active"].owed == plans["active"].due(DAYS[10])
    assert kept(store) == len(plans)
    hurried.close()
