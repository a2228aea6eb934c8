"""Results: from the counts of a run to figures with names, clauses, strengths and intervals.

Holds the reading of counts. It must not count; the rows that it fills are in
:mod:`cpplan_sim.caseload.findings`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import cached_property
from typing import Protocol

import attrs
import numpy as np
import numpy.typing as npt

from cpplan import Procedure
from cpplan.duties import Duty, Limit
from cpplan.rules import Edge
from cpplan.states import BEFORE_PLAN, ESCALATED, STATES, is_ended
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.findings import (
    QUANTILES,
    DutyFinding,
    EndingFinding,
    EscalationFinding,
    MeanFinding,
    MonthFinding,
    Results,
    StateFinding,
    YearFinding,
)
from cpplan_sim.caseload.intervals import Survival, mean, ratio, survival, wilson
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.refused import refusals_of
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.tables import year_ends

Longs = npt.NDArray[np.int64]

PER_PLAN = (k.PLAN_DAYS, k.LONGEST_GAP, k.DAYS_TO_EFFECT)
"""Columns of ``SUMS`` that only a case that came on a plan has."""


class Names(Protocol):
    """The names of what is counted, in the order of the counts.

    :class:`cpplan_sim.caseload.tables.Tables` has them.
    """

    @property
    def states(self) -> tuple[str, ...]:
        """The states."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of refusals."""

    @property
    def duties(self) -> tuple[str, ...]:
        """The duties."""


class CountsError(ValueError):
    """Counts are not those of the names that are given with them."""


def results_of(
    summary: Summary,
    names: Names,
    procedure: Procedure,
    profile: Profile,
    span: Span,
    seed: int,
    cases: int,
) -> Results:
    """Return what the counts of a run say.

    Args:
        summary: the counts, as :mod:`cpplan_sim.caseload.counting` has them.
        names: of the states, codes and duties counted.
        procedure: whose they are.
        profile: how people acted.
        span: the days of the run.
        seed: which run it was.
        cases: how many cases were wanted; the summary says how many were run.

    Raises:
        CountsError: the counts have not the shapes that go with the names.
    """
    return _Reading(summary, names, procedure, span).results(profile.name, seed, cases)


