"""A store as lines: taken elsewhere and back without loss, or not at all."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from sqlalchemy.exc import IntegrityError

from cpplan.decisions import Reason
from cpplan.store import Attempt, DamagedError, Draft, RetryableError, Row, Store, drafted
from cpplan.store import lines as lines_module
from cpplan.store.lines import (
    MANY,
    Imported,
    InvalidLinesError,
    exported,
    line_of,
    take_in,
)
from cpplan.store.rows import nothing_of, sealed
from tests.kernel.store.told import damage, draft, entries


@pytest.fixture
def lines(store: Store) -> list[str]:
    """The lines of a store with two plans and a team."""
    drafts = [drafted(entry) for entry in entries()]
    for plan in ("Ada", "Zoë"):
        assert store.append(plan, drafts, expected=0).accepted
    store.set_team("Ada", "North")
    return list(exported(store))


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """An empty store."""
    made = Store.create(tmp_path / "other.db")
    yield made
    made.close()


def test_a_store_taken_elsewhere_is_the_same_to_the_last_byte(
    lines: list[str], other: Store
) -> None:
    assert take_in(other, lines) == Imported(rows=6, plans=2)
    assert list(exported(other)) == lines
    assert list(other.verify()) == []
    assert other.team("Ada") == "North"


def test_what_is_there_is_passed_over_and_what_follows_is_added(
    lines: list[str], other: Store
) -> None:
    drafts = [drafted(entry) for entry in entries()]
    other.append("Ada", drafts[:2], expected=0)
    other.append("Ben", drafts, expected=0)
    other.set_team("Ada", "North")
    assert take_in(other, lines) == Imported(rows=4, there=2, plans=2)
    assert take_in(other, lines) == Imported(rows=0, there=6, plans=0)
    assert [head.plan for head in other.heads()] == ["Ada", "Ben", "Zoë"]


def test_a_row_that_was_damaged_is_named_by_the_export(store: Store) -> None:
    store.append("Ada", [draft("1")], expected=0)
    damage(store, "no JSON")
    with pytest.raises(DamagedError, match="plan 'Ada', version 1: its body is no JSON"):
        list(exported(store))
    assert [broken.plan for broken in store.verify()] == ["Ada"]


def test_a_constraint_of_the_hosts_is_let_through(
    lines: list[str], other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = IntegrityError("INSERT", {}, sqlite3.IntegrityError("CHECK constraint failed"))

    def history(*_: Any, **__: Any) -> Any:
        raise broken

    monkeypatch.setattr(other, "history", history)
    with pytest.raises(IntegrityError):
        take_in(other, lines)


def test_plans_that_others_add_to_meanwhile_are_to_be_tried_again(
    lines: list[str], other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.append("Zoë", [drafted(entries()[0])], expected=0)
    with monkeypatch.context() as before:
        before.setattr(other, "history", lambda *_, **__: ())
        with pytest.raises(RetryableError, match="others added to the same plans"):
            take_in(other, lines)
    assert [head.plan for head in other.heads()] == ["Zoë"]
    assert take_in(other, lines) == Imported(rows=5, there=1, plans=2)


def test_many_rows_are_added_some_at_a_time(
    lines: list[str], other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines_module, "AT_ONCE", 2)
    assert take_in(other, lines).rows == 6
    assert list(exported(other)) == lines


def changed(line: str, **values: Any) -> str:
    return json.dumps({**json.loads(line), **values})


BREAKS: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "no first line": (lambda said: said[1:], "line 1: the first line says"),
    "nothing": (lambda _: [], r'should be {"refused":0,"rows":0}: there is none'),
    "cut off": (lambda said: said[:-2], r'should be {"refused":0,"rows":5}: there is none'),
    "another count": (
        lambda said: [*said[:-1], '{"refused":0,"rows":7}'],
        r'"rows":6}: it is .*:7}',
    ),
    "more after the end": (lambda said: [*said, said[2]], "line 10: it comes after the line"),
    "no JSON": (lambda said: [*said[:4], "{", *said[5:]], "line 5: Expecting"),
    "no object": (lambda said: [*said[:4], "[]", *said[5:]], "line 5: '.*' is no object"),
    "a key twice": (
        lambda said: [*said[:2], '{"plan":"a","plan":"b"}', *said[3:]],
        "line 3: given twice: plan",
    ),
    "a key too many": (
        lambda said: [*said[:2], changed(said[2], more=1), *said[3:]],
        "line 3: these keys are missing or too many: more",
    ),
    "a float": (
        lambda said: [*said[:2], changed(said[2], body={"a": 0.5}), *said[3:]],
        r"line 3: \$\.a: 0\.5 is float",
    ),
    "a version in words": (
        lambda said: [*said[:2], changed(said[2], version="one"), *said[3:]],
        "line 3: version is 'one'",
    ),
    "a day that is none": (
        lambda said: [*said[:2], changed(said[2], recorded_on="soon"), *said[3:]],
        "line 3: recorded_on is 'soon'",
    ),
    "a team that is none": (
        lambda said: [said[0], '{"plan":"Ada","team":4}', *said[2:]],
        "line 2: team is 4, not Unicode text",
    ),
    "another body": (
        lambda said: [*said[:3], changed(said[3], body={}), *said[4:]],
        "line 4: plan 'Ada', version 2: its hash is not that of its columns",
    ),
    "a row left out": (
        lambda said: [*said[:3], *said[4:]],
        "line 4: plan 'Ada', version 3: version 2 should stand in its place, and is missing",
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_lines_that_are_broken_are_named_and_nothing_is_stored(
    lines: list[str], other: Store, broken: str
) -> None:
    change, says = BREAKS[broken]
    with pytest.raises(InvalidLinesError, match=says) as told:
        take_in(other, change(lines))
    assert list(other.rows()) == []
    assert other.team("Ada") == ""
    assert len(told.value.problems) <= 4


def one_line(draft: Draft) -> list[str]:
    row = sealed(draft, nothing_of("Ada"))
    return ['{"format":"cpplan-store/1"}', line_of(row), '{"refused":0,"rows":1}']


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("kind", "withdrawn", "its columns say other than its body: kind"),
        ("effective", "2026-03-03", "other than its body: effective"),
        ("body", "{}", "the key 'entry' is missing"),
    ],
)
def test_a_row_that_says_other_than_its_entry_is_not_taken_in(
    other: Store, column: str, value: str, says: str
) -> None:
    draft = attrs.evolve(drafted(entries()[0]), **{column: value})
    with pytest.raises(InvalidLinesError, match=says):
        take_in(other, one_line(draft))


def chained_lines(plan: str, *drafts: Draft) -> list[str]:
    """Return the lines of a plan whose chain holds, whatever stands in its rows."""
    head, rows = nothing_of(plan), []
    for one in drafts:
        rows.append(sealed(one, head))
        head = rows[-1].head
    last = f'{{"refused":0,"rows":{len(rows)}}}'
    return ['{"format":"cpplan-store/1"}', *map(line_of, rows), last]


@pytest.mark.parametrize("there", [0, 1])
def test_an_id_that_is_twice_in_a_plan_is_told_though_its_chain_holds(
    other: Store, there: int
) -> None:
    first, second, _ = map(drafted, entries())
    if there:
        other.append("Ada", [first], expected=0)
    with pytest.raises(InvalidLinesError) as told:
        take_in(other, chained_lines("Ada", first, second, first))
    assert told.value.problems == (
        "line 4: plan 'Ada', version 3: the id '1' is that of version 1",
    )
    assert len(list(other.rows())) == there


def test_a_plan_that_comes_again_after_another_is_told(lines: list[str], other: Store) -> None:
    rows = lines[2:-1]
    again = [*lines[:2], *rows, *rows[:3], '{"refused":0,"rows":9}']
    says = "line 9: plan 'Ada', version 1: it comes after a row of plan 'Zoë': give plans in order"
    with pytest.raises(InvalidLinesError, match=says) as told:
        take_in(other, again)
    assert len(told.value.problems) == 1
    assert list(other.rows()) == []


def test_a_row_where_another_stands_is_told(lines: list[str], other: Store) -> None:
    first = drafted(entries()[0])
    other.append("Ada", [attrs.evolve(first, entry_id="else")], expected=0)
    with pytest.raises(InvalidLinesError, match="version 1: another row stands there"):
        take_in(other, lines)
    assert [head.version for head in other.heads()] == [1]


def test_no_more_problems_are_told_than_anybody_reads(other: Store) -> None:
    with pytest.raises(InvalidLinesError) as told:
        take_in(other, ['{"format":"cpplan-store/1"}', *["{"] * (2 * MANY)])
    assert len(told.value.problems) == MANY


def refused(plan: str, number: int) -> Attempt:
    """An attempt; some of the same are the same to the last letter."""
    reasons = (Reason("not-in-this-state", "No.", ("jersey/para-3",)), Reason("id-taken", "No."))
    return Attempt(plan, drafted(entries()[number]), reasons)


ATTEMPTS = (refused("Zoë", 1), refused("Ada", 0), refused("Ada", 1), refused("Ada", 0))


@pytest.fixture
def with_refused(store: Store, lines: list[str]) -> list[str]:
    """The lines of the store with attempts that were refused and kept, one of them twice."""
    store.keep_refused(ATTEMPTS)
    assert list(exported(store))[:-1] != lines
    return list(exported(store))


def test_what_was_refused_is_taken_along_as_often_as_it_was(
    store: Store, with_refused: list[str], other: Store
) -> None:
    assert with_refused[-1] == '{"refused":4,"rows":6}'
    assert take_in(other, with_refused) == Imported(rows=6, plans=2, refused=4)
    assert list(exported(other)) == with_refused
    assert (
        other.refused("Ada") == store.refused("Ada") == [ATTEMPTS[number] for number in (1, 2, 3)]
    )
    assert other.refused("Zoë") == [ATTEMPTS[0]]
    assert list(other.verify(store.heads())) == []


def test_what_was_refused_and_is_there_is_passed_over(
    with_refused: list[str], other: Store
) -> None:
    other.keep_refused([ATTEMPTS[1], refused("Ben", 0)])
    assert take_in(other, with_refused).refused == 3
    assert sorted(one.draft.entry_id for one in other.refused("Ada")) == ["1", "1", "2"]
    assert take_in(other, with_refused) == Imported(there=6)
    assert len(other.refused("Ben")) == 1


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "a plan that is none": ({"plan": ""}, "plan is ''"),
    "a day that is none": ({"recorded_on": "soon"}, "recorded_on is 'soon'"),
    "another body": ({"body": {}}, "the key 'entry' is missing"),
    "another kind": ({"kind": "withdrawn"}, "say other than its body: kind"),
    "reasons that are text": ({"reasons": "no"}, "the reasons are none: 'no' is not a list"),
    "a reason that is none": ({"reasons": [{"code": 4}]}, "the reasons are none: "),
    "a key too many": ({"more": 1}, "these keys are missing or too many"),
    "a plan out of order": ({"plan": "Zoë"}, "it comes after an attempt for a later plan, 'Zoë'"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_attempt_that_is_none_is_told_and_nothing_is_stored(
    with_refused: list[str], other: Store, wrong: str
) -> None:
    change, says = WRONG[wrong]
    at = len(with_refused) - 5
    said = [*with_refused[:at], changed(with_refused[at], **change), *with_refused[at + 1 :]]
    with pytest.raises(InvalidLinesError, match=says):
        take_in(other, said)
    assert list(other.rows()) == []
    assert other.refused("Ada") == []


def test_attempts_that_are_cut_off_are_missed(with_refused: list[str], other: Store) -> None:
    with pytest.raises(InvalidLinesError, match=r'should be {"refused":3,"rows":6}: it is'):
        take_in(other, [*with_refused[:-2], with_refused[-1]])


@pytest.fixture
def teamed(other: Store) -> Store:
    """A store with a plan and its team, one without a team, and a team without a plan."""
    drafts = [drafted(entry) for entry in entries()]
    for plan in ("Ada", "Zoë"):
        other.append(plan, drafts[:1], expected=0)
    other.set_team("Ada", "South")
    other.set_team("Cem", "East")
    return other


def test_who_answers_for_what_is_there_is_not_changed_by_lines_and_that_is_told(
    store: Store, lines: list[str], teamed: Store
) -> None:
    for plan in ("Zoë", "Cem", "Ben"):
        store.set_team(plan, "North")
    said = list(exported(store))
    left = sorted(["Ada", "Zoë", "Cem"])
    assert take_in(teamed, said) == Imported(rows=4, there=2, plans=2, teams_left=left)
    assert [teamed.team(plan) for plan in ("Ada", "Zoë", "Cem")] == ["South", "", "East"]
    assert teamed.team("Ben") == "North"


def test_a_team_that_is_the_same_is_not_told(lines: list[str], other: Store) -> None:
    for there in (0, 6):
        assert take_in(other, lines).teams_left == []
        assert len(list(other.rows())) == 6, there


def test_what_is_not_utf8_is_told_with_its_line(lines: list[str], other: Store) -> None:
    lines[3] = lines[3].replace("Ada", b"\xff".decode("utf-8", "surrogateescape"))
    with pytest.raises(InvalidLinesError, match="line 4: it is not UTF-8 at character "):
        take_in(other, lines)


def test_a_row_is_a_line_with_its_body_as_an_object() -> None:
    row: Row = sealed(drafted(entries()[0]), nothing_of("Ada"))
    assert json.loads(line_of(row))["body"]["entry"] == "happened"
