"""Behaviour profiles: what they say, where it comes from, and every mistake with its place."""

from __future__ import annotations

import copy
import functools
import math
import pickle
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan import PROCEDURES, InvalidFileError, Procedure, load
from cpplan.reading import Document, Problem, parse_yaml, read_yaml
from cpplan_sim.caseload.profile_gaps import happenings_for, left_to_duty, problems_for
from cpplan_sim.caseload.profile_parts import (
    Attempts,
    Band,
    Basis,
    Content,
    Days,
    First,
    Punctual,
    Trigger,
)
from cpplan_sim.caseload.profile_reading import load_profile, shipped_profiles
from cpplan_sim.caseload.profiles import Profile, UnknownFigureError

DATA = Path(__file__).parents[2] / "data"
FILE = DATA / "profiles" / "tiny.yaml"
TEXT = FILE.read_text(encoding="utf-8")
BAD = sorted((DATA / "profiles" / "bad").glob("*.yaml"))

tiny = load_profile(FILE)


@functools.cache
def pack(name: str) -> Procedure:
    return load(name)


@functools.cache
def england() -> Profile:
    return load_profile("england-2024")


def read(text: str, name: str = "profile.yaml") -> Profile:
    return Profile.of(parse_yaml(text, name=name))


def mistakes(text: str, name: str = "profile.yaml") -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        read(text, name)
    return [str(problem) for problem in caught.value.problems]


# What a profile says


def test_a_profile_holds_what_its_file_says_of_the_children() -> None:
    assert (tiny.name, tiny.says, tiny.year) == ("tiny", "As little as a profile can say.", 2024)
    assert tiny.sources["d3"].table == "D3"
    assert tiny.opened_per_month == 10
    assert tiny.child.ages == (Band(0, 5, 0.3), Band(5, 18, 0.7))
    assert tiny.child.categories == {"neglect": 0.75, "multiple": 0.25}
    assert tiny.child.siblings == {1: 0.5, 2: 0.5}
    assert (tiny.child.unborn, tiny.child.earlier_plan, tiny.child.birth_recorded) == (
        0.1,
        0.247,
        1,
    )


def test_a_happening_holds_when_it_comes_and_what_it_says() -> None:
    ends, goes_on = tiny.happenings["ends"], tiny.happenings["goes-on"]
    assert (ends.event, ends.when) == ("review-conference-decided", {"plan_continues": False})
    assert (ends.states, ends.chance, ends.days) == (("review",), (0.1, 0.5), Days())
    assert ends.follows == goes_on.follows == Trigger(event="review-conference-opened")
    assert (ends.otherwise, goes_on.otherwise, goes_on.chance) == ("", "ends", (1.0,))
    assert tiny.happenings["moves"].each_month == 0.01
    assert tiny.happenings["fails"].instead_of == "visit-made"
    assert tiny.happenings["fails"].states == ("outline", "detailed", "active", "escalated")
    assert tiny.happenings["seen-again"].days == Days(2, 9)
    assert tiny.happenings["seen-again"].follows == Trigger(
        event="visit-failed", takes="failed-visits-open"
    )
    assert tiny.happenings["begins"].follows == Trigger(enters=("before-plan",))
    grown_up = tiny.happenings["grown-up"]
    assert (grown_up.at_age, grown_up.days, grown_up.unless_duty) == (18, Days(mean=4), True)


def test_a_happening_comes_on_the_plan_unless_it_says_where() -> None:
    assert tiny.happenings["moves"].states == (
        "outline",
        "detailed",
        "active",
        "escalated",
        "review",
    )


def test_happenings_stand_in_the_order_of_their_file() -> None:
    assert list(tiny.happenings)[:3] == ["ends", "goes-on", "moves"]


def test_a_profile_holds_contents_attempts_preparation_and_the_team() -> None:
    not_alone, no_bedroom = tiny.contents["visit-made"]
    assert not_alone.with_ == {"seen_alone": False, "present": ("child", "parents")}
    assert no_bedroom == Content(0.6, {"bedroom_seen": False})
    assert tiny.attempts == Attempts(too_early=0.1, left_out=0.2, at_random=0.5, ending=0.25)
    assert tiny.preparation == Days(1, 3)
    assert (tiny.team.visits_per_day, tiny.team.meetings_per_day, tiny.team.absent) == (3, 1.5, 0.1)
    assert tiny.team.first is First.NEWEST
    assert (tiny.team.takes_a_visit, tiny.team.takes_a_meeting) == (
        ("visit-made",),
        ("core-group-held",),
    )


