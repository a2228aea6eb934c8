"""Nothing that was recorded of a case stands in a repr, or in an error that nobody asked for.

Both end in logs, and in reports of errors, by default. An error about what a caller has just given
may show it: that is its own, and how else would it be found?
"""

from __future__ import annotations

import datetime as dt
import enum
import traceback
import types
import typing
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

from cpplan import Household, HouseholdLedgers, Ledger, LedgerRefused, Plan, migration_of
from cpplan.codec import event_to_dict
from cpplan.entries import InvalidEntryError, entry_from_dict, entry_to_dict
from cpplan.events import KINDS, Event, ReviewDateChanged
from cpplan.plans import HistoryError
from cpplan.store import Attempt, Head, MissingError, Store, canonical, drafted
from cpplan.store.drafting import entry_of
from cpplan.store.rows import sealed
from tests.kernel.editing import escalated_nowhere
from tests.kernel.histories import STANDARDS, day, taken
from tests.kernel.ledgering import WELL, kept, late, recorded, replacement, withdrawal

SAID = "Zoë was seen at her aunt's"
"""What no repr and no message may hold."""


def filled(cls: Any) -> Any:
    """Return a value of a class with every field given, and the same said in every text."""
    hints = typing.get_type_hints(cls)
    fields = {field.name: some(hints[field.name]) for field in attrs.fields(cls) if field.init}
    if cls is ReviewDateChanged:
        fields["new_date"] = day(1)
    fields.pop("child_unborn", None)  # it excludes the date of birth
    return cls(**fields)


def some(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        kind = next(one for one in typing.get_args(kind) if one is not types.NoneType)
    if typing.get_origin(kind) is tuple:
        return (some(typing.get_args(kind)[0]),)
    if attrs.has(kind):
        return filled(kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind))
    return {str: SAID, int: 1, bool: True, dt.date: day(0)}[kind]


def saying(event: Event) -> Event:
    """Return an event that says it in every text that it has."""
    said: dict[str, Any] = {
        field.name: SAID
        for field in attrs.fields(type(event))
        if field.type in (str, "str") and field.name not in ("id", "step")
    }
    return attrs.evolve(event, **said)


EVENTS = [filled(cls) for cls in KINDS.values()]
VISIT = saying(WELL[-1])
LEDGER = kept(*map(saying, WELL))
REPLACED = recorded(LEDGER, replacement(LEDGER, "e6", attrs.evolve(VISIT, on=day(13)), day(20)))
WITHDRAWN = recorded(REPLACED, REPLACED.withdrawn("r", why=SAID, id="w", recorded_on=day(21)))


def parts_of(value: Any) -> list[Any]:
    """Return an event's parts, and theirs."""
    found = []
    for field in attrs.fields(type(value)):
        held = getattr(value, field.name)
        for one in held if isinstance(held, tuple) else (held,):
            if attrs.has(type(one)):
                found += [one, *parts_of(one)]
    return found


def test_an_event_and_its_parts_say_what_they_are_and_of_which_day() -> None:
    parts = [part for event in EVENTS for part in parts_of(event)]
    assert {type(part).__name__ for part in parts} >= {"Member", "PlanContent", "Action"}
    assert all(SAID in str(event_to_dict(event)) for event in EVENTS)
    assert not any(SAID in repr(one) for one in (*EVENTS, *parts))
    assert repr(VISIT) == f"VisitMade(on={day(14)}, ...)"
    assert repr(attrs.evolve(parts[0])) == f"{type(parts[0]).__name__}(...)"


def test_a_plan_a_ledger_and_what_they_answer_say_nothing_of_the_case() -> None:
    assert repr(LEDGER.plan) == "Plan(procedure=standards, history=6 events)"
    assert repr(LEDGER) == "Ledger(opening=standards, entries=6 entries)"
    entry = WITHDRAWN.entries[-1]
    assert SAID in str(entry_to_dict(entry))
    decision = LEDGER.record(late(LEDGER, attrs.evolve(VISIT, on=day(15)), day(20)))
    told = [
        LEDGER.plan.history,
        LEDGER.plan.obligations,
        LEDGER.plan.allowed(day(20)),
        taken(LEDGER.plan, VISIT),
        LEDGER.plan.record(VISIT),
        WITHDRAWN.entries,
        WITHDRAWN.turns,
        decision,
        WITHDRAWN.preview(withdrawal(WITHDRAWN, "e6", day(22), "v")),
        migration_of(WITHDRAWN, escalated_nowhere(), day(20)),
    ]
    assert not [one for one in told if SAID in repr(one)]


