"""Results: every count is told under its own name, with its clause, strength and interval."""

import datetime as dt

import attrs
import numpy as np
import pytest
from scipy import stats

from cpplan import refusals
from cpplan.clauses import Strength
from cpplan.states import BEFORE_PLAN, ESCALATED, is_ended
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.findings import QUANTILES, Results
from cpplan_sim.caseload.intervals import wilson
from cpplan_sim.caseload.refused import MACHINERY
from cpplan_sim.caseload.results import CountsError, quantiles, results_of
from cpplan_sim.caseload.summaries import Summary
from tests.simulation.caseload.made_counts import (
    CASES,
    SPAN,
    Run,
    made,
    names,
    nothing,
    procedure,
    profile,
    results,
    whole,
)


def run() -> Run:
    return made(procedure())


def test_a_run_is_told_with_what_it_was_run_on() -> None:
    found = whole()
    assert (found.label, found.profile, found.seed) == ("standards", "england-2024", 7)
    assert (found.opens, found.closes) == (SPAN.opens, SPAN.closes)
    assert (found.cases, found.asked, found.partial) == (CASES, CASES, False)
    assert results(run(), procedure(), asked=CASES + 1).partial


def test_a_duty_is_told_with_its_clauses_and_strength_and_each_count() -> None:
    number = names(procedure()).duties.index("first-review")
    found, counts = whole().duties[number], run().counts["duties"][number]
    duty = procedure().duties["first-review"]
    assert (found.id, found.says, found.topic) == (duty.id, duty.says, duty.topic)
    assert (found.strength, found.clauses) == (Strength.MUST, duty.cites)
    told = (
        found.opened,
        found.on_time,
        found.late,
        found.missed,
        found.lapsed,
        found.undecidable,
        found.open,
        found.overdue,
    )
    assert told == tuple(counts.tolist())
    assert found.decided == found.on_time + found.late + found.missed


def test_every_duty_of_the_procedure_is_there() -> None:
    assert [duty.id for duty in whole().duties] == list(procedure().duties)


def test_the_share_on_time_allows_for_clusters_within_cases() -> None:
    for number, duty in enumerate(whole().duties):
        decided, kept = run().owed[number].T
        share = kept.sum() / decided.sum()
        without = (kept.sum() - kept) / (decided.sum() - decided)
        jackknife = np.sqrt((CASES - 1) / CASES * np.sum((without - without.mean()) ** 2))
        plain = wilson(int(kept.sum()), int(decided.sum()))
        assert duty.share is not None
        assert plain is not None
        assert duty.share.value == pytest.approx(share)
        assert duty.share.error == pytest.approx(jackknife, rel=0.02)
        assert duty.share.error > plain.error


def test_a_duty_without_a_figure_or_with_one_not_chosen_is_not_timed() -> None:
    untimed = {duty.id for duty in whole().duties if not duty.timed}
    assert untimed == {
        "sign-plan",
        "act-on-non-compliance",
        "review-after-non-compliance",
        "audit-conference-record",
        "audit-letter",
    }


def test_days_late_are_the_fewest_that_each_part_is_within() -> None:
    by_days = np.zeros(k.LATEST + 1, dtype=np.int64)
    by_days[[1, 2, 40]] = 50, 40, 9
    by_days[k.LATEST] = 1
    late = np.repeat(np.arange(k.LATEST + 1), by_days)
    expected = np.quantile(late, QUANTILES, method="inverted_cdf")
    assert quantiles(by_days) == tuple(expected) == (1, 2, 40)
    assert quantiles(np.zeros(k.LATEST + 1, dtype=np.int64)) == ()


def test_the_last_day_told_apart_stands_for_more() -> None:
    changed = run()
    changed.counts["lateness"][0] = 0
    changed.counts["lateness"][0, [2, k.LATEST]] = 10, 10
    assert results(changed, procedure()).duties[0].late_days_told == (
        "2",
        "91 or more",
        "91 or more",
    )


