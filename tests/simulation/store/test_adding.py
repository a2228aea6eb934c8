"""``cpplan store append``: lines are judged and added, all of them or each by itself."""

from __future__ import annotations

import json

import pytest

from cpplan import load
from cpplan.events import CommunicationRecorded
from cpplan.store import Store
from cpplan.store.answers import PROCEDURE_NEEDED
from tests.kernel.histories import day
from tests.simulation.store.storing import (
    EITHER,
    EVENTS,
    PLANS,
    Stored,
    happened,
    line,
    seen,
)


def test_what_is_added_is_shown_with_the_edition_that_was_left_out(stored: Stored) -> None:
    said = stored.run("show", "Ada").stdout
    assert len(said.splitlines()) == 1 + EVENTS
    rows = [
        json.loads(one) for one in stored.run("show", "Ada", "--format", "json").stdout.splitlines()
    ]
    assert [row["version"] for row in rows] == list(range(1, EVENTS + 1))
    assert rows[0]["procedure"] == rows[0]["body"]["procedure"] == "standards"


def test_what_is_added_again_is_answered_as_before(stored: Stored) -> None:
    before = stored.run("export").stdout
    again = stored.append(*(line("Ada", number) for number in range(EVENTS)))
    assert again.exit_code == 0
    assert f"plan 'Ada' stands at version {EVENTS}" in again.stdout
    assert stored.run("export").stdout == before


def test_what_is_refused_is_told_with_its_line_and_all_of_it_left_out(empty: Stored) -> None:
    done = empty.append(line("Ada", 0), line("Ben", 3), options=("--keep-refused",))
    assert done.exit_code == 1
    assert "line 2: plan 'Ben': " in done.stderr
    assert "Nothing was stored." in done.stderr
    assert empty.run("show", "Ada").exit_code == 1
    attempts = json.loads(empty.run("show", "Ben", "--refused").stdout)
    assert attempts[0]["entry"] == "3"
    assert attempts[0]["reasons"] != []


def test_a_refusal_is_kept_only_if_that_is_asked_for(empty: Stored) -> None:
    done = empty.append(line("Ben", 3), options=("--format", "json"))
    data = json.loads(done.stdout)
    assert (data["accepted"], data["reasons"][0]["line"], data["heads"]) == (False, 1, [])
    assert empty.run("show", "Ben", "--refused").exit_code == 1


def test_an_addition_decided_on_another_version_is_a_conflict(stored: Stored) -> None:
    entry = happened(CommunicationRecorded(on=day(20)), "late")
    done = stored.append({"plan": "Ada", "entry": entry, "expected": 2})
    assert done.exit_code == 1
    assert f"Plan 'Ada' stands at version {EVENTS}, not 2" in done.stderr


def test_a_correction_is_stored_once_its_consequences_are_accepted(stored: Stored) -> None:
    entry = {
        "entry": "withdrawn",
        "id": "w",
        "recorded_on": str(day(30)),
        "of": str(EVENTS - 1),
        "why": "recorded for another child",
    }
    done = stored.append({"plan": "Ada", "entry": entry}, options=("--format", "json"))
    assert (done.exit_code, json.loads(done.stdout)["accepted"]) == (1, False)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ("{", "line 1: Expecting"),
        ("[]", "line 1: '[]' is no object"),
        ("{}", "line 1: an object with a plan"),
        ('{"plan": "Ada", "colour": 1}', "line 1: an object with a plan"),
        ('{"plan": 4}', "line 1: plan is 4, not text"),
        ('{"plan": "Ada", "expected": "x"}', "line 1: expected is 'x', not a whole number"),
        ('{"plan": "Ada", "entry": []}', "line 1: entry is [], not an object"),
        ('{"plan": "Ada", "entry": {"entry": "hapened"}}', "line 1: "),
        (json.dumps({"plan": "x" * 201, "team": "N"}), "line 1: plan is 'xxx"),
        ('{"plan": "Ada", "team": "\\ud800"}', "line 1: team is '\\ud800', not Unicode text"),
    ],
)
def test_a_line_that_is_none_is_told_with_its_number(empty: Stored, said: str, says: str) -> None:
    done = empty.run("append", "--procedure", "standards", said=f"{said}\n\n")
    assert done.exit_code == 2
    assert says in done.stderr


