"""Findings: what a run says of each duty, ending, state, month and refusal, as plain rows.

Holds the rows and what can be read off them. How they are made from counts is in
:mod:`cpplan_sim.caseload.results`. They can be told again without a procedure or a profile.
"""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.clauses import Strength
from cpplan_sim.caseload.counting import LATEST
from cpplan_sim.caseload.intervals import Estimate, Survival

QUANTILES = (0.5, 0.9, 0.99)
"""Parts of those done late, whose days late are told."""


@attrs.frozen(kw_only=True)
class DutyFinding:
    """What became of one duty.

    Attributes:
        id: its name.
        says: what is to be done.
        topic: what it is about.
        strength: must, should or may.
        clauses: what it stands on.
        timed: whether the procedure says by when; if not, done is on time whenever it is.
        opened: how often it was owed.
        on_time: met by its day.
        late: met after it.
        missed: never met, and owed until something ended it.
        lapsed: owed no more before its day came.
        undecidable: ended with no date that could be known.
        open: still owed on the last day, and not overdue.
        overdue: still owed on the last day, and overdue.
        share: on time, of those met or missed. What is still open is not in it.
        late_days: of those met late, the days late that each part of :data:`QUANTILES` is within;
            empty if none was. :data:`cpplan_sim.caseload.counting.LATEST` stands for so many or
            more.
    """

    id: str
    says: str
    topic: str
    strength: Strength
    clauses: tuple[str, ...]
    timed: bool
    opened: int
    on_time: int
    late: int
    missed: int
    lapsed: int
    undecidable: int
    open: int
    overdue: int
    share: Estimate | None
    late_days: tuple[int, ...]

    @property
    def decided(self) -> int:
        """How often it was met or missed."""
        return self.on_time + self.late + self.missed

    @property
    def late_days_told(self) -> tuple[str, ...]:
        """The days late, in words."""
        return tuple(f"{day} or more" if day == LATEST else str(day) for day in self.late_days)


@attrs.frozen(kw_only=True)
class EndingFinding:
    """A way in which plans end.

    Attributes:
        state: the state they end in.
        says: what it means.
        plans: how many ended so.
        share: of the plans that ended.
    """

    state: str
    says: str
    plans: int
    share: Estimate | None


@attrs.frozen(kw_only=True)
class YearFinding:
    """One year to 31 March, or what the run has of it.

    Attributes:
        until: its last day.
        started: plans begun in it.
        ended: plans ended in it.
        open: plans open at its end.
        second: plans begun in it that are a second or later one.
        ended_bands: plans ended in it, by published band of length.
        open_bands: plans open at its end, by published band of length so far.
    """

    until: dt.date
    started: int
    ended: int
    open: int
    second: int
    ended_bands: tuple[int, ...]
    open_bands: tuple[int, ...]


@attrs.frozen(kw_only=True)
class StateFinding:
    """The time spent in one state.

    Attributes:
        state: which.
        says: what it means.
        days: spent in it by all cases together.
        per_case: days, on average over all cases, also those never in it.
        stays: how often it was entered.
        per_stay: days, on average; those that went on after the last day are cut short by it.
    """

    state: str
    says: str
    days: int
    per_case: float
    stays: int
    per_stay: float


@attrs.frozen(kw_only=True)
class EscalationFinding:
    """A rule by which plans came to be escalated, or ceased to be.

    Attributes:
        into: whether it leads into escalation; if not, out of it.
        rule: its name.
        says: what it does.
        other: the state that it comes from, or leads to.
        times: how often.
        clauses: what it stands on.
    """

    into: bool
    rule: str
    says: str
    other: str
    times: int
    clauses: tuple[str, ...]


@attrs.frozen(kw_only=True)
class MonthFinding:
    """The workload of one month.

    Attributes:
        month: its first day.
        open: plans open at its end.
        visits: made in it.
        meetings: held in it.
    """

    month: dt.date
    open: int
    visits: int
    meetings: int


@attrs.frozen(kw_only=True)
class RefusalFinding:
    """A reason for which attempts were refused. An attempt can have several.

    Attributes:
        code: its name.
        times: how often it was given.
        says: its sentences; several where the procedure asks it of several events.
        clauses: what it stands on.
    """

    code: str
    times: int
    says: tuple[str, ...]
    clauses: tuple[str, ...]


@attrs.frozen(kw_only=True)
class MeanFinding:
    """Something summed up over cases.

    Attributes:
        name: what, with its unit.
        per: what it is the mean of: ``case``, or ``plan``.
        total: the sum.
        mean: its mean; ``None`` of less than two.
    """

    name: str
    per: str
    total: int
    mean: Estimate | None


@attrs.frozen(kw_only=True)
class Results:
    """What a run comes to.

    Attributes:
        label: what the page calls it: the procedure's name, or that with what was changed.
        title: the procedure's full title.
        edition: of its source.
        profile: the name of the profile.
        opens: the first day on which a case begins.
        closes: the last day that is looked at.
        seed: which run it is.
        asked: how many cases were wanted.
        cases: how many were run.
        plans: how many of them came on a plan.
        ended: of these, the share that ended by the last day.
        duties: in the order of the procedure.
        endings: in the order of the lifecycle; none if the procedure knows no ending.
        years: from the first on.
        states: in the order of the lifecycle, without endings.
        survival: what part of plans lasts so many weeks.
        escalations: the most frequent first.
        months: from the first on.
        refusals: the most frequent first.
        means: in the order of :data:`cpplan_sim.caseload.counting.SUMS`.
        reviewed: of plans open for three months on the last day, those with every review in time.
    """

    label: str
    title: str
    edition: str
    profile: str
    opens: dt.date
    closes: dt.date
    seed: int
    asked: int
    cases: int
    plans: int
    ended: Estimate | None
    duties: tuple[DutyFinding, ...]
    endings: tuple[EndingFinding, ...]
    years: tuple[YearFinding, ...]
    states: tuple[StateFinding, ...]
    survival: tuple[Survival, ...]
    escalations: tuple[EscalationFinding, ...]
    months: tuple[MonthFinding, ...]
    refusals: tuple[RefusalFinding, ...]
    means: tuple[MeanFinding, ...]
    reviewed: Estimate | None

    @property
    def partial(self) -> bool:
        """Whether fewer cases were run than were wanted."""
        return self.cases < self.asked

    def total(self, name: str) -> int:
        """Return the sum of something over cases, by its name in ``SUMS``."""
        return next(one.total for one in self.means if one.name == name)

    def mean(self, name: str) -> Estimate | None:
        """Return the mean of something, by its name in ``SUMS``."""
        return next(one.mean for one in self.means if one.name == name)

    def least_punctual(self, strength: Strength) -> tuple[DutyFinding, ...]:
        """Return the duties of a strength that are not always on time, the least punctual first.

        They are ordered by the upper end of the interval, so that one that was hardly ever owed
        does not come first by chance.
        """
        found = [
            (duty.share.high, duty)
            for duty in self.duties
            if duty.strength is strength and duty.share and duty.on_time < duty.decided
        ]
        return tuple(duty for _, duty in sorted(found, key=lambda pair: pair[0]))

    def median_weeks(self) -> int | None:
        """Return the first week that at most half of plans outlast; ``None`` if more do."""
        return next((one.week for one in self.survival if one.share.value <= 0.5), None)
