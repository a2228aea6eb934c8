"""Wording: a run in words says what matters, in order, and tells noise as noise."""

import attrs
import numpy as np
import pytest

from cpplan.clauses import Strength
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.comparison import Comparison, Difference, comparison_of
from cpplan_sim.caseload.findings import Results
from cpplan_sim.caseload.intervals import Estimate, wilson
from cpplan_sim.caseload.staffing import StaffFinding
from cpplan_sim.caseload.wording import (
    SYNTHETIC,
    capacity_in_words,
    comparison_in_words,
    partly,
    summary_of,
    verdict,
)
from tests.simulation.caseload.made_counts import CASES, made, nothing, procedure, results, whole


def compared(label: str = "standards, more visits", more_visits: int = 3) -> Comparison:
    one, other = made(procedure()), made(procedure(), more_visits=more_visits)
    by = other.rows - one.rows
    second = attrs.evolve(results(other, procedure()), label=label)
    sums, squares = by.sum(axis=0), (by**2).sum(axis=0)
    return comparison_of(results(one, procedure()), second, sums, squares)


def with_shares(of: Results, **shares: float) -> Results:
    """Return results in which some duties have other shares on time, of 1,000 decided."""
    duties = []
    for duty in of.duties:
        share = shares.get(duty.id.replace("-", "_"), 1.0)
        on_time = round(1000 * share)
        changed = attrs.evolve(duty, on_time=on_time, late=1000 - on_time, missed=0)
        duties.append(attrs.evolve(changed, share=wilson(on_time, 1000), late_days=(2, 91, 91)))
    return attrs.evolve(of, duties=tuple(duties))


def difference(value: float, low: float, high: float, cases: int = 1000) -> Difference:
    by = Estimate(value, low, high)
    return Difference(name="visits", one=2.0, other=2.0 + value, by=by, cases=cases)


@pytest.mark.parametrize("name", ["standards", "lead-social-worker"])
def test_a_summary_has_5_to_12_sentences_that_end(name: str) -> None:
    found = summary_of(whole(name))
    assert 5 <= len(found) <= 12
    assert all(
        one.endswith(".") and one[0] in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" for one in found
    )


def test_a_summary_says_how_many_cases_over_which_days_and_that_none_is_real() -> None:
    first, second, *_ = summary_of(whole())
    assert first.startswith("400 synthetic cases were run under")
    assert "from 1 April 2021 to 30 September 2023" in first
    assert "profile england-2024" in first
    assert second == SYNTHETIC
    for told in ("no real child", "published tables", "nothing here is proved"):
        assert told in second


def test_a_summary_says_what_part_ended_and_how() -> None:
    found = whole()
    told = " ".join(summary_of(found))
    ended = sum(one.plans for one in found.endings)
    assert f"A plan began in {found.plans:,} of these cases; {ended / found.plans:.1%} (" in told
    most = max(found.endings, key=lambda one: one.plans)
    assert most.says in told
    assert f"Half of all plans end within {found.median_weeks()} weeks" in told


def test_a_silent_procedure_ends_no_plan_and_says_so() -> None:
    told = " ".join(summary_of(whole("lead-social-worker")))
    assert "the procedure says nothing of how a plan ends, so none did." in told
    assert "Half of all plans" not in told


def test_a_run_too_short_for_an_ending_says_so() -> None:
    told = " ".join(summary_of(attrs.evolve(whole(), ended=wilson(0, 10))))
    assert "none had ended by the last day" in told


def test_what_must_be_done_comes_before_what_should_and_the_worst_first() -> None:
    found = with_shares(whole(), visit=0.9, sign_plan=0.3, first_review=0.8, first_core_group=0.99)
    must, should = (one for one in summary_of(found) if "be done" in one)
    assert must == (
        "Of what must be done, least often on time: sign-plan, 30.0% (27.2% to 32.9%) ever done,"
        " half of the late ones within 2 days; first-review, 80.0% (77.4% to 82.4%) on time,"
        " half of the late ones within 2 days; visit, 90.0% (88.0% to 91.7%) on time,"
        " half of the late ones within 2 days."
    )
    assert should == "Whatever should be done was always on time."


def test_a_strength_that_nothing_was_owed_under_is_passed_over() -> None:
    duties = tuple(duty for duty in whole().duties if duty.strength is Strength.SHOULD)
    found = summary_of(attrs.evolve(whole(), duties=duties))
    assert not any("must be done" in one for one in found)


def test_the_three_commonest_refusals_are_named_with_what_they_say() -> None:
    found = whole()
    (told,) = (one for one in summary_of(found) if "refused" in one)
    assert f"The rules refused {found.total('refused attempts'):,} attempts" in told
    for one in found.refusals[:3]:
        assert f"{one.code} ({one.times:,} times: {one.says[0].rstrip('.')})" in told
    assert found.refusals[3].code not in told


def test_nobody_refused_is_said() -> None:
    run = made(procedure())
    run.counts["sums"][k.REFUSED] = 0
    assert "Nobody tried anything that the rules refuse." in summary_of(results(run, procedure()))