def test_endings_are_told_by_route_and_come_to_all_that_ended() -> None:
    found, counts = whole(), run().counts["endings"]
    assert [one.state for one in found.endings] == [s for s in procedure().states if is_ended(s)]
    ended = sum(one.plans for one in found.endings)
    assert ended == counts[:-1].sum()
    assert found.ended == wilson(ended, found.plans)
    assert found.endings[0].share == wilson(found.endings[0].plans, ended)
    assert sum(one.share.value for one in found.endings if one.share) == pytest.approx(1)


def test_years_have_their_last_day_and_every_band() -> None:
    found, counts = whole(), run().counts
    assert [year.until for year in found.years] == [
        dt.date(2022, 3, 31),
        dt.date(2023, 3, 31),
        SPAN.closes,
    ]
    last = found.years[-1]
    assert (last.started, last.second) == (70, 15)
    assert last.ended_bands == tuple(counts["ended_bands"][-1])
    assert last.open_bands == tuple(counts["open_bands"][-1])
    assert (last.ended, last.open) == (sum(last.ended_bands), sum(last.open_bands))


def test_survival_takes_open_plans_for_censored_and_the_last_bin_for_longer() -> None:
    changed = run()
    lengths = changed.counts["lengths"]
    lengths[-1, -1] = 4
    found = results(changed, procedure()).survival
    ended = np.repeat(np.arange(k.WEEKS), lengths[:-1].sum(axis=0))
    still = np.repeat(np.arange(k.WEEKS), lengths[-1])
    curve = stats.ecdf(stats.CensoredData(uncensored=ended, right=still)).sf
    assert found[-1].week == k.WEEKS - 1
    assert found[-1].at_risk == 4
    for week in (1, 13, 52, 100, 200):
        assert found[week].share.value == pytest.approx(float(curve.evaluate([week - 1])[0]))


def test_half_of_plans_have_ended_by_the_week_that_is_told() -> None:
    found = whole()
    weeks = found.median_weeks()
    assert weeks is not None
    assert found.survival[weeks].share.value <= 0.5 < found.survival[weeks - 1].share.value
    assert whole("lead-social-worker").median_weeks() is None


def test_time_in_a_state_is_told_by_case_and_by_stay() -> None:
    found = {one.state: one for one in whole().states}
    assert not any(is_ended(state) for state in found)
    escalated = found[ESCALATED]
    number = procedure().states.index(ESCALATED)
    entering = [edge for edge in procedure().edges if edge.target == ESCALATED != edge.source]
    assert escalated.stays == 10 * len(entering) > 0
    assert escalated.days == 100 * number
    assert escalated.per_case == pytest.approx(100 * number / CASES)
    assert escalated.per_stay == pytest.approx(100 * number / escalated.stays)
    assert found[BEFORE_PLAN].stays == CASES


def test_escalations_are_told_with_their_rules_and_exits() -> None:
    found = whole().escalations
    crossing = {
        (edge.target == ESCALATED, edge.rule.id)
        for edge in procedure().edges
        if edge.source != edge.target and ESCALATED in (edge.source, edge.target)
    }
    assert {(one.into, one.rule) for one in found} == crossing
    assert [one.into for one in found] == sorted((one.into for one in found), reverse=True)
    resolved = next(one for one in found if one.rule == "non-compliance-resolved")
    rule = procedure().rules["non-compliance-resolved"]
    assert (resolved.says, resolved.clauses, resolved.times) == (rule.says, rule.cites, 10)


def test_what_never_happened_is_no_escalation() -> None:
    changed = run()
    changed.counts["edges"][:] = 0
    assert results(changed, procedure()).escalations == ()


def test_months_are_those_of_the_run() -> None:
    found = whole().months
    assert [found[0].month, found[-1].month] == [dt.date(2021, 4, 1), dt.date(2023, 9, 1)]
    assert (found[0].open, found[0].visits, found[0].meetings) == (0, 1, 2)
    assert (found[-1].open, found[-1].visits, found[-1].meetings) == (87, 88, 89)


