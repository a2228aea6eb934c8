"""Intervals: how far chance alone can have moved a figure of a run.

Holds the arithmetic, each with its source. It must not know what is counted. All intervals are of
95 in 100. They tell of chance alone: whether a profile is right, no interval can say.

Sums of counts are worked out in whole numbers, which lose nothing, and divided last.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import attrs

Z = 1.959963984540054
"""Of the standard normal distribution, 95 in 100 lie within this of 0."""

Z_POWER = 0.8416212335729143
"""Of the standard normal distribution, 80 in 100 lie below."""


@attrs.frozen
class Estimate:
    """A figure with the interval in which chance alone leaves it.

    Attributes:
        value: the figure.
        low, high: the ends of the interval.
    """

    value: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether the interval holds 0."""
        return self.low <= 0 <= self.high

    @property
    def error(self) -> float:
        """The standard error that the width comes to."""
        return (self.high - self.low) / (2 * Z)


@attrs.frozen
class Survival:
    """What part of some lives lasts at least so many weeks.

    Attributes:
        week: how many.
        share: the part that does.
        at_risk: how many lives were seen to last so long.
    """

    week: int
    share: Estimate
    at_risk: int


def wilson(hits: int, of: int) -> Estimate | None:
    """Return a share with its score interval; ``None`` of nothing.

    It stays within 0 and 1, and is no point even where all or none are hits.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22 (1927), 209-212.

    Example:
        >>> share = wilson(8, 10)
        >>> f"{share.value:.2f}, {share.low:.2f} to {share.high:.2f}"
        '0.80, 0.49 to 0.94'
    """
    return _score(hits / of, of) if of else None


def _score(share: float, of: float) -> Estimate:
    """Return the score interval of a share of ``of``, which need not be whole."""
    scale = 1 + Z * Z / of
    middle = (share + Z * Z / (2 * of)) / scale
    half = Z / scale * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    # At 0 and 1 the end of the interval is exact, but not in binary.
    low = 0.0 if share == 0 else max(0.0, middle - half)
    high = 1.0 if share == 1 else min(1.0, middle + half)
    return Estimate(share, low, high)


def mean(total: int, squares: int, of: int) -> Estimate | None:
    """Return a mean with its normal interval; ``None`` of less than two.

    Good from some dozens on, by the central limit theorem; of fewer it is too narrow.

    Source: W. G. Cochran, Sampling Techniques (3rd edition, 1977), chapter 2.

    Args:
        total: the sum.
        squares: the sum of squares.
        of: how many were summed.
    """
    if of < 2:
        return None
    variance = (of * squares - total * total) / (of * (of - 1))
    half = Z * math.sqrt(variance / of)
    return Estimate(total / of, total / of - half, total / of + half)


def ratio(kept: int, decided: int, kept_2: int, decided_2: int, both: int) -> Estimate | None:
    """Return a share of things that come in clusters, such as the visits of one child.

    Ten visits of one child tell less than one visit each of ten: who is late once is late again.
    The variance is that of a ratio of sums over clusters; the interval is the score interval for as
    many independent things as have that variance, never for more than there are. Where all or none
    are kept, the variance says nothing, and clusters are taken to be of one mind: each counts once,
    or for less where they differ in size.

    Sources: W. G. Cochran, Sampling Techniques (3rd edition, 1977), chapter 6, for the variance;
    L. Kish, Survey Sampling (1965), for clusters of one mind; C. Franco and others,
    Comparative study of confidence intervals for proportions in complex sample surveys, Journal of
    Survey Statistics and Methodology 7 (2019), 334-364, for the score interval.

    Args:
        kept: how many were kept, in all clusters.
        decided: how many were decided.
        kept_2: the sum over clusters of the square of what was kept in each.
        decided_2: the same of what was decided.
        both: the sum over clusters of kept times decided.

    Returns:
        The share of what was decided that was kept; ``None`` if nothing was decided.
    """
    if not decided:
        return None
    share = kept / decided
    residuals = kept_2 * decided**2 - 2 * kept * decided * both + kept**2 * decided_2
    alike = decided**2 / decided_2
    effective = alike
    if residuals > 0 and 0 < kept < decided:
        effective = share * (1 - share) / (residuals / decided**4)
    return _score(share, min(effective, decided))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """Return how much larger the other share is, of two that are independent.

    Where the two come from the same cases under common random numbers, they mostly rise and fall
    together, and the interval is wider than it need be. It is not made narrower on a guess.

    Source: R. G. Newcombe, Interval estimation for the difference between independent proportions,
    Statistics in Medicine 17 (1998), 873-890, method 10.
    """
    value = other.value - one.value
    down = math.hypot(other.value - other.low, one.high - one.value)
    up = math.hypot(other.high - other.value, one.value - one.low)
    return Estimate(value, value - down, value + up)


def cases_to_show(estimate: Estimate, cases: int) -> int | None:
    """Return how many cases would show a difference of this size, in four runs of five.

    Source: J. Cohen, Statistical Power Analysis for the Behavioral Sciences (2nd edition, 1988),
    chapter 2. The error falls with the root of the number of cases.

    Args:
        estimate: a difference, as some cases have it.
        cases: how many they were.

    Returns:
        The number; ``None`` where there is no difference at all, which none would show.
    """
    if estimate.value == 0:
        return None
    return math.ceil(cases * ((Z + Z_POWER) * estimate.error / estimate.value) ** 2)


def survival(
    ended: Sequence[int], censored: Sequence[int], beyond: int = 0
) -> tuple[Survival, ...]:
    """Return what part of lives lasts so many weeks, where some were still going when last seen.

    One that was last seen in a week counts as having been at risk of ending for all of it. Where
    nobody or everybody has ended so far, the variance says nothing, and the interval is the score
    interval of those at risk.

    Sources: E. L. Kaplan and P. Meier, Nonparametric estimation from incomplete observations,
    Journal of the American Statistical Association 53 (1958), 457-481; M. Greenwood, The natural
    duration of cancer (1926), for the variance; J. D. Kalbfleisch and R. L. Prentice, The
    Statistical Analysis of Failure Time Data (1980), chapter 1, for the interval, on the scale of
    log(-log).

    Args:
        ended: by week, how many ended in it.
        censored: by week, how many were last seen in it and had not ended.
        beyond: how many were seen to last longer than all these weeks.

    Returns:
        One for each week from 0 on, up to the last that anybody was seen to begin.
    """
    at_risk = sum(ended) + sum(censored) + beyond
    if not at_risk:
        return ()
    found = [Survival(0, Estimate(1.0, 1.0, 1.0), at_risk)]
    left, spread = 1.0, 0.0
    for week, (ends, leaves) in enumerate(zip(ended, censored, strict=True)):
        if not at_risk:
            break
        left *= 1 - ends / at_risk
        if ends < at_risk:
            spread += ends / (at_risk * (at_risk - ends))
        share = _log_log(left, spread) if 0 < left < 1 else _score(left, at_risk)
        at_risk -= ends + leaves
        found.append(Survival(week + 1, share, at_risk))
    return tuple(found)


def _log_log(left: float, spread: float) -> Estimate:
    width = math.exp(Z * math.sqrt(spread) / abs(math.log(left)))
    return Estimate(left, left**width, left ** (1 / width))
