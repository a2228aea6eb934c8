"""``cpplan adequacy``, as its user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cpplan_sim.commands.group import cpplan

TINY = Path(__file__).parents[1] / "data" / "packs" / "tiny"


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cpplan, ["adequacy", *map(str, arguments)])


def test_a_name_that_there_is_not_stops_with_two_and_the_nearest() -> None:
    found = invoke("lutton")
    assert found.exit_code == 2
    assert "did you mean luton?" in found.stderr


@pytest.mark.slow
def test_a_gap_is_told_with_the_rule_what_was_taken_out_and_the_clause() -> None:
    """Tiny has no requirement on its notice, nor on the concerns."""
    found = invoke(TINY)
    assert found.exit_code == 1
    assert "survives: plan-made, without plan.concerns recorded [standards/2a]" in found.stdout
    assert "they part on: initial conference opened, initial conference decided" in found.stdout
    assert "tiny: 341 of 341 mutants" in found.stderr
    assert found.stdout.count("survives") == 7


@pytest.mark.slow
def test_for_a_machine_each_mutant_is_told_with_its_fate() -> None:
    (found,) = json.loads(invoke("lead-social-worker", "--format", "json").stdout)
    assert found["passed"]
    every = found["operators"][-1]
    assert every["operator"] == "all"
    assert every["mutants"] == len(found["mutants"])
    assert every["killed"] + every["equivalent"] == every["mutants"]
    assert sum(every["killed-by"].values()) == every["killed"]
    named = [one["killed-by"]["name"] for one in found["mutants"] if one["killed-by"]]
    assert "chair-names-lead" in named
