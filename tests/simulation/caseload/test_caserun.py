# mypy: disable-error-code="no-untyped-call"
"""A run of cases adds up: however it is cut, with a compiler or not, and to known figures."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections import Counter
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan.states import BEFORE_PLAN
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.caserun import CaseError, Runner
from cpplan_sim.caseload.compiled import SWITCH
from cpplan_sim.caseload.replaying import simulated_case
from cpplan_sim.caseload.summaries import Summary
from tests.simulation.caseload.engines import PROFILES, changed, figured, profile, runner, tables

CASES = 24

OUTCOMES = [k.U_MET, k.U_LATE, k.U_MISSED, k.U_LAPSED, k.U_UNDECIDABLE, k.U_OPEN, k.U_OVERDUE]

STILL = (("attempts.at-random", 0.0), ("attempts.left-out", 0.0), ("attempts.too-early", 0.0))
"""Figures under which nobody tries what is not allowed."""


@cache
def summary(named: str = "trial", cases: int = CASES) -> Summary:
    return runner(named=named).run(0, cases)


# However it is cut


@given(st.lists(st.integers(0, CASES), max_size=4))
@settings(max_examples=3, deadline=None)
def test_the_figures_are_the_same_whatever_the_cut(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), CASES]
    run = runner()
    parts = [run.run(first, last) for first, last in itertools.pairwise(places)]
    assert Summary.total(parts) == summary()


def test_a_case_is_counted_alike_alone_and_after_another() -> None:
    run = runner()
    both, rows = run.run_with_rows(10, 14, 4)
    for place, number in enumerate(range(10, 14)):
        alone, row = run.run_with_rows(number, number + 1, 1)
        assert (rows[place] == row[0]).all()
        assert (alone.counts["sums"] == row[0]).all()
    assert (both.counts["sums"] == rows.sum(axis=0)).all()
    assert (both.counts["squares"] == (rows * rows).sum(axis=0)).all()


def test_no_cases_count_nothing() -> None:
    empty = runner().run(5, 5)
    assert all(not counts.any() for counts in empty.counts.values())
    assert empty.merge(summary()) == summary()


def test_another_seed_gives_other_figures() -> None:
    assert runner(seed=1).run(0, 10) != runner(seed=2).run(0, 10)


IN_FULL = """
import sys
from cpplan_sim.caseload.compiled import is_compiled
from tests.simulation.caseload.engines import runner
print(is_compiled())
for named in ("trial", "england-2024"):
    run = runner("composite", named, seed=2**63 + 5)
    summary, rows = run.run_with_rows(10**9, 10**9 + 300, 300)
    sys.stdout.write(summary.to_bytes().hex() + rows.tobytes().hex() + "\\n")
    life = run.run_one(10**9 + 17)
    print(sum(place * int(number) for place, number in enumerate(life)))
