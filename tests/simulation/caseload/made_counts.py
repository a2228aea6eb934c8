"""Made-up counts of a run: consistent, plausible and quickly made, in the shapes that a run has."""

import datetime as dt
from functools import cache

import attrs
import numpy as np
import numpy.typing as npt

from cpplan import Procedure, load
from cpplan.refusals import NOT_IN_THIS_STATE, PLAN_ENDED
from cpplan.states import ESCALATED, is_ended
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.findings import Results
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.results import results_of
from cpplan_sim.caseload.summaries import Summary

Longs = npt.NDArray[np.int64]

SPAN = Span(dt.date(2021, 4, 1), dt.date(2023, 9, 30))
YEARS = 3
CASES = 400


@attrs.frozen
class MadeNames:
    """Names in the order of the counts."""

    states: tuple[str, ...]
    codes: tuple[str, ...]
    duties: tuple[str, ...]


@attrs.frozen
class Run:
    """A run made up.

    Attributes:
        counts: by name.
        rows: what each case has, in the columns of ``SUMS``.
        owed: by duty and case, how many were decided, and how many of them kept.
    """

    counts: dict[str, Longs]
    rows: Longs
    owed: Longs


@cache
def procedure(name: str = "standards") -> Procedure:
    return load(name)


@cache
def profile() -> Profile:
    return load_profile("england-2024")


def names(of: Procedure) -> MadeNames:
    codes = [PLAN_ENDED, NOT_IN_THIS_STATE, *(n.code for r in of.rules.values() for n in r.needs)]
    return MadeNames(of.states, tuple(dict.fromkeys(codes)), tuple(of.duties))


def made(of: Procedure, seed: int = 1, cases: int = CASES, more_visits: int = 0) -> Run:
    """Return a run whose cases are drawn; the same seed draws the same, but for visits."""
    draw = np.random.default_rng(seed)
    known = names(of)
    plans = draw.random(cases) < 0.9
    rows = draw.integers(0, 30, (cases, k.SUMMED))
    rows[:, k.VISITS] += more_visits * (np.arange(cases) % 2)
    for column in (k.PLAN_DAYS, k.LONGEST_GAP, k.DAYS_TO_EFFECT):
        rows[:, column] *= plans
    owed = _owed(draw, len(known.duties), cases)
    counts = {
        "cases": np.array([cases, plans.sum()]),
        "events": np.zeros(3, dtype=np.int64),
        "edges": _edges(of),
        "refused": np.arange(len(known.codes)),
        "duties": _duties(owed),
        "lateness": _lateness(owed),
        "clusters": _clusters(owed),
        "state_days": np.arange(len(known.states)) * 100,
        "reviewed": np.array([100, 93]),
        "monthly": np.zeros((12 * 30, 3), dtype=np.int64),
        "sums": rows.sum(axis=0),
        "squares": (rows**2).sum(axis=0),
        **_by_year(),
        **_lengths(draw, known.states, int(plans.sum())),
    }
    first = (SPAN.opens.year - SPAN.base.year) * 12 + SPAN.opens.month - 1
    counts["monthly"][first : first + 30] = np.arange(90).reshape(30, 3)
    return Run({name: one.astype(np.int64) for name, one in counts.items()}, rows, owed)


def _owed(draw: np.random.Generator, duties: int, cases: int) -> Longs:
    decided = draw.integers(0, 12, (duties, cases))
    reliable = draw.beta(5, 1, (1, cases))
    return np.stack([decided, draw.binomial(decided, reliable)], axis=-1)


def _duties(owed: Longs) -> Longs:
    table = np.zeros((len(owed), k.U_WIDTH), dtype=np.int64)
    decided, kept = owed.sum(axis=1).T
    table[:, k.U_MET] = kept
    table[:, k.U_LATE] = (decided - kept) // 2
    table[:, k.U_MISSED] = decided - kept - table[:, k.U_LATE]
    table[:, k.U_LAPSED], table[:, k.U_UNDECIDABLE] = 7, 3
    table[:, k.U_OPEN], table[:, k.U_OVERDUE] = 5, 2
    table[:, k.U_OPENED] = decided + 17
    return table


def _lateness(owed: Longs) -> Longs:
    table = np.zeros((len(owed), k.LATEST + 1), dtype=np.int64)
    decided, kept = owed.sum(axis=1).T
    table[:, 3] = (decided - kept) // 2
    return table


def _clusters(owed: Longs) -> Longs:
    decided, kept = owed[..., 0], owed[..., 1]
    table = np.zeros((len(owed), k.Q_WIDTH), dtype=np.int64)
    table[:, k.Q_KEPT_2] = (kept**2).sum(axis=1)
    table[:, k.Q_DECIDED_2] = (decided**2).sum(axis=1)
    table[:, k.Q_BOTH] = (kept * decided).sum(axis=1)
    table[:, k.Q_KEPT] = kept.sum(axis=1)
    table[:, k.Q_DECIDED] = decided.sum(axis=1)
    return table


def _edges(of: Procedure) -> Longs:
    return np.array([10 if ESCALATED in (edge.source, edge.target) else 3 for edge in of.edges])


def _by_year() -> dict[str, Longs]:
    bands = np.arange(YEARS * k.BANDS).reshape(YEARS, k.BANDS)
    return {
        "started": np.array([150, 140, 70]),
        "second": np.array([30, 31, 15]),
        "ended": bands.sum(axis=1),
        "open": bands.sum(axis=1) + k.BANDS,
        "ended_bands": bands,
        "open_bands": bands + 1,
    }


def _lengths(draw: np.random.Generator, states: tuple[str, ...], plans: int) -> dict[str, Longs]:
    """Return plans by ending and week: a third still open, or all where none can end."""
    endings = [number for number, state in enumerate(states) if is_ended(state)]
    lengths = np.zeros((len(states) + 1, k.WEEKS), dtype=np.int64)
    ended = plans * 2 // 3 if endings else 0
    ways = draw.choice(endings, ended) if endings else np.zeros(0, dtype=np.int64)
    np.add.at(lengths, (ways, draw.integers(5, 100, ended)), 1)
    np.add.at(lengths[-1], draw.integers(0, 60, plans - ended), 1)
    return {"lengths": lengths, "endings": lengths.sum(axis=1)}


def nothing(of: Procedure) -> Run:
    """Return the counts of a run that was stopped before its first case was run."""
    run = made(of)
    counts = {name: np.zeros_like(one) for name, one in run.counts.items()}
    return Run(counts, run.rows[:0], run.owed[:, :0])


def results(run: Run, of: Procedure, asked: int | None = None) -> Results:
    cases = int(run.counts["cases"][0]) if asked is None else asked
    return results_of(Summary(run.counts), names(of), of, profile(), SPAN, 7, cases)


@cache
def whole(name: str = "standards") -> Results:
    """Return what a whole run under a shipped procedure comes to."""
    return results(made(procedure(name)), procedure(name))
