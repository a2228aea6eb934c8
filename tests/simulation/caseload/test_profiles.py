"""Behaviour profiles: what they say, and where it comes from."""

from __future__ import annotations

import math
import pickle

import pytest

from cpplan import InvalidFileError
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
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.profiles import UnknownFigureError
from tests.simulation.caseload.profiling import (
    TEXT,
    read,
    tiny,
)


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
