"""The shipped profiles, and what a procedure has a place for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cpplan import PROCEDURES, InvalidFileError, Procedure, load
from cpplan_sim.caseload.profile_gaps import happenings_for, left_to_duty, problems_for
from cpplan_sim.caseload.profile_parts import (
    Basis,
)
from cpplan_sim.caseload.profile_reading import load_profile, shipped_profiles
from tests.simulation.caseload.profiling import (
    DATA,
    FILE,
    TEXT,
    england,
    pack,
    tiny,
)


def test_the_shipped_profiles_are_found_by_name() -> None:
    assert set(shipped_profiles()) >= {"england-2024", "trial"}
    for name in shipped_profiles():
        assert load_profile(name).name == name


def test_a_profile_that_there_is_not_is_told_with_the_near_miss(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match=r"did you mean england-2024\?"):
        load_profile("england-2042")
    with pytest.raises(InvalidFileError, match="no file of that name"):
        load_profile(tmp_path)


def own_procedure(folder: Path) -> Procedure:
    """Return the tiny pack with a duty and a step that no shipped pack has."""
    pack = folder / "own"
    shutil.copytree(DATA / "packs" / "tiny", pack)
    duties, head = pack / "duties.yaml", pack / "pack.yaml"
    duties.write_text(duties.read_text("utf-8").replace("  visit:", "  doorstep:"), "utf-8")
    head.write_text(head.read_text("utf-8") + "\nsteps: {bell-rung: the bell was rung}\n", "utf-8")
    return load(pack)


def test_duties_and_steps_of_a_procedure_of_one_s_own_may_stand_in_a_profile(
    tmp_path: Path,
) -> None:
    path = tmp_path / "profile.yaml"
    text = TEXT.replace("    first-review:", "    doorstep:")
    path.write_text(text.replace("takes: failed-visits-open", "takes: bell-rung"), "utf-8")
    with pytest.raises(InvalidFileError, match="unknown step 'bell-rung'"):
        load_profile(path)
    assert load_profile(path, own_procedure(tmp_path)).punctual("doorstep", "").never == 0


def test_the_published_figures_of_england_are_those_of_the_tables() -> None:
    published = {
        path: one.value
        for path, one in england().figures().items()
        if one.origin is Basis.PUBLISHED
    }
    counted = {
        "opened.per-month": 72_250 / 12,
        "child.earlier-plan": 15_330 / 62_110,
        "happenings.plan-made.chance.0": 62_110 / 72_250,
        "child.categories.neglect": 30_950 / 62_110,
        "child.categories.physical": 4_810 / 62_110,
        "child.categories.sexual": 2_160 / 62_110,
        "child.categories.emotional": 23_150 / 62_110,
        "child.categories.multiple": 1_040 / 62_110,
    }
    assert published == pytest.approx(counted, rel=1e-3)


def test_no_figure_of_england_stands_on_table_d8() -> None:
    assert "D8" not in {source.table for source in england().sources.values()}
    assert not [path for path, one in england().figures().items() if "D8" in one.says]


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_case_under_a_pack_can_begin_go_on_and_be_reviewed(name: str) -> None:
    found = happenings_for(england(), pack(name))
    assert {"conference-opened", "plan-made", "no-plan-made", "review-continues-plan"} <= set(found)
    met = {match.event for duty in pack(name).duties.values() for match in duty.met_by}
    happen = {happening.event for happening in found.values()}
    wanted = {"visit-made", "core-group-held", "detailed-plan-agreed", "review-conference-opened"}
    assert wanted <= met | happen


def test_the_composite_has_a_place_for_everything_in_england_but_a_step_of_jersey_s() -> None:
    [problem] = problems_for(england(), pack("composite"))
    assert problem.message == "composite has no rule by which 'obstacle-stays' can happen"
    assert not [p for p in problems_for(england(), pack("jersey")) if "obstacle" in str(p)]


def test_what_a_procedure_has_no_place_for_is_told_with_its_place() -> None:
    told = [str(one) for one in problems_for(tiny, pack("lead-social-worker"))]
    name = "lead-social-worker"
    assert told == [
        f"{FILE}:24:5: {name} has no duty on the topic 'review'",
        f"{FILE}:27:5: {name} has no duty 'first-review'",
        f"{FILE}:32:5: {name} has no rule by which 'ends' can happen",
        f"{FILE}:46:5: {name} has no rule by which 'moves' can happen",
        f"{FILE}:57:5: {name} has no rule by which 'seen-again' can happen",
        f"{FILE}:60:5: under {name} there is nothing that 'seen-again' could follow",
        f"{FILE}:64:5: {name} has no rule by which 'grown-up' can happen",
    ]


def test_what_comes_in_the_place_of_what_can_t_happen_always_comes() -> None:
    found = happenings_for(tiny, pack("lead-social-worker"))
    assert set(found) == {"goes-on", "fails", "begins"}
    assert (found["goes-on"].otherwise, found["goes-on"].chance) == ("", (1.0,))
    assert happenings_for(tiny, pack("composite"))["goes-on"].otherwise == "ends"


@pytest.mark.parametrize(
    ("procedure", "left"),
    [
        ("composite", {"first-review", "next-review", "next-core-group", "put-into-effect"}),
        ("luton", {"first-review", "next-review", "next-core-group", "put-into-effect"}),
        ("standards", {"first-review"}),
        ("jersey", {"next-core-group", "put-into-effect"}),
        ("lead-social-worker", {"next-core-group"}),
    ],
)
def test_what_stands_in_for_a_duty_is_left_out_where_there_is_one(
    procedure: str, left: set[str]
) -> None:
    asked = {"first-review", "next-review", "next-core-group", "put-into-effect"}
    found = {name for name in asked if left_to_duty(england().happenings[name], pack(procedure))}
    assert found == left
    assert left.isdisjoint(happenings_for(england(), pack(procedure)))


def test_a_birthday_is_left_to_a_duty_on_it() -> None:
    assert left_to_duty(tiny.happenings["grown-up"], pack("standards"))
    assert not left_to_duty(tiny.happenings["grown-up"], pack("luton"))
    assert not left_to_duty(tiny.happenings["begins"], pack("standards"))