def test_a_household_names_no_child() -> None:
    home = Household({SAID: LEDGER.plan, "Ben": LEDGER.plan})
    ledgers = HouseholdLedgers({SAID: LEDGER, "Ben": LEDGER})
    visits = ledgers.visited(VISIT, [SAID], id="v", recorded_on=day(20))  # type: ignore[arg-type]
    assert repr(home) == "Household(plans=2 children)"
    told = [
        home,
        ledgers,
        home.record({SAID: VISIT}),
        home.record({SAID: WELL[0]}),
        ledgers.record(visits),
        ledgers.record({SAID: attrs.evolve(visits[SAID], id="e1")}),
    ]
    assert not [one for one in told if SAID in repr(one)]


def test_no_refusal_says_what_an_event_said() -> None:
    plans = [Plan(STANDARDS), *(turn.after for turn in LEDGER.turns)]
    refused = [plan.why_not(attrs.evolve(one, on=day(0))) for plan in plans for one in EVENTS]
    reasons = [str(reason) for answer in refused if answer for reason in answer.reasons]
    assert len(set(reasons)) > 20
    assert not [one for one in reasons if SAID in one]
    again = LEDGER.record(LEDGER.happened(VISIT, id="e1", recorded_on=day(20)))
    assert isinstance(again, LedgerRefused)
    assert SAID not in repr(again)


def damaged() -> Any:
    """Return the entry of a row in which a text stands where none can."""
    data = entry_to_dict(LEDGER.entries[-1])
    data["event"]["child_seen"] = SAID
    draft = attrs.evolve(drafted(LEDGER.entries[-1]), body=canonical(data))
    return entry_of(sealed(draft, Head("p1", 0, "")))


ERRORS: dict[str, tuple[type[Exception], Callable[[], Any]]] = {
    "a child that is not in the household": (
        LookupError,
        lambda: Household({SAID: LEDGER.plan}).record({f"{SAID}, again": VISIT}),
    ),
    "a history that is none": (HistoryError, lambda: Plan.rebuild(STANDARDS, [VISIT])),
    "a history out of order": (
        HistoryError,
        lambda: Plan.rebuild(STANDARDS, [*map(saying, WELL), saying(WELL[2])]),
    ),
    "entries that are no ledger": (
        ValueError,
        lambda: Ledger.of([*LEDGER.entries, LEDGER.entries[0]], [STANDARDS]),
    ),
    "an edition that is not given": (LookupError, lambda: Ledger.of(LEDGER.entries, [])),
    "a stored row that holds no entry": (InvalidEntryError, damaged),
}


@pytest.mark.parametrize("what", ERRORS)
def test_no_error_that_nobody_asked_for_says_what_was_recorded(what: str) -> None:
    kind, provoke = ERRORS[what]
    with pytest.raises(kind) as caught:
        provoke()
    assert SAID not in "".join(traceback.format_exception(caught.value))


def test_an_error_about_what_a_caller_gave_shows_it() -> None:
    data = {**entry_to_dict(LEDGER.entries[-1]), "recorded_on": SAID}
    with pytest.raises(InvalidEntryError, match=SAID) as caught:
        entry_from_dict(data)
    assert caught.value.places == ("recorded_on",)


def test_what_a_store_gives_back_says_nothing_of_it(store: Store) -> None:
    for entry in WITHDRAWN.entries:
        draft = drafted(entry)
        answer = store.append("p1", [draft], expected=store.head("p1"))
        assert answer.accepted
        assert SAID not in repr((draft, answer, Attempt("p1", draft, ())))
    assert SAID in "".join(row.body for row in store.history("p1"))
    assert SAID not in repr(store.history("p1"))
    assert SAID not in repr(store.ledger("p1", [STANDARDS]))


@pytest.mark.parametrize(
    ("done", "kind"),
    [
        ("DROP TABLE cpplan_entries_refused", MissingError),
        (
            "CREATE TRIGGER theirs BEFORE INSERT ON cpplan_entries_refused"
            " BEGIN SELECT RAISE(ABORT, 'refused by the host'); END",
            IntegrityError,
        ),
    ],
)
def test_no_error_of_a_database_says_what_was_to_be_stored_though_the_engine_is_the_hosts(
    store: Store, done: str, kind: type[Exception]
) -> None:
    engine = create_engine(store.engine.url)
    with engine.begin() as conn:
        conn.execute(text(done))
    attempt = Attempt("p1", drafted(LEDGER.entries[-1]), ())
    with pytest.raises(kind) as caught:
        Store(engine).keep_refused([attempt])
    engine.dispose()
    told = "".join(traceback.format_exception(caught.value))
    assert "INSERT INTO cpplan_entries_refused" in told
    assert SAID not in told
    assert attempt.draft.entry_id not in told.partition("[SQL")[2]


@pytest.fixture
def store(tmp_path: Any) -> Any:
    made = Store.create(tmp_path / "store.db")
    yield made
    made.close()