def test_refusals_have_the_sentences_and_clauses_of_the_procedure() -> None:
    found = whole().refusals
    assert [one.times for one in found] == sorted((one.times for one in found), reverse=True)
    by_code = {one.code: one for one in found}
    known = names(procedure()).codes
    assert set(by_code) == set(known) - {known[0]}  # the first was given 0 times
    reviewed = by_code["review-not-held"]
    assert reviewed.says == (
        "Not done: a review conference has been held since the non-compliance was known.",
        "Not done: a review conference has been held since the change of risk was known.",
    )
    assert reviewed.clauses == ("standards/9b",)


def test_every_reason_that_no_clause_gives_has_a_sentence() -> None:
    given = {name: value for name, value in vars(refusals).items() if name.isupper()}
    codes = {value for value in given.values() if isinstance(value, str)}
    assert codes == set(MACHINERY)


def test_means_are_of_cases_or_of_plans() -> None:
    rows = run().rows
    found = {one.name: one for one in whole().means}
    assert list(found) == list(k.SUMS)
    visits, days = found["visits"], found["days on the plan"]
    assert (visits.per, days.per) == ("case", "plan")
    assert visits.mean is not None
    assert days.mean is not None
    assert visits.mean.value == pytest.approx(rows[:, k.VISITS].mean())
    assert visits.mean.error == pytest.approx(float(stats.sem(rows[:, k.VISITS])))
    plans = whole().plans
    assert days.mean.value == pytest.approx(rows[:, k.PLAN_DAYS].sum() / plans)
    assert (whole().total("visits"), whole().mean("visits")) == (visits.total, visits.mean)


def test_the_least_punctual_come_first_and_one_hardly_ever_owed_does_not() -> None:
    changed = run()
    rare = names(procedure()).duties.index("visit")
    changed.counts["duties"][rare] = 0
    changed.counts["duties"][rare, [k.U_OPENED, k.U_MET, k.U_LATE]] = 2, 1, 1
    changed.counts["clusters"][rare] = 0
    changed.counts["clusters"][rare] = 1, 4, 2, 1, 2
    found = results(changed, procedure()).least_punctual(Strength.MUST)
    assert {duty.strength for duty in found} == {Strength.MUST}
    assert [duty.share.high for duty in found if duty.share] == sorted(
        duty.share.high for duty in found if duty.share
    )
    shares = {duty.id: duty.share.value for duty in found if duty.share}
    assert min(shares, key=lambda duty: shares[duty]) == "visit" != found[0].id


def test_a_procedure_that_knows_no_ending_has_none() -> None:
    found = whole("lead-social-worker")
    assert found.endings == ()
    assert found.ended == wilson(0, found.plans)
    assert {one.share.value for one in found.survival} == {1}


def test_no_case_at_all_is_told_without_a_figure() -> None:
    found = results(nothing(procedure()), procedure(), asked=100)
    assert found.partial
    assert (found.ended, found.reviewed, found.survival) == (None, None, ())
    assert {duty.share for duty in found.duties} == {None}
    assert {one.mean for one in found.means} == {None}
    assert {one.per_case for one in found.states} == {0.0}


def test_results_are_values() -> None:
    assert whole() == results(run(), procedure())
    assert attrs.evolve(whole(), seed=8) != whole()
    assert isinstance(whole(), Results)


@pytest.mark.parametrize("name", ["duties", "refused", "endings", "edges", "ended_bands"])
def test_counts_of_other_names_are_refused(name: str) -> None:
    changed = run()
    changed.counts[name] = changed.counts[name][:-1]
    with pytest.raises(CountsError, match=f"{name}: .* lines are counted where .* are named"):
        results(changed, procedure())
    del changed.counts[name]
    with pytest.raises(CountsError, match=f"{name}: is not counted"):
        results(changed, procedure())


def test_counts_of_other_days_are_refused() -> None:
    shorter = Span(SPAN.opens, dt.date(2021, 9, 30))
    with pytest.raises(CountsError, match="ended_bands: 3 lines are counted where 1 are named"):
        results_of(
            Summary(run().counts), names(procedure()), procedure(), profile(), shorter, 7, CASES
        )
