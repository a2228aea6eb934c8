"""The command that tells what differs between two procedures."""

from __future__ import annotations

import json
from functools import cache

from click.testing import CliRunner, Result

from cpplan import Accepted, Plan, Refused
from cpplan.codec import event_from_dict
from cpplan_sim.commands.group import cpplan
from cpplan_sim.running import loaded

ONE, OTHER = "lead-social-worker", "standards"


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
