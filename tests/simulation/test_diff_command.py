"""The command that tells what differs between two procedures."""

from __future__ import annotations

import json
import re
import shutil
from functools import cache
from pathlib import Path

from click.testing import CliRunner, Result

from cpplan import Accepted, Plan, Refused
from cpplan.codec import event_from_dict
from cpplan.packs import FOLDER
from cpplan_sim.commands.group import cpplan
from cpplan_sim.running import loaded

ONE, OTHER = "lead-social-worker", "standards"
PACK = FOLDER / "jersey"


@cache
def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(cpplan, ["diff", *arguments])


def test_words_come_first_and_then_what_each_refuses() -> None:
    said = invoke(ONE, OTHER)
    assert said.exit_code == 0
    order = [
        f"{ONE}  against  {OTHER}",
        "Figures:",
        "Requirements:",
        f"What {ONE} allows and {OTHER} refuses",
        f"What {OTHER} allows and {ONE} refuses",
        "Duties that both have and fix otherwise",
    ]
    places = [said.output.index(one) for one in order]
    assert places == sorted(places)


def test_a_refusal_is_told_with_its_code_and_the_clauses_of_both() -> None:
    said = invoke(ONE, OTHER).output
    assert f"{OTHER} refuses it:" in said
    assert f"{ONE} allows it: " in said
    (parting, *_) = json.loads(invoke(ONE, OTHER, "--format", "json").output)["one-allows"]["found"]
    for reason in parting["reasons"]:
        assert f"{reason['code']}: {reason['says']}" in said


def test_histories_as_data_can_be_recorded_again() -> None:
    found = json.loads(invoke(ONE, OTHER, "--format", "json").output)
    partings = found["other-allows"]["found"]
    assert partings
    for parting in partings:
        allowed, refused = Plan(loaded(OTHER)), Plan(loaded(ONE))
        *before, last = (event_from_dict(event) for event in parting["history"])
        for event in before:
            ours, theirs = allowed.record(event), refused.record(event)
            assert isinstance(ours, Accepted)
            assert isinstance(theirs, Accepted)
            allowed, refused = ours.plan, theirs.plan
        told = refused.record(last)
        assert isinstance(allowed.record(last), Accepted)
        assert isinstance(told, Refused)
        assert list(told.codes) == [reason["code"] for reason in parting["reasons"]]


def test_a_procedure_that_there_is_not_is_exit_code_2() -> None:
    assert invoke(ONE, "nowhere").exit_code == 2


def test_what_is_not_decided_is_said_and_is_exit_code_1() -> None:
    said = invoke("jersey", "luton")
    assert said.exit_code == 1
    assert "not decided: " in said.output


def test_a_procedure_against_itself_has_nothing_to_tell() -> None:
    said = invoke(ONE, ONE)
    assert said.exit_code == 0
    assert "The rules are the same." in said.output
    assert f"No history was found that {ONE} allows and {ONE} not." in said.output


def edited(folder: Path, file: str, pattern: str, by: str) -> Path:
    """Return a copy of a shipped pack, with the first match of a pattern in one file replaced."""
    shutil.copytree(PACK, folder)
    text = (folder / file).read_text()
    new = re.sub(pattern, by, text, count=1, flags=re.M)
    assert new != text
    (folder / file).write_text(new)
    return folder


def test_two_editions_of_one_pack_are_called_by_their_editions(tmp_path: Path) -> None:
    newer = edited(tmp_path / "newer", "pack.yaml", "^edition: .*$", "edition: version 99")
    said = invoke("jersey", str(newer)).output
    ours, theirs = f"jersey ({loaded('jersey').edition})", "jersey (version 99)"
    assert said.startswith(f"{ours}  against  {theirs}\n")
    assert f"edition: {loaded('jersey').edition}; version 99" in said
    assert f"No history was found that {ours} allows and {theirs} not." in said
    assert f"No history was found that {theirs} allows and {ours} not." in said


def test_two_packs_of_one_edition_are_called_by_their_digests_wherever_they_are_named(
    tmp_path: Path,
) -> None:
    code = r"^.*code: written-agreement-missing.*\n"
    newer = edited(tmp_path / "newer", "rules.yaml", code, "")
    said = invoke("jersey", str(newer)).output
    data = json.loads(invoke("jersey", str(newer), "--format", "json").output)
    names = {f"jersey ({data[side]['digest']:.12})" for side in ("one", "other")}
    assert len(names) == 2
    assert set(re.findall(r"\bjersey(?: \(\w+\))?(?![\w/-])", said)) == names
    assert " allows it: " in said


def test_the_dates_in_force_are_told_if_they_differ(tmp_path: Path) -> None:
    date = "valid-from: 2025-11-01"
    newer = edited(tmp_path / "newer", "pack.yaml", "^valid-from: .*$", date)
    said = invoke("jersey", str(newer)).output
    assert f"valid from: {loaded('jersey').valid_from}; 2025-11-01" in said
    assert "title: " not in said


def test_a_code_that_changed_is_told_with_the_code_of_each(tmp_path: Path) -> None:
    newer = edited(tmp_path / "newer", "rules.yaml", "contingency-missing", "contingency-absent")
    said = invoke("jersey", str(newer)).output
    assert "The rules are the same." not in said
    assert "differs in the codes it refuses with" in said
    assert re.search(r"jersey \(\w+\): contingency-missing \[", said)
    assert re.search(r"jersey \(\w+\): contingency-absent \[", said)


def test_data_give_the_needs_of_a_rule_and_the_edition_of_each_side(tmp_path: Path) -> None:
    newer = edited(tmp_path / "newer", "rules.yaml", "contingency-missing", "contingency-absent")
    edited_again = (newer / "pack.yaml").read_text().replace("version 18", "version 19")
    (newer / "pack.yaml").write_text(edited_again)
    data = json.loads(invoke("jersey", str(newer), "--format", "json").output)
    assert [data[side]["edition"][:10] for side in ("one", "other")] == ["version 18", "version 19"]
    for side, code in (("one", "contingency-missing"), ("other", "contingency-absent")):
        for rule in data["differences"]:
            (need,) = (one for one in rule[side]["needs"] if one["code"] == code)
            assert need["cites"] == ["jersey/para-62"]
    assert data["differences"]
