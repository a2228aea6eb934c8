"""Entries: what they must say, and their way through JSON and back."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan import (
    Happened,
    InvalidEntryError,
    LedgerEntry,
    Migrated,
    Replaced,
    Withdrawn,
    entry_from_dict,
    entry_to_dict,
)
from cpplan.entries import ENTRIES
from tests.kernel.histories import day, opened, visit
from tests.kernel.strategies import DAYS, events

TEXT = st.text(min_size=1, max_size=5).filter(str.strip)
EVERY = {"id": TEXT, "recorded_on": DAYS, "procedure": TEXT, "digest": TEXT}
LEDGER_ENTRIES: st.SearchStrategy[LedgerEntry] = st.one_of(
    st.builds(Happened, **EVERY, event=events(), before=st.text(max_size=3)),
    st.builds(Withdrawn, **EVERY, of=TEXT, why=TEXT),
    st.builds(Replaced, **EVERY, of=TEXT, event=events(), why=TEXT),
    st.builds(Migrated, **EVERY, on=DAYS, to_procedure=TEXT, to_digest=TEXT),
)
HAPPENED = Happened(
    id="e1", recorded_on=day(3), procedure="standards", digest="5f0c", event=opened()
)
WRITTEN = entry_to_dict(HAPPENED)


@given(LEDGER_ENTRIES)
def test_an_entry_comes_back_from_json_as_it_was(entry: LedgerEntry) -> None:
    assert entry_from_dict(json.loads(json.dumps(entry_to_dict(entry)))) == entry


def test_every_kind_of_entry_is_written_under_its_name() -> None:
    assert list(ENTRIES) == ["happened", "withdrawn", "replaced", "migrated"]
    assert WRITTEN == {
        "entry": "happened",
        "id": "e1",
        "recorded_on": "2026-01-08",
        "procedure": "standards",
        "digest": "5f0c",
        "event": {"event": "initial-conference-opened", "on": "2026-01-05"},
    }


def test_the_day_that_an_entry_is_about_is_apart_from_the_day_of_recording() -> None:
    common: dict[str, Any] = {
        "recorded_on": day(9), "procedure": "standards", "digest": "5f0c", "id": "x",
    }  # fmt: skip
    replaced = Replaced(**common, of="e1", event=visit(day(2)), why="A day early.")
    migrated = Migrated(**common, on=day(4), to_procedure="standards", to_digest="77")
    withdrawn = Withdrawn(**common, of="e1", why="Another child.")
    about = [one.effective for one in (HAPPENED, replaced, migrated, withdrawn)]
    assert about == [day(0), day(2), day(4), None]


@pytest.mark.parametrize(
    ("changed", "problems"),
    [
        ({"entry": "happend"}, ["unknown entry 'happend' (did you mean happened?)"]),
        ({"entry": 7}, ["unknown entry 7 (one of: happened, migrated, replaced, withdrawn)"]),
        (
            {"event": {"event": "child-dyed", "on": "2026-01-05"}},
            ["event: unknown event 'child-dyed' (did you mean child-died?)"],
        ),
        ({"event": "child-died"}, ["event: 'child-died' is not a mapping of fields to values"]),
        (
            {"event": {"event": "child-died", "on": "5 January"}, "colour": "red", "id": 7},
            [
                "id: 7 is not text",
                "event.on: '5 January' is not a date, as 2026-01-31",
                "colour: unknown key 'colour'"
                " (one of: before, digest, event, id, procedure, recorded_on)",
            ],
        ),
        ({"id": "  "}, ["id is '  '; it has to say something"]),
        ({"recorded_on": "2026-02-30"}, ["recorded_on: '2026-02-30' is not a date, as 2026-01-31"]),
    ],
)
def test_data_that_is_no_entry_is_refused_with_every_problem(
    changed: dict[str, Any], problems: list[str]
) -> None:
    with pytest.raises(InvalidEntryError) as caught:
        entry_from_dict({**WRITTEN, **changed})
    assert list(caught.value.problems) == problems


def test_what_is_missing_is_named() -> None:
    with pytest.raises(InvalidEntryError, match="the key 'entry' is missing"):
        entry_from_dict({})
    with pytest.raises(InvalidEntryError, match="3 is not a mapping"):
        entry_from_dict(3)  # type: ignore[arg-type]
    eventless = {**WRITTEN, "event": {"on": "2026-01-05"}}
    with pytest.raises(InvalidEntryError, match="event: the key 'event' is missing"):
        entry_from_dict(eventless)
    without = {key: value for key, value in WRITTEN.items() if key != "digest"}
    with pytest.raises(InvalidEntryError, match="the key 'digest' is missing"):
        entry_from_dict(without)


def test_a_path_into_a_list_is_told_with_its_number() -> None:
    members = {"event": "detailed-plan-agreed", "on": "2026-01-05", "members": [{"colour": 1}]}
    with pytest.raises(InvalidEntryError, match=r"event\.members\[0\]"):
        entry_from_dict({**WRITTEN, "event": members})


def test_an_entry_without_a_day_of_recording_can_not_be_made() -> None:
    with pytest.raises(ValueError, match="recorded_on is None, not a date"):
        attrs.evolve(HAPPENED, recorded_on=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="not a date"):
        attrs.evolve(HAPPENED, recorded_on=dt.datetime(2026, 1, 5))
    with pytest.raises(ValueError, match="digest is 7; it has to say something"):
        attrs.evolve(HAPPENED, digest=7)  # type: ignore[arg-type]
