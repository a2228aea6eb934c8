"""Loading: settings from outside, calendars, and the digest."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from cpplan import InvalidFileError, load

TINY = Path(__file__).parents[1] / "data" / "packs" / "tiny"


def test_a_figure_can_be_set_and_is_marked_as_a_choice() -> None:
    changed = load(TINY, values={"visit-gap": 3, "patience": 1})
    assert changed.values["visit-gap"].amount == 3
    assert changed.values["visit-gap"].origin == "choice"
    assert changed.duties["visit"].value == changed.values["visit-gap"]
    assert load(TINY).values["patience"].amount is None


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"visit-gaps": 3}, "tiny/pack.yaml:8:1: unknown value 'visit-gaps' to set"),
        ({"visit-gap": -1}, "tiny/pack.yaml:9:3: 'visit-gap' set to -1 (give a whole number)"),
        ({"visit-gap": True}, "tiny/pack.yaml:9:3: 'visit-gap' set to True"),
        ({"visit-gap": "3"}, "tiny/pack.yaml:9:3: 'visit-gap' set to '3'"),
    ],
)
def test_a_setting_that_can_not_be_is_refused(values: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidFileError) as caught:
        load(TINY, values=values)
    assert str(caught.value).startswith(told)


def test_a_calendar_is_that_of_the_jurisdiction_unless_another_is_given(tmp_path: Path) -> None:
    assert load(TINY).calendar.jurisdiction == "england-and-wales"
    assert load(TINY, calendar="jersey").calendar.jurisdiction == "jersey"
    own = tmp_path / "own.yaml"
    own.write_text("jurisdiction: own\nextends: jersey\n", encoding="utf-8")
    assert load(TINY, calendar=own).calendar.jurisdiction == "own"
    with pytest.raises(InvalidFileError, match="neither a shipped calendar"):
        load(TINY, calendar="narnia")


def test_a_pack_can_name_its_calendar_and_its_dates(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    shutil.copytree(TINY, folder)
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    head = "calendar: scotland\nvalid-from: 2024-04-01\nvalid-to: 2026-03-31\n"
    (folder / "pack.yaml").write_text(head + text, encoding="utf-8")
    found = load(folder)
    assert found.calendar.jurisdiction == "scotland"
    assert (found.valid_from, found.valid_to) == (dt.date(2024, 4, 1), dt.date(2026, 3, 31))


def changed(folder: Path, file: str, old: str, new: str) -> str:
    """Return the digest of the tiny pack with one text replaced."""
    shutil.copytree(TINY, folder / old / "tiny")
    path = folder / old / "tiny" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return load(path.parent).digest


def test_the_digest_depends_on_what_decides_and_on_nothing_else(tmp_path: Path) -> None:
    digest = load(TINY).digest
    assert load(TINY).digest == digest
    assert changed(tmp_path, "pack.yaml", "values:\n", "# a remark\nvalues:\n") == digest
    others = [
        changed(tmp_path, "pack.yaml", "is: 2", "is: 3"),
        changed(tmp_path, "pack.yaml", "unit: working-days", "unit: calendar-days"),
        changed(tmp_path, "rules.yaml", "step: core-group-held", "without: on-plan"),
        changed(tmp_path, "duties.yaml", "strength: must", "strength: should"),
        changed(tmp_path, "records.yaml", "field: bedroom_seen", "field: meals"),
        changed(tmp_path, "requirements.yaml", "template: precedence", "template: succession"),
        load(TINY, values={"visit-gap": 3}).digest,
        load(TINY, calendar="jersey").digest,
        load(TINY, fill="standards").digest,
    ]
    assert len({digest, *others}) == 1 + len(others)


def test_a_tally_is_kept_only_where_a_rule_asks_for_it() -> None:
    assert [tally.id for tally in load("london").tallies] == ["failed-visits"]
    assert load(TINY).tallies == ()


def test_the_clauses_of_the_sources_are_there() -> None:
    clauses = load(TINY).clauses
    assert "standards/4b" in clauses
    assert {clause.source for clause in clauses.values()} == {"standards"}