def test_every_line_that_is_none_is_told(empty: Stored) -> None:
    wrong = line("Ben", 0)
    wrong["entry"]["event"]["event"] = "nothing"
    long = line("Cem", 0)
    long["entry"]["id"] = "x" * 201
    lines = (line("Ada", 0), wrong, line("Ben", 1), long, {"plan": 4})
    done = empty.append(*lines)
    assert done.exit_code == 2
    told = [one.split(":")[0] for one in done.stderr.splitlines()]
    assert told == ["line 2", "line 4", "line 5", "Nothing was stored."]
    assert empty.run("show", "Ada").exit_code == 1
    each = empty.append(*lines, options=("--each",))
    assert each.exit_code == 2
    assert each.stdout == "1 line added, 0 were there, 1 left out, 3 can't be read\n"


def test_every_entry_of_a_plan_that_is_none_is_told(empty: Stored) -> None:
    wrong = [line("Ada", number) for number in range(3)]
    for one in wrong:
        one["entry"]["event"]["event"] = "nothing"
    done = empty.append(*wrong, line("Ada", 3), {"plan": "Ada", "team": "North"})
    told = [one.split(":")[0] for one in done.stderr.splitlines()]
    assert told == ["line 1", "line 2", "line 3", "Nothing was stored."]


def test_a_team_can_be_named_by_itself(stored: Stored) -> None:
    assert stored.append({"plan": "Ben", "team": "South"}).exit_code == 0
    store = Store.open(stored.path)
    assert [store.team(plan) for plan in PLANS] == ["North", "South"]
    store.close()


@pytest.mark.parametrize("each", [(), ("--each",)])
def test_a_team_for_a_plan_that_is_not_there_is_refused(
    stored: Stored, each: tuple[str, ...]
) -> None:
    before = stored.run("export").stdout
    options = (*each, "--keep-refused", "--format", "json")
    done = stored.append({"plan": "misspelt", "team": "North"}, options=options)
    (reason,) = json.loads(done.stdout)["reasons"]
    assert (done.exit_code, reason["line"], reason["plan"]) == (1, 1, "misspelt")
    assert reason["code"] == "unknown-plan"
    assert stored.run("export").stdout == before


def test_a_team_for_a_plan_that_is_not_there_keeps_the_other_lines_out(empty: Stored) -> None:
    wrong = {"plan": "misspelt", "team": "North"}
    done = empty.append(wrong, line("Ada", 0), line("Ben", 3), wrong)
    assert done.exit_code == 1
    told = dict.fromkeys(tuple(one.split(": ")[:2]) for one in done.stderr.splitlines())
    misspelt, ben = "plan 'misspelt'", "plan 'Ben'"
    lines = [("line 1", misspelt), ("line 3", ben), ("line 4", misspelt)]
    assert list(told) == [*lines, ("Nothing was stored.",)]
    assert empty.run("show", "Ada").exit_code == 1


def test_a_team_may_be_named_before_the_line_that_opens_its_plan(empty: Stored) -> None:
    assert empty.append({"plan": "Ada", "team": "North"}, line("Ada", 0)).exit_code == 0
    assert '{"plan":"Ada","team":"North"}\n' in empty.run("export").stdout


def test_a_team_is_not_told_beside_the_refused_line_that_would_open_its_plan(
    empty: Stored,
) -> None:
    lines = (line("Ada", 0), {"plan": "Ada", "team": "North"})
    said = "".join(json.dumps(one) + "\n" for one in lines)
    done = empty.run("append", *EITHER, "--format", "json", said=said)
    assert [one["code"] for one in json.loads(done.stdout)["reasons"]] == [PROCEDURE_NEEDED]


def test_a_key_given_twice_in_an_event_is_told(stored: Stored) -> None:
    visits = json.dumps(seen(day(20))).replace(
        '"child_seen": true', '"child_seen": true, "child_seen": false'
    )
    done = stored.run("append", "--procedure", "standards", said=visits)
    assert (done.exit_code, "line 1: given twice: child_seen" in done.stderr) == (2, True)
    assert len(stored.run("show", "Ada").stdout.splitlines()) == 1 + EVENTS


