"""Capacity: what teams of each size keep up with.

Holds the job that runs teams, and the curve over their size. How a team's day goes is in
:mod:`cpplan_sim.caseload.teams`; where the curve has its knee, in
:mod:`cpplan_sim.caseload.staffing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import team_columns as t
from cpplan_sim.caseload.caserun import FAULTS, CaseError
from cpplan_sim.caseload.compiled import is_compiled
from cpplan_sim.caseload.intervals import Estimate, ratio
from cpplan_sim.caseload.jobs import Setting
from cpplan_sim.caseload.profile_parts import First
from cpplan_sim.caseload.summaries import Summary
from cpplan_sim.caseload.tables import Tables, case_rows
from cpplan_sim.caseload.teams import run_teams

Longs = npt.NDArray[np.int64]

SHARE = 1 / 2000
"""Of the cases that a profile opens in a month, those of one team; ours.

About 3 a month in England, which makes some 25 plans open at once: three or four for each of seven
workers, who have other cases too. A plan takes about 8 visits and 1.5 meetings a month.
"""

WARM_UP = 365
"""Days from the first on that are not measured: a team begins with no case; ours."""

DAYS_A_MONTH = 365.25 / 12
"""To count the months in which cases open."""

RULES = {
    First.MOST_OVERDUE: t.MOST_OVERDUE,
    First.HIGHEST_RISK: t.HIGHEST_RISK,
    First.NEWEST: t.NEWEST,
}

Summarise = Callable[["TeamJob", int], Summary]
"""Runs a job for so many teams."""


class CapacityError(ValueError):
    """A team that can't be; the message says why, and what can."""