"""


def figures_of(switch: str) -> list[str]:
    environment = {**os.environ, SWITCH: switch, "PYTHONPATH": os.pathsep.join(["", *sys.path])}
    made = subprocess.run(
        [sys.executable, "-c", IN_FULL],
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return made.stdout.splitlines()


@pytest.mark.slow
def test_the_figures_are_the_same_to_the_last_bit_with_a_compiler_and_without() -> None:
    pytest.importorskip("numba")
    plain, fast = figures_of("0"), figures_of("1")
    assert (plain[0], fast[0]) == ("False", "True")
    assert len(plain) == 5
    assert plain[1:] == fast[1:]


# What adds up


@pytest.mark.parametrize("named", PROFILES)
def test_what_was_opened_is_met_missed_lapsed_or_open(named: str) -> None:
    duties = summary(named).counts["duties"]
    assert (duties[:, k.U_OPENED] == duties[:, OUTCOMES].sum(axis=1)).all()
    assert duties[:, k.U_OPENED].sum() > 5 * CASES


@pytest.mark.parametrize("named", PROFILES)
def test_lateness_counts_what_was_late_and_clusters_what_was_decided(named: str) -> None:
    counts = summary(named).counts
    duties = counts["duties"]
    assert (counts["lateness"].sum(axis=1) == duties[:, k.U_LATE]).all()
    assert not counts["lateness"][:, 0].any()
    decided = duties[:, [k.U_MET, k.U_LATE, k.U_MISSED]].sum(axis=1)
    assert (counts["clusters"][:, k.Q_DECIDED] == decided).all()
    assert (counts["clusters"][:, k.Q_KEPT] == duties[:, k.U_MET]).all()
    assert counts["sums"][k.LATE] == duties[:, k.U_LATE].sum()
    assert counts["sums"][k.MISSED] == duties[:, k.U_MISSED].sum()


@pytest.mark.parametrize("named", PROFILES)
def test_days_in_states_are_the_days_of_the_plans(named: str) -> None:
    counts, states = summary(named).counts, tables("standards", named).states
    before = states.index(BEFORE_PLAN)
    days = np.delete(counts["state_days"], before)
    assert days.sum() == counts["sums"][k.PLAN_DAYS] > 0
    assert counts["state_days"][before] > 0


@pytest.mark.parametrize("named", PROFILES)
def test_every_plan_is_counted_once_in_years_endings_and_lengths(named: str) -> None:
    counts = summary(named).counts
    cases, plans = counts["cases"]
    assert cases == CASES
    assert plans == counts["endings"].sum() == counts["lengths"].sum() == counts["started"].sum()
    assert (counts["endings"] == counts["lengths"].sum(axis=1)).all()
    assert (counts["categories"].sum(axis=1) == counts["started"]).all()
    assert (counts["ended_bands"].sum(axis=1) == counts["ended"]).all()
    assert (counts["open_bands"].sum(axis=1) == counts["open"]).all()
    assert counts["ended"].sum() == counts["endings"][:-1].sum()
    assert counts["open"][-1] == counts["endings"][-1]
    assert counts["open"][-1] == plans - counts["ended"].sum()
    assert (counts["second"] <= counts["started"]).all()


def test_what_is_recorded_and_refused_is_what_the_cases_tell() -> None:
    run, number = runner(), 12
    counts, made = run.run(0, number).counts, tables()
    told = [simulated_case(run, one) for one in range(number)]
    moments = [moment for case in told for moment in case.moments]
    kinds = Counter(moment.event.kind for moment in moments if moment.edge is not None)
    codes = Counter(code for moment in moments for code in moment.codes)
    edges = Counter(moment.edge for moment in moments if moment.edge is not None)
    assert Counter(dict(zip(made.kinds, counts["events"].tolist(), strict=True))) == kinds
    assert Counter(dict(zip(made.codes, counts["refused"].tolist(), strict=True))) == codes
    assert Counter(dict(enumerate(counts["edges"].tolist()))) == edges
    assert counts["sums"][k.RECORDED] == kinds.total()
    assert counts["sums"][k.REFUSED] == sum(moment.edge is None for moment in moments)
    outcomes = Counter(owed.duty for case in told for owed in case.owed)
    opened = counts["duties"][:, k.U_OPENED].tolist()
    assert Counter(dict(zip(made.duties, opened, strict=True))) == outcomes


# Known figures


def near(found: int, of: int, share: float) -> bool:
    """Return whether a count is within four and a half standard errors of a known share."""
    return bool(abs(found - of * share) < 4.5 * (of * share * (1 - share)) ** 0.5 + 1)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.2, 0.7])
def test_a_plan_is_made_as_often_as_the_profile_says(share: float) -> None:
    """Where no conference is said to begin again: that asks for the decision that closes it."""
    once = ("happenings.conference-opened-again.chance.0", 0.0)
    made = figured("standards", "trial", (*STILL, once, ("happenings.plan-made.chance.0", share)))
    counts = Runner(made, 3).run(0, 400).counts["edges"]
    edges = {edge.rule.id: edge.number for edge in made.procedure.edges}
    plans, none = (int(counts[edges[rule]]) for rule in ("plan-made", "no-plan-made"))
    assert plans + none > 300
    assert near(plans, plans + none, share)


def share_late(duties: npt.NDArray[np.int64]) -> float:
    """Return which share of what was done was done late."""
    late, met = duties[:, k.U_LATE].sum(), duties[:, k.U_MET].sum()
    return float(late / (late + met))


def test_what_never_is_late_is_never_late() -> None:
    """What the procedure does not let be done in time still comes late, which is seldom."""
    paths = (path for path in profile("trial").figures() if path.startswith("punctuality."))
    none = dict.fromkeys((path for path in paths if path.endswith(".never")), 0.0)
    figures = (*STILL, *none.items(), ("punctuality.others.on-time", 1.0))
    duties = Runner(figured("standards", "trial", figures), 1).run(0, CASES).counts["duties"]
    usual = summary().counts["duties"]
    assert share_late(duties) < share_late(usual) / 4


def test_cases_open_evenly_over_the_days_of_the_run() -> None:
    """Evenly spread between 0 and 1, a number has a standard deviation of 0.29."""
    run, span = runner(), tables().span
    opened = np.array([(simulated_case(run, n).opened - span.opens).days for n in range(40)])
    assert opened.min() >= 0
    assert abs(opened.mean() / (span.closes - span.opens).days - 0.5) < 4.5 * 0.29 / 40**0.5


def test_refusals_stop_where_nobody_tries() -> None:
    counts = Runner(figured("standards", "trial", STILL), 1).run(0, 20).counts
    assert counts["refused"].sum() == counts["sums"][k.REFUSED] == 0
    assert summary(cases=20).counts["refused"].sum() > 20


# A case that can't be run


def test_a_case_that_has_no_room_is_named_with_the_reason() -> None:
    made = tables()
    full = changed(made, {c.H_OBLIGATIONS_END: int(made.law[c.H_OBLIGATIONS])})
    with pytest.raises(CaseError, match=r"case \d+ could not be run: more happened in it than"):
        Runner(full, 1).run(0, 20)