def test_every_line_is_held_to_the_version_that_it_was_decided_on(stored: Stored) -> None:
    one, two = seen(day(20)), {**seen(day(21)), "expected": 99}
    done = stored.append(one, two, options=("--format", "json"))
    (reason,) = json.loads(done.stdout)["reasons"]
    assert (done.exit_code, reason["line"], reason["code"]) == (1, 2, "version-conflict")
    assert f"stands at version {EVENTS + 1}, not 99, with the lines before" in reason["says"]
    assert len(stored.run("show", "Ada").stdout.splitlines()) == 1 + EVENTS
    both = ({**one, "expected": EVENTS}, {**two, "expected": EVENTS + 1})
    for _ in range(2):  # given again it is answered as it was
        done = stored.append(*both)
        assert (done.exit_code, f"stands at version {EVENTS + 2}" in done.stdout) == (0, True)


def test_what_is_refused_by_the_procedure_and_stale_is_told_with_both_reasons(
    empty: Stored,
) -> None:
    done = empty.append(line("Ada", 3, expected=7), options=("--format", "json"))
    codes = [reason["code"] for reason in json.loads(done.stdout)["reasons"]]
    assert codes[0] == "version-conflict"
    assert len(codes) > 1


@pytest.mark.parametrize(
    ("named", "under"),
    [
        ({"procedure": "standards"}, "standards"),
        ({"digest": load("standards").digest}, "standards"),
        ({"procedure": "luton"}, "luton"),
        ({}, None),
        ({"procedure": "jersey"}, None),
        ({"digest": "0" * 64}, None),
        ({"procedure": "luton", "digest": load("standards").digest}, None),
    ],
)
def test_a_new_plan_has_to_say_which_of_several_procedures_it_is_under(
    empty: Stored, named: dict[str, str], under: str | None
) -> None:
    first = line("Ada", 0)
    first["entry"].update(named)
    done = empty.run("append", *EITHER, "--keep-refused", said=json.dumps(first))
    if under is None:
        assert done.exit_code == 1
        assert "Given are: standards, luton." in done.stderr
        assert len(json.loads(empty.run("show", "Ada", "--refused").stdout)) == 1
    else:
        assert done.exit_code == 0, done.stderr
        row = json.loads(empty.run("show", "Ada", "--format", "json").stdout)
        assert row["procedure"] == under


def test_a_procedure_that_is_needed_has_the_code_that_the_service_gives(empty: Stored) -> None:
    done = empty.run("append", "--format", "json", said=json.dumps(line("Ada", 0)))
    assert [one["code"] for one in json.loads(done.stdout)["reasons"]] == [PROCEDURE_NEEDED]


def test_with_each_whatever_is_refused_keeps_nothing_else_out(empty: Stored) -> None:
    lines = (line("Ada", 0), line("Ben", 3), line("Ada", 1))
    done = empty.append(*lines, options=("--each", "--keep-refused"))
    assert done.exit_code == 1
    assert "line 2: plan 'Ben': " in done.stderr
    assert done.stdout == "2 lines added, 0 were there, 1 left out, 0 can't be read\n"
    assert len(empty.run("show", "Ada", "--format", "json").stdout.splitlines()) == 2
    assert json.loads(empty.run("show", "Ben", "--refused").stdout)[0]["entry"] == "3"


def test_with_each_every_line_has_its_answer_as_data(empty: Stored) -> None:
    said = "\n".join(["{", "", json.dumps(line("Ada", 0)), json.dumps(line("Ben", 3))])
    done = empty.run(
        "append",
        "--procedure",
        "standards",
        "--each",
        "--format",
        "json",
        said=said,
    )
    unread, added, refused = map(json.loads, done.stdout.splitlines())
    assert done.exit_code == 2
    assert done.stderr == "1 line added, 0 were there, 1 left out, 1 can't be read\n"
    assert (unread["line"], unread["accepted"], unread.keys()) == (
        1,
        False,
        {"line", "accepted", "problems"},
    )
    assert unread["problems"][0].startswith("line 1: Expecting")
    assert (added["line"], added["accepted"], added["heads"][0]["version"]) == (3, True, 1)
    assert (refused["line"], refused["accepted"], refused["heads"]) == (4, False, [])
    assert {one["line"] for one in refused["reasons"]} == {4}