def test_a_run_that_was_stopped_says_so_first() -> None:
    found = results(made(procedure()), procedure(), asked=1_000_000)
    assert summary_of(found)[0] == partly(found)
    assert partly(found).startswith("Stopped early: 400 of 1,000,000 cases were run.")
    assert partly(whole()) == ""


def test_a_run_of_no_case_has_nothing_to_tell() -> None:
    found = summary_of(results(nothing(procedure()), procedure(), asked=100))
    assert found[-1] == "No case was run to its end, so there is nothing to tell."
    assert len(found) == 4


def test_a_comparison_tells_what_differs_and_which_way() -> None:
    found = compared()
    told = comparison_in_words(found)
    visits = found.means[k.VISITS]
    assert any(
        f"visits: 1.50 more (1.35 to 1.65), {visits.other:.1f} instead of" in one for one in told
    )
    assert SYNTHETIC in told
    assert (
        "The same 400 synthetic cases were run under standards and under standards, more visits"
        in told[0]
    )


def test_a_comparison_tells_less_with_its_ends_in_order() -> None:
    one, other = made(procedure(), more_visits=3), made(procedure())
    by = other.rows - one.rows
    found = comparison_of(
        results(one, procedure()),
        results(other, procedure()),
        by.sum(axis=0),
        (by**2).sum(axis=0),
    )
    assert any("visits: 1.50 less (1.35 to 1.65)" in one for one in comparison_in_words(found))


def test_a_comparison_tells_noise_as_noise_with_the_cases_that_would_show_it() -> None:
    one, other = made(procedure()), made(procedure())
    other.rows[:, k.MEETINGS] = np.random.default_rng(5).permutation(one.rows[:, k.MEETINGS])
    other.rows[0, k.MEETINGS] += 20
    other.counts["sums"] = other.rows.sum(axis=0)
    by = other.rows - one.rows
    found = comparison_of(
        results(one, procedure()),
        results(other, procedure()),
        by.sum(axis=0),
        (by**2).sum(axis=0),
    )
    told = " ".join(comparison_in_words(found))
    assert "No difference that this run could show, in anything that was compared." in told
    assert "No difference that this run could show in meetings (0.050 (-" in told
    assert "cases would show one of this size" in told
    assert "The same in every single case: days on the plan, visits," in told
    assert "in what is done on time of visit, sign-plan," in told
    assert "and 9 more." in told


def test_a_comparison_names_the_duties_that_only_one_has() -> None:
    found = attrs.evolve(compared(), only_one=("a", "b"), only_other=tuple("cdefgh"))
    told = comparison_in_words(found)
    assert "Duties that only standards has: a and b." in told
    assert "Duties that only standards, more visits has: c, d, e, f, g and 1 more." in told


def test_duties_that_differ_are_told_the_most_different_first() -> None:
    found = compared()
    changed = [
        attrs.evolve(one, by=Estimate(size / 100, size / 100 - 0.001, size / 100 + 0.001))
        for one, size in zip(found.duties, (1, -2, 3, -4, 5, 6, 7), strict=False)
    ]
    told = comparison_in_words(attrs.evolve(found, duties=tuple(changed)))
    (duties,) = (one for one in told if one.startswith("What is done on time under"))
    sizes = [part.partition(" points")[0].rpartition(" ")[2] for part in duties.split("; ")]
    assert sizes == ["+7.0", "+6.0", "+5.0", "-4.0", "+3.0"]
    assert duties.endswith("(2 more in the table).")


def test_a_comparison_of_stopped_runs_says_so_first() -> None:
    found = compared()
    stopped = attrs.evolve(found, other=attrs.evolve(found.other, asked=CASES + 1))
    assert comparison_in_words(stopped)[0].startswith("standards, more visits: Stopped early: ")


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (difference(0.5, 0.1, 0.9), "more"),
        (difference(-0.5, -0.9, -0.1), "less"),
        (difference(0.0, 0.0, 0.0), "the same in every case"),
        (
            difference(0.5, -0.1, 1.1),
            "no difference that this run could show; about 2,900 cases would show one of this size",
        ),
        (difference(0.0, -1, 1), "no difference that this run could show; equal on average"),
        (
            difference(0.000001, -1, 1),
            "no difference that this run could show; over 1,000,000,000 cases would be needed to"
            " show one of this size",
        ),
    ],
)
def test_a_difference_has_its_verdict(one: Difference, told: str) -> None:
    assert verdict(one) == told


def teams(*shares: float) -> list[StaffFinding]:
    found = []
    for staff, share in enumerate(shares, start=8):
        estimate = wilson(round(share * 10**6), 10**6)
        assert estimate is not None
        found.append(StaffFinding(staff=staff, share=estimate, days_late=2.0, backlog=3.0))
    return found


def test_a_capacity_curve_names_its_knee_or_says_that_it_has_none() -> None:
    bent = capacity_in_words(teams(0.5, 0.9, 0.95))
    assert bent[0].startswith("What is done on time turns on the number of social workers: with 8")
    assert bent[1].startswith("The knee is at 9, with 90.0%")
    assert capacity_in_words(teams(0.5, 0.6, 0.7))[1].startswith("No knee that this run could show")
    assert capacity_in_words([]) == ()