def test_punctuality_is_the_duty_s_own_else_its_topic_s_else_that_of_others() -> None:
    others = Punctual(on_time=0.8, share_of_time=0.5, days_late=5, never=0.1, unstated_days=7)
    assert tiny.punctual("visit", "visits") == others
    review = tiny.punctual("later-review", "review")
    assert (review.on_time, review.never, review.days_late) == (0.9, 0.1, 5)
    first = tiny.punctual("first-review", "review")
    assert (first.on_time, first.never) == (0.9, 0)
    assert tiny.punctual("first-review", "visits").on_time == 0.8


# Figures


def test_every_figure_says_what_it_stands_on() -> None:
    figures = tiny.figures()
    assert figures["child.earlier-plan"].origin is Basis.PUBLISHED
    assert (figures["child.earlier-plan"].source, figures["child.earlier-plan"].says) == (
        "d3",
        "counted",
    )
    assert figures["happenings.ends.chance.1"].value == 0.5
    assert figures["happenings.ends.chance.1"].origin is Basis.FITTED
    assert figures["happenings.ends.chance.1"].says == "table D7"
    assert figures["happenings.grown-up.days.mean"].value == 4
    assert figures["punctuality.topics.review.on-time"].value == 0.9
    assert figures["child.ages.0"].value == 0.7
    assert figures["contents.visit-made.1.share"].value == 0.6


def test_a_figure_can_be_set_and_nothing_else_changes() -> None:
    changed = tiny.with_figures({"happenings.ends.chance.1": 0.6, "happenings.fails.chance.0": 0.3})
    assert changed.happenings["ends"].chance == (0.1, 0.6)
    assert changed.happenings["fails"].chance == (0.3,)
    assert tiny.happenings["ends"].chance == (0.1, 0.5)
    before, after = tiny.figures(), changed.figures()
    assert {path for path in before if before[path] != after[path]} == {
        "happenings.ends.chance.1",
        "happenings.fails.chance.0",
    }


def test_a_figure_that_is_set_says_so_and_a_fitted_one_stays_fitted() -> None:
    changed = tiny.with_figures({"child.unborn": 0.2, "happenings.moves.each-month": 0.02})
    again = changed.with_figures({"child.earlier-plan": 0.3}).figures()
    assert again["child.unborn"].origin is Basis.SET
    assert again["child.earlier-plan"].origin is Basis.SET
    assert again["happenings.moves.each-month"].origin is Basis.FITTED


@pytest.mark.parametrize("name", ["england-2024", "trial"])
def test_setting_every_figure_to_what_it_is_changes_nothing(name: str) -> None:
    profile = load_profile(name)
    same = profile.with_figures({path: one.value for path, one in profile.figures().items()})
    assert same == profile
    assert same.figures() == profile.figures()


@pytest.mark.parametrize("path", sorted(tiny.figures()))
def test_every_figure_can_be_set_where_it_stands(path: str) -> None:
    figure = tiny.figures()[path]
    shares = ("child.ages.", "child.categories.", "child.siblings.")
    value = figure.value + (1 if "days.least" in path or path == "preparation.least" else 1e-7)
    if path.startswith(shares) or value <= 1 or "least" in path:
        assert tiny.with_figures({path: value}).figures()[path].value == value
    else:
        whole = path.endswith(("least", "most"))
        less = figure.value - (1 if whole else 0.01)
        assert tiny.with_figures({path: less}).figures()[path].value == less


def test_what_depends_on_a_time_in_whole_days_stays_whole() -> None:
    assert tiny.with_figures({"preparation.most": 7.0}).preparation == Days(1, 7)
    with pytest.raises(InvalidFileError, match="is not a whole number"):
        tiny.with_figures({"preparation.most": 2.5})


@pytest.mark.parametrize("value", [1.2, -0.1, math.nan, math.inf])
def test_a_figure_can_t_be_set_to_what_a_file_could_not_say(value: float) -> None:
    with pytest.raises(InvalidFileError) as caught:
        tiny.with_figures({"child.unborn": value})
    [problem] = caught.value.problems
    assert (problem.place.line, problem.message) == (11, f"{value} is not a share, from 0 to 1")


def test_a_time_can_t_be_set_to_no_end() -> None:
    with pytest.raises(InvalidFileError, match="not a whole number"):
        tiny.with_figures({"preparation.most": math.inf})


def test_a_figure_that_there_is_not_is_told_with_the_near_miss() -> None:
    with pytest.raises(UnknownFigureError, match=r"'child.unbron': did you mean child.unborn\?"):
        tiny.with_figures({"child.unbron": 0.1})


