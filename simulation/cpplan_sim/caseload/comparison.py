"""Comparison: what differs between two runs on the same cases, and what is noise.

Holds the differences. Both runs had the same children, the same seed and the same chances, so that
what differs case by case comes from the procedures. Sums over cases are compared case by case; of
shares of duties only both shares are at hand, so they are compared as if the runs were independent.
"""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
import numpy.typing as npt

from cpplan.clauses import Strength
from cpplan_sim.caseload.counting import SUMMED, SUMS
from cpplan_sim.caseload.findings import DutyFinding, Results
from cpplan_sim.caseload.intervals import Estimate, cases_to_show, difference, mean

Longs = npt.NDArray[np.int64]


class ComparisonError(ValueError):
    """Two runs are not of the same cases, or the sums are not of these two."""


@attrs.frozen(kw_only=True)
class Difference:
    """One figure in both runs.

    Attributes:
        name: what it is of, with its unit.
        one: the figure in the first run.
        other: the figure in the second.
        by: how much larger it is in the second.
        cases: how many cases each run has.
    """

    name: str
    one: float
    other: float
    by: Estimate
    cases: int

    @property
    def shown(self) -> bool:
        """Whether this run could show a difference: the interval does not hold 0."""
        return not self.by.holds_zero

    @property
    def same(self) -> bool:
        """Whether no case differed at all."""
        return self.by.low == self.by.high == 0

    @property
    def needed(self) -> int | None:
        """How many cases would show a difference of this size, in four runs of five."""
        return cases_to_show(self.by, self.cases)


@attrs.frozen(kw_only=True)
class DutyDifference(Difference):
    """The share of one duty that is done on time, in both runs.

    Attributes:
        strength: must, should or may, in the first procedure.
        other_duty: the duty of the second procedure; another id only if it stands for the topic.
        other_strength: how far that one binds.
    """

    strength: Strength
    other_duty: str
    other_strength: Strength


@attrs.frozen(kw_only=True)
class Comparison:
    """Two runs on the same cases.

    Attributes:
        one, other: what each comes to.
        means: differences per case, compared case by case.
        duties: differences of shares on time, not compared case by case.
        only_one, only_other: duties that the other procedure has no counterpart of.
    """

    one: Results
    other: Results
    means: tuple[Difference, ...]
    duties: tuple[DutyDifference, ...]
    only_one: tuple[str, ...]
    only_other: tuple[str, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All that were compared."""
        return (*self.means, *self.duties)

    @property
    def by_chance(self) -> float:
        """How many would look like differences though there were none: 1 in 20 compared."""
        return 0.05 * sum(not one.same for one in self.differences)


def comparison_of(
    one: Results, other: Results, paired_sums: Longs, paired_squares: Longs
) -> Comparison:
    """Return what differs between two runs.

    Args:
        one: the run that is compared with.
        other: the run that is compared.
        paired_sums: by column of ``SUMS``, the sum over cases of the second less the first.
        paired_squares: the sum over cases of the squares of that.

    Raises:
        ComparisonError: the runs are not of the same cases, or the sums are not of these two.
    """
    _refuse_strangers(one, other, paired_sums, paired_squares)
    pairs = dict(_counterparts(one, other))
    answered = {duty.id for duty in pairs.values()}
    return Comparison(
        one=one,
        other=other,
        means=tuple(_means(one, other, paired_sums, paired_squares)),
        duties=tuple(_of_duties(one, pairs)),
        only_one=tuple(duty.id for duty in one.duties if duty.id not in pairs),
        only_other=tuple(duty.id for duty in other.duties if duty.id not in answered),
    )


def _refuse_strangers(one: Results, other: Results, sums: Longs, squares: Longs) -> None:
    for name in ("seed", "cases", "opens", "closes"):
        ours, theirs = getattr(one, name), getattr(other, name)
        if ours != theirs:
            raise ComparisonError(
                f"the runs differ in their {name} ({ours} and {theirs}), so their cases are no"
                " pairs; run both with the same"
            )
    if sums.shape != (SUMMED,) or squares.shape != (SUMMED,):
        raise ComparisonError(
            f"{SUMMED} sums and squares are compared, found {sums.shape} and {squares.shape}"
        )
    for name, given in zip(SUMS, sums.tolist(), strict=True):
        if other.total(name) - one.total(name) != given:
            raise ComparisonError(
                f"{name}: the paired sum is {given}, the runs differ by"
                f" {other.total(name) - one.total(name)}; it is of other runs, or turned round"
            )


def _means(one: Results, other: Results, sums: Longs, squares: Longs) -> Iterator[Difference]:
    for name, total, square in zip(SUMS, sums.tolist(), squares.tolist(), strict=True):
        by = mean(total, square, one.cases)
        if by is not None:
            yield Difference(
                name=name,
                one=one.total(name) / one.cases,
                other=other.total(name) / other.cases,
                by=by,
                cases=one.cases,
            )


def _counterparts(one: Results, other: Results) -> Iterator[tuple[str, DutyFinding]]:
    """Yield which duty of the other run answers to a duty: that of its name, or of its topic.

    A topic stands for a duty only where both procedures have just one left of that topic; which of
    several answers to which would be a guess.
    """
    theirs = {duty.id: duty for duty in other.duties}
    ours = {duty.id for duty in one.duties}
    for duty in one.duties:
        if duty.id in theirs:
            yield duty.id, theirs[duty.id]
            continue
        alike = [d for d in one.duties if d.topic == duty.topic and d.id not in theirs]
        answers = [d for d in other.duties if d.topic == duty.topic and d.id not in ours]
        if len(alike) == len(answers) == 1:
            yield duty.id, answers[0]


def _of_duties(one: Results, pairs: dict[str, DutyFinding]) -> Iterator[DutyDifference]:
    for duty in one.duties:
        answer = pairs.get(duty.id)
        if answer is None or duty.share is None or answer.share is None:
            continue
        yield DutyDifference(
            name=duty.id,
            one=duty.share.value,
            other=answer.share.value,
            by=difference(duty.share, answer.share),
            cases=one.cases,
            strength=duty.strength,
            other_duty=answer.id,
            other_strength=answer.strength,
        )