@attrs.frozen(kw_only=True)
class TeamJob:
    """Runs teams: a job, as :class:`cpplan_sim.caseload.blocks.Job` has it, whose cases are teams.

    Team ``n`` has the cases from ``n * cases`` on, whatever its size, so that teams of different
    size are compared on the same children.

    Attributes:
        setting: what cases are run under.
        seed: of the run.
        staff: workers in a team; ``None`` for slots without end.
        opened_per_month: cases that open in a month for one team; :data:`SHARE` of what the
            profile opens if nothing is said.
        first: who is seen first; as the profile has it if nothing is said.
        warm_up: days from the first on that are not measured.

    Raises:
        CapacityError: there is no such team.
    """

    setting: Setting
    seed: int
    staff: int | None = attrs.field()
    opened_per_month: float | None = None
    first: First | None = None
    warm_up: int = attrs.field(default=WARM_UP)

    @staff.validator
    def _has_staff(self, _: Any, staff: int | None) -> None:
        if staff is not None and not 0 <= staff <= t.MOST_STAFF:
            raise CapacityError(f"a team can't have {staff} workers; give 0 to {t.MOST_STAFF}")

    @warm_up.validator
    def _is_measured(self, _: Any, warm_up: int) -> None:
        days = (self.setting.closes - self.setting.opens).days
        if not 0 <= warm_up < days:
            hint = "run for longer, or leave out fewer days"
            raise CapacityError(f"of {days} days {warm_up} can't be left unmeasured; {hint}")

    @property
    def cases(self) -> int:
        """Cases of a team, in all.

        Raises:
            CapacityError: there are none.
        """
        monthly = self.opened_per_month
        if monthly is None:
            monthly = self._tables.profile.opened_per_month * SHARE
        days = (self.setting.closes - self.setting.opens).days
        cases = round(monthly * days / DAYS_A_MONTH)
        if cases < 1:
            raise CapacityError(f"with {monthly:g} cases a month none comes to a team; open more")
        return cases

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides the figures."""
        told = (self.setting.digest, self.seed, self.staff, self.cases, self._rule, self.warm_up)
        # What a worker gets done is no part of the tables that the setting's digest is of.
        worker = attrs.astuple(self._tables.profile.team)
        return hashlib.sha256(repr(("teams", *told, worker)).encode()).hexdigest()

    @property
    def _tables(self) -> Tables:
        return self.setting.runner(self.seed).tables

    @property
    def _rule(self) -> int:
        return RULES[self.first or self._tables.profile.team.first]

    def with_staff(self, staff: int | None) -> TeamJob:
        """Return the same job for teams of another size."""
        return attrs.evolve(self, staff=staff)

    def summarise(self, first: int, last: int) -> Summary:
        """Return what the teams from ``first`` to ``last - 1`` come to.

        Beside the counts of :mod:`cpplan_sim.caseload.counting`, which measure all days, there are
        ``teams``, ``team_slots`` (rows: offered, used, done, waiting at the end of a day; columns:
        class of event) and ``team_waits`` (by class and working days). They measure the days after
        the warm-up, and of what is owed, that whose last day is one of them.

        Raises:
            CaseError: a case could not be run to its end.
        """
        law, odds, _, counts = self._tables.rows()
        tally = np.zeros(t.T_WIDTH, dtype=np.int64)
        lives, desks, team, tally = _taken(self._lives(), self._desks(), self._team(), tally)
        rows = (law, odds, lives, desks, team, counts, case_rows(1), tally)
        absent = self._tables.profile.team.absent
        fault = run_teams(*rows, self.seed, first, last, absent)
        if fault >= 0:
            code = next(int(life[c.C_FAULT]) for life in lives if life[c.C_CASE] == fault)
            raise CaseError(f"case {fault} could not be run: {FAULTS[code]}")
        return Summary({**self._tables.summary(counts).counts, **_tallied(tally)})

    def _lives(self) -> Longs:
        """Return room for the cases of a team; the machine gives it when it is written to."""
        return np.zeros((self.cases, int(self._tables.law[c.H_LOG])), dtype=np.int64)

    def _desks(self) -> Longs:
        acts = len(self._tables.acts) + 1
        return np.zeros((self.cases, t.D_ACTS + 2 * acts), dtype=np.int64)

    def _team(self) -> Longs:
        span, worker = self._tables.span, self._tables.profile.team
        team = np.zeros(t.G_WIDTH, dtype=np.int64)
        team[t.G_STAFF] = self.staff or 0
        team[t.G_RULE] = self._rule
        team[t.G_LIMITED] = self.staff is not None
        team[t.G_OPENS], team[t.G_CLOSES] = span.number(span.opens), span.number(span.closes)
        team[t.G_FROM] = team[t.G_OPENS] + self.warm_up
        team[t.G_MADE + c.VISIT] = round(worker.visits_per_day * t.WHOLE)
        team[t.G_MADE + c.MEETING] = round(worker.meetings_per_day * t.WHOLE)
        return team


def _taken(*rows: npt.NDArray[Any]) -> tuple[Any, ...]:
    """Return rows as the functions take them: without the compiler, as lists."""
    return rows if is_compiled() else tuple(row.tolist() for row in rows)


def _tallied(tally: Any) -> dict[str, Longs]:
    row = np.asarray(tally, dtype=np.int64)
    return {
        "teams": row[: t.T_OFFERED],
        "team_slots": row[t.T_OFFERED : t.T_WAITS].reshape(4, 3),
        "team_waits": row[t.T_WAITS :].reshape(3, t.WAITS + 1),
    }


@attrs.frozen(kw_only=True)
class CapacityPoint:
    """What teams of one size come to, in the days that are measured.

    Attributes:
        staff: workers in a team.
        teams: how many were run.
        share: of what fell due, the share done by its last day, with its interval over teams.
        days_late: calendar days late, on average, of what was done late.
        overdue: what fell due and is still owed on the last day, per team.
        backlog: visits and meetings that wait at the end of a working day, on average per team.
        visits, meetings: recorded, by all teams together.
        out_of_hours: those of them recorded on days that nobody works, by no slot of a team's.
        used: of the slots that there were, the share used; 0 where there were none.
        visit_waits, meeting_waits: by working days waited for a slot, how many were served; the
            last is for so many or more.
    """

    staff: int
    teams: int
    share: Estimate | None
    days_late: float
    overdue: float
    backlog: float
    visits: int
    meetings: int
    out_of_hours: int
    used: float
    visit_waits: tuple[int, ...]
    meeting_waits: tuple[int, ...]


def here(job: TeamJob, teams: int) -> Summary:
    """Run a job in this process."""
    return job.summarise(0, teams)


def curve(
    job: TeamJob, staff: Iterable[int], *, teams: int, summarise: Summarise = here
) -> tuple[CapacityPoint, ...]:
    """Return what teams of each size come to, all on the same children.

    Args:
        job: what is run; its own size does not count.
        staff: the sizes, in the order in which they are told.
        teams: how many teams of each size.
        summarise: runs a job for so many teams; elsewhere, or in blocks.

    Raises:
        CapacityError: there is no such team, or none is to be run.
        CaseError: a case could not be run to its end.
    """
    if teams < 1:
        raise CapacityError(f"{teams} teams tell nothing; give at least 1")
    return tuple(
        point(size, summarise(job.with_staff(size), teams)) for size in dict.fromkeys(staff)
    )


def point(staff: int, summary: Summary) -> CapacityPoint:
    """Return what was counted of teams of one size.

    Args:
        staff: their size.
        summary: the counts of a :class:`TeamJob`.
    """
    row = [int(count) for count in summary.counts["teams"]]
    offered, used, done, backlog = summary.counts["team_slots"].tolist()
    waits = summary.counts["team_waits"].tolist()
    return CapacityPoint(
        staff=staff,
        teams=row[t.T_TEAMS],
        share=ratio(
            kept=row[t.T_KEPT],
            decided=row[t.T_DECIDED],
            kept_2=row[t.T_KEPT_2],
            decided_2=row[t.T_DECIDED_2],
            both=row[t.T_BOTH],
        ),
        days_late=_per(row[t.T_DAYS_LATE], row[t.T_LATE]),
        overdue=_per(row[t.T_OVERDUE], row[t.T_TEAMS]),
        backlog=_per(sum(backlog), row[t.T_DAYS]),
        visits=done[c.VISIT],
        meetings=done[c.MEETING],
        out_of_hours=row[t.T_OUT_OF_HOURS],
        used=_per(sum(used), sum(offered)),
        visit_waits=tuple(waits[c.VISIT]),
        meeting_waits=tuple(waits[c.MEETING]),
    )


def _per(total: int, of: int) -> float:
    return total / of if of else 0.0