# Being the same


def test_comments_make_no_difference_and_figures_and_order_do() -> None:
    assert read("# A remark.\n" + TEXT).digest == tiny.digest
    assert read(TEXT.replace("{value: 0.01,", "{value: 0.011,")).digest != tiny.digest
    moves = TEXT[TEXT.index("  moves:") : TEXT.index("  fails:")]
    moved = TEXT.replace(moves, "").replace("  begins:", f"{moves}  begins:")
    assert read(moved).digest != tiny.digest


def test_a_profile_goes_to_another_process_whole() -> None:
    copied = pickle.loads(pickle.dumps(tiny))
    assert copied == tiny
    assert hash(copied) == hash(tiny)
    assert copied.with_figures({"child.unborn": 0.2}) == tiny.with_figures({"child.unborn": 0.2})
    assert copied != "tiny"


# Finding profiles


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


# The shipped profiles


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


# Profiles and procedures


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


# Mistakes


@pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
def test_a_mistake_is_told_with_its_place_and_the_way_out(file: Path) -> None:
    case = read_yaml(file).data
    assert case["find"] in TEXT
    spoilt = TEXT.replace(case["find"], case["put"], 1)
    assert mistakes(spoilt, f"{file.stem}.yaml") == case["problems"]


def test_every_mistake_is_told_at_once() -> None:
    text = TEXT.replace("unborn: {value: 0.1,", "unborn: {value: 2,")
    text = text.replace("source: d3,", "source: d4,").replace("in: [live]", "in: [alive]")
    text = text.replace("  visit-made:\n", "  visit-mad:\n").replace("first: newest", "first: me")
    assert [line.split(": ")[0] for line in mistakes(text)] == [
        "profile.yaml:11:12",
        "profile.yaml:14:32",
        "profile.yaml:52:10",
        "profile.yaml:74:3",
        "profile.yaml:87:3",
    ]


def paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the path to every value inside another."""
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    found = [(*path, key) for key, _ in inner]
    return found + [one for key, item in inner for one in paths(item, (*path, key))]


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([0, 1, 18, 2**70])
    | st.floats()
    | st.dates()
    | st.text(max_size=5)
    | st.sampled_from(["live", "visit-made", "visit-interval-changed", "ends", "plan", "d3", "on"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3)
            | st.sampled_from(
                ["value", "assumed", "event", "enters", "visit_interval", "plan.aims"]
            ),
            inner,
            max_size=3,
        )
    ),
    max_leaves=5,
)


def told(data: Any) -> tuple[Profile | None, tuple[Problem, ...]]:
    """Return the profile in plain data, or the problems with it."""
    try:
        return Profile.of(Document("mangled.yaml", data)), ()
    except InvalidFileError as error:
        return None, error.problems


@given(st.sampled_from(paths(tiny.document.data)), PLAIN)
def test_a_profile_with_anything_in_any_place_is_read_or_refused(
    path: tuple[str | int, ...], value: Any
) -> None:
    data = copy.deepcopy(tiny.document.data)
    inner = data
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    found, problems = told(data)
    assert (found is None) == bool(problems)
    assert all(problem.message for problem in problems)
    if found is not None:
        assert all(math.isfinite(figure.value) for figure in found.figures().values())
        assert len(found.digest) == 64


@given(
    st.integers(0, len(TEXT)),
    st.integers(0, 40),
    st.text("{}[]:,'\"#&*!|>-. \n\tab10e", max_size=8),
)
def test_a_text_with_a_piece_put_for_another_is_read_or_refused(
    start: int, length: int, piece: str
) -> None:
    try:
        document = parse_yaml(TEXT[:start] + piece + TEXT[start + length :])
    except InvalidFileError:
        return
    found, problems = told(document.data)
    assert (found is None) == bool(problems)


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("profile: ", 1),
        ("year: ", 3),
        ("table: D3, year: ", 5),
        ("unborn: {value: ", 11),
        ("from: ", 9),
        ("at-age: ", 65),
        ("{least: ", 61),
        ("bedroom_seen: ", 76),
        ("when: {agency: ", 51),
        ("first: ", 87),
    ],
)
def test_a_number_of_thousands_of_digits_is_refused_where_it_stands(place: str, line: int) -> None:
    head, _, tail = TEXT.partition(place)
    rest = tail[re.search(r"[,}\n]", tail).start() :]  # type: ignore[union-attr]  # in every line
    [told] = mistakes(f"{head}{place}0x{'f' * 5000}{rest}")
    assert told.startswith(f"profile.yaml:{line}:")
    assert len(told) < 200