@attrs.define(slots=False)
class _Reading:
    """The counts of one run being read."""

    summary: Summary
    names: Names
    procedure: Procedure
    span: Span

    def __attrs_post_init__(self) -> None:
        for name, lines in (
            ("duties", len(self.names.duties)),
            ("refused", len(self.names.codes)),
            ("endings", len(self.names.states) + 1),
            ("edges", len(self.procedure.edges)),
            ("ended_bands", len(year_ends(self.span))),
        ):
            if (found := len(self._of(name))) != lines:
                raise CountsError(f"{name}: {found} lines are counted where {lines} are named")

    def results(self, profile: str, seed: int, cases: int) -> Results:
        refused = self._of("refused").tolist()
        open_for_long, in_time = map(int, self._of("reviewed"))
        return Results(
            label=self.procedure.name,
            title=self.procedure.title,
            edition=self.procedure.edition,
            profile=profile,
            opens=self.span.opens,
            closes=self.span.closes,
            seed=seed,
            asked=cases,
            cases=self.cases,
            plans=self.plans,
            ended=wilson(int(self._of("endings")[:-1].sum()), self.plans),
            duties=tuple(self._duty(number) for number in range(len(self.names.duties))),
            endings=tuple(self._endings()),
            years=tuple(self._years()),
            states=tuple(self._states()),
            survival=self._survival(),
            escalations=self._escalations(),
            months=tuple(self._months()),
            refusals=refusals_of(self.procedure, self.names.codes, refused),
            means=tuple(self._mean(column) for column in range(k.SUMMED)),
            reviewed=wilson(in_time, open_for_long),
        )

    def _of(self, name: str) -> Longs:
        if name not in self.summary.counts:
            raise CountsError(f"{name}: is not counted")
        return self.summary.counts[name]

    @property
    def cases(self) -> int:
        return int(self._of("cases")[0])

    @property
    def plans(self) -> int:
        return int(self._of("cases")[1])

    def _duty(self, number: int) -> DutyFinding:
        duty = self.procedure.duties[self.names.duties[number]]
        row = [int(count) for count in self._of("duties")[number]]
        cluster = [int(count) for count in self._of("clusters")[number]]
        return DutyFinding(
            id=duty.id,
            says=duty.says,
            topic=duty.topic,
            strength=duty.strength,
            clauses=duty.cites,
            timed=_timed(duty),
            opened=row[k.U_OPENED],
            on_time=row[k.U_MET],
            late=row[k.U_LATE],
            missed=row[k.U_MISSED],
            lapsed=row[k.U_LAPSED],
            undecidable=row[k.U_UNDECIDABLE],
            open=row[k.U_OPEN],
            overdue=row[k.U_OVERDUE],
            share=ratio(
                kept=cluster[k.Q_KEPT],
                decided=cluster[k.Q_DECIDED],
                kept_2=cluster[k.Q_KEPT_2],
                decided_2=cluster[k.Q_DECIDED_2],
                both=cluster[k.Q_BOTH],
            ),
            late_days=quantiles(self._of("lateness")[number]),
        )

    def _endings(self) -> Iterator[EndingFinding]:
        counts = self._of("endings")
        ended = int(counts[:-1].sum())
        for state, plans in zip(self.names.states, counts[:-1].tolist(), strict=True):
            if is_ended(state):
                share = wilson(plans, ended)
                yield EndingFinding(state=state, says=STATES[state], plans=plans, share=share)

    def _years(self) -> Iterator[YearFinding]:
        for year, until in enumerate(year_ends(self.span)):
            yield YearFinding(
                until=self.span.day(until),
                started=int(self._of("started")[year]),
                ended=int(self._of("ended")[year]),
                open=int(self._of("open")[year]),
                second=int(self._of("second")[year]),
                ended_bands=tuple(self._of("ended_bands")[year].tolist()),
                open_bands=tuple(self._of("open_bands")[year].tolist()),
            )

    def _states(self) -> Iterator[StateFinding]:
        for number, state in enumerate(self.names.states):
            if is_ended(state):
                continue
            days = int(self._of("state_days")[number])
            stays = self._entered(state)
            yield StateFinding(
                state=state,
                says=STATES[state],
                days=days,
                per_case=days / self.cases if self.cases else 0.0,
                stays=stays,
                per_stay=days / stays if stays else 0.0,
            )

    def _entered(self, state: str) -> int:
        """Count how often a state was entered; every case begins before there is a plan."""
        begun = self.cases if state == BEFORE_PLAN else 0
        entering = (
            times
            for edge, times in self._edges
            if edge.target == state and edge.source != edge.target
        )
        return begun + sum(entering)

    @cached_property
    def _edges(self) -> tuple[tuple[Edge, int], ...]:
        counts = self._of("edges")
        return tuple((edge, int(counts[edge.number])) for edge in self.procedure.edges)

    def _survival(self) -> tuple[Survival, ...]:
        """Return the survival of plans; the last bin of lengths holds all that are longer."""
        lengths = self._of("lengths")
        ended, left = lengths[:-1].sum(axis=0), lengths[-1]
        beyond = int(ended[-1] + left[-1])
        return survival(ended[:-1].tolist(), left[:-1].tolist(), beyond)

    def _escalations(self) -> tuple[EscalationFinding, ...]:
        found = [
            EscalationFinding(
                into=edge.target == ESCALATED,
                rule=edge.rule.id,
                says=edge.rule.says,
                other=edge.source if edge.target == ESCALATED else edge.target,
                times=times,
                clauses=edge.rule.cites,
            )
            for edge, times in self._edges
            if times and ESCALATED in (edge.source, edge.target) and edge.source != edge.target
        ]
        return tuple(sorted(found, key=lambda one: (not one.into, -one.times)))

    def _months(self) -> Iterator[MonthFinding]:
        """Yield the months of the run, out of all that are numbered."""
        first, last = (self._month_number(day) for day in (self.span.opens, self.span.closes))
        for number, row in enumerate(self._of("monthly")[first : last + 1].tolist(), start=first):
            month = dt.date(self.span.base.year + number // 12, number % 12 + 1, 1)
            yield MonthFinding(month=month, open=row[0], visits=row[1], meetings=row[2])

    def _month_number(self, day: dt.date) -> int:
        return (day.year - self.span.base.year) * 12 + day.month - 1

    def _mean(self, column: int) -> MeanFinding:
        total, squares = (int(self._of(name)[column]) for name in ("sums", "squares"))
        of_plans = column in PER_PLAN
        return MeanFinding(
            name=k.SUMS[column],
            per="plan" if of_plans else "case",
            total=total,
            mean=mean(total, squares, self.plans if of_plans else self.cases),
        )


def _timed(duty: Duty) -> bool:
    """Return whether a duty says by when: it does not while its figure has yet to be chosen."""
    chosen = duty.value is None or duty.value.amount is not None or bool(duty.agreed)
    return duty.limit is not Limit.UNSTATED and chosen


def quantiles(by_days: Longs) -> tuple[int, ...]:
    """Return the fewest days that each part of :data:`QUANTILES` is within; none of nothing.

    Args:
        by_days: how many were so many days late.
    """
    total = int(by_days.sum())
    if not total:
        return ()
    running = np.cumsum(by_days)
    return tuple(int(np.searchsorted(running, part * total - 1e-9)) for part in QUANTILES)
