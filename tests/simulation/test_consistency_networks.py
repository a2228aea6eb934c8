"""Temporal networks, held against brute force: every start date, every day of every point."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cpplan.calendars import CALENDARS, Calendar, Holiday, Unit, load_calendar
from cpplan.values import Origin, Value
from cpplan_sim.consistency.judging import Certainty, judge
from cpplan_sim.consistency.lengths import Length, OutsideTableError, length_of
from cpplan_sim.consistency.networks import Bound, Network, Point, Side, Standing

FIRST = dt.date(2026, 3, 23)
CLOSED = (dt.date(2026, 4, 3), dt.date(2026, 4, 6), dt.date(2026, 5, 4))
SMALL = Calendar(
    "made-up",
    tuple(Holiday(day, "made up", "proclaimed", "made up") for day in CLOSED),
    FIRST,
    FIRST + dt.timedelta(days=55),
)
"""Eight weeks with Easter in them: small enough to try every day of every point."""

ORIGIN = Point("opening")
POINTS = (ORIGIN, Point("first"), Point("second"))


def figure(amount: int, unit: str) -> Value:
    return Value("made-up", amount, unit, "", "made up", Origin.CHOICE, ())


def bound(side: Side, point: Point, since: Point, length: Length | None) -> Bound:
    return Bound(side, point, since, length, f"{point} {side} {since}")


units = st.sampled_from([Unit.WORKING_DAYS, Unit.CALENDAR_DAYS, Unit.CALENDAR_WEEKS, Unit.MONTHS])


@st.composite
def lengths(draw: st.DrawFn) -> Length | None:
    unit = draw(units)
    most = 6 if unit in (Unit.WORKING_DAYS, Unit.CALENDAR_DAYS) else 1
    amount = draw(st.integers(0, most))
    back = draw(st.booleans())
    return length_of(figure(amount, unit.value), SMALL, back=back, day_after=draw(st.booleans()))


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return a network in which every point comes after the opening, as in a scope."""
    after = [bound(Side.AT_LEAST, point, ORIGIN, None) for point in POINTS[1:]]
    more = []
    for _ in range(draw(st.integers(1, 5))):
        point, since = draw(st.permutations(POINTS))[:2]
        more.append(bound(draw(st.sampled_from(Side)), point, since, draw(lengths())))
    return Network(ORIGIN, (*after, *more))


def days() -> range:
    return range(SMALL.first.toordinal(), SMALL.last.toordinal() + 1)


def kept(one: Bound, at: dict[Point, int]) -> bool:
    """Return whether a bound is kept, straight from its meaning.

    Raises:
        OutsideTableError: the table does not tell.
    """
    length, since = one.length, at[one.since]
    if length is not None and since >= length.starts + len(length.ends):
        return one.side is Side.AT_MOST  # it ends beyond the table, later than any day in it
    limit = since if length is None else length.after(since)
    return at[one.point] >= limit if one.side is Side.AT_LEAST else at[one.point] <= limit


def solutions(network: Network, day: int) -> Iterator[dict[Point, int]]:
    """Yield every choice of days for the points that keeps every bound, by trying them all."""
    points = {one.point for one in network.bounds} | {one.since for one in network.bounds}
    free = sorted(points - {ORIGIN}, key=str)
    for chosen in itertools.product(range(day, days().stop), repeat=len(free)):
        at = {ORIGIN: day, **dict(zip(free, chosen, strict=True))}
        try:
            if all(kept(one, at) for one in network.bounds):
                yield at
        except OutsideTableError:
            continue


def solvable(network: Network, day: int) -> bool:
    return next(solutions(network, day), None) is not None


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(networks(), st.integers(8, 40))
def test_from_a_start_date_the_judgement_is_that_of_brute_force(
    network: Network, later: int
) -> None:
    day = days()[later]
    tried = network.on(day)
    if tried.standing is Standing.FITS:
        at = {point: tried.days.get(point, day) for point in POINTS}
        assert all(kept(one, at) for one in network.bounds)
    elif tried.standing is Standing.CLASHES:
        assert not solvable(network, day)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(networks())
def test_the_worst_cases_never_claim_what_the_dates_deny(network: Network) -> None:
    always = bool(network.negative_cycle(generous=True))
    never = not network.negative_cycle(generous=False)
    assert not (always and never)
    for day in days()[8:36:4]:
        standing = network.on(day).standing
        assert not (always and standing is Standing.FITS)
        assert not (never and standing is Standing.CLASHES)
    if always:
        assert not solvable(network, days()[20])


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(networks())
def test_what_no_clash_turns_on_can_be_left_out(network: Network) -> None:
    narrowed = network.narrowed()
    for day in days()[8:40:3]:
        whole, part = network.on(day).standing, narrowed.on(day).standing
        if whole is Standing.CLASHES:
            assert part is Standing.CLASHES
        elif whole is Standing.FITS:
            assert part is Standing.FITS


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(networks())
def test_of_a_core_no_bound_can_be_spared(network: Network) -> None:
    clashing = [day for day in days()[8:40] if network.on(day).standing is Standing.CLASHES]
    for day in clashing[:1]:
        core = network.core(day)
        assert not solvable(Network(ORIGIN, core), day)
        for one in core:
            fewer = Network(ORIGIN, core).without([one])
            assert fewer.on(day).standing is not Standing.CLASHES


def test_networks_of_every_kind_are_among_those_tried() -> None:
    """Say sometimes beside always: the tests above see clashes, fits, and both on one network."""
    seen: Counter[str] = Counter()
    for unit, limit, wait in itertools.product(Unit, range(1, 7), range(1, 7)):
        if unit in (Unit.MONTHS, Unit.YEARS):
            continue
        first = POINTS[1]
        network = Network(
            ORIGIN,
            (
                bound(Side.AT_MOST, first, ORIGIN, length_of(figure(limit, unit.value), SMALL)),
                bound(Side.AT_LEAST, first, ORIGIN, length_of(figure(wait, "working-days"), SMALL)),
            ),
        )
        judged = judge((network,), SMALL.first, SMALL.last)
        seen[judged.certainty] += 1
        told = {day: solvable(network, day) for day in days()[:20]}
        if judged.certainty is Certainty.CERTAIN:
            assert not any(told.values())
        if judged.certainty is Certainty.NONE:
            assert all(told.values())
        if judged.certainty is Certainty.POSSIBLE:
            assert judged.on is not None
            assert not solvable(network, judged.on.toordinal())
            for day, fits in told.items():
                assert day >= judged.on.toordinal() or fits, "an earlier date fails already"
    assert set(seen) == {Certainty.CERTAIN, Certainty.NONE, Certainty.POSSIBLE}


def test_a_month_and_a_day_never_fits_in_a_month_though_some_months_are_longer() -> None:
    """The worst cases leave it open: 29 days may be needed and 31 allowed, on different dates."""
    calendar = load_calendar("england-and-wales")
    month = figure(1, "months")
    point = POINTS[1]
    network = Network(
        ORIGIN,
        (
            bound(Side.AT_MOST, point, ORIGIN, length_of(month, calendar)),
            bound(Side.AT_LEAST, point, ORIGIN, length_of(month, calendar, day_after=True)),
        ),
    )
    assert not network.negative_cycle(generous=True)
    judged = judge((network,), calendar.first, calendar.last)
    assert judged.certainty is Certainty.CERTAIN
    assert judged.by_date
    assert judged.failing == judged.tried > 10_000


def test_of_two_ways_one_that_fits_is_enough() -> None:
    point = POINTS[1]
    limit = bound(Side.AT_MOST, point, ORIGIN, length_of(figure(3, "calendar-days"), SMALL))
    long = bound(Side.AT_LEAST, point, ORIGIN, length_of(figure(4, "calendar-days"), SMALL))
    short = bound(Side.AT_LEAST, point, ORIGIN, length_of(figure(3, "calendar-days"), SMALL))
    ways = tuple(Network(ORIGIN, (limit, wait)) for wait in (long, short))
    assert judge(ways[:1], SMALL.first, SMALL.last).certainty is Certainty.CERTAIN
    assert judge(ways, SMALL.first, SMALL.last).certainty is Certainty.NONE
    assert judge((), SMALL.first, SMALL.last).certainty is Certainty.CERTAIN, "no way at all"


def test_a_table_that_is_too_short_is_undecided_and_never_passed() -> None:
    point = POINTS[1]
    years = length_of(figure(1, "years"), SMALL)
    later = POINTS[2]
    bounds = (
        bound(Side.AT_LEAST, point, ORIGIN, years),
        bound(Side.AT_LEAST, later, point, length_of(figure(3, "working-days"), SMALL)),
        bound(Side.AT_MOST, later, point, length_of(figure(4, "calendar-days"), SMALL)),
    )
    network = Network(ORIGIN, bounds)
    assert network.on(FIRST.toordinal()).standing is Standing.OUTSIDE
    judged = judge((network,), SMALL.first, SMALL.last)
    assert judged.certainty is Certainty.UNDECIDED


# Lengths


@cache
def periods(name: str) -> tuple[Length, ...]:
    calendar = load_calendar(name)
    amounts = [(n, unit) for unit in Unit for n in (0, 1, 10)]
    counted = [
        length_of(figure(n, unit.value), calendar, back=back)
        for n, unit in amounts
        for back in (False, True)
    ]
    return (*counted, length_of(figure(18, "years-of-age"), calendar))


@pytest.mark.slow
@pytest.mark.parametrize("name", CALENDARS)
def test_no_period_ends_earlier_for_starting_later(name: str) -> None:
    for length in periods(name):
        assert all(one <= other for one, other in itertools.pairwise(length.ends)), length.says


def test_the_first_day_that_reaches_another_is_the_first() -> None:
    for length in periods("jersey"):
        start = length.starts
        for day in range(length.ends[0] + 1, length.ends[-1], 97):
            reached = length.reaching(day)
            assert length.after(reached) >= day
            assert reached == start or length.after(reached - 1) < day


def test_the_worst_cases_of_ten_working_days_are_those_of_the_calendar() -> None:
    calendar = load_calendar("england-and-wales")
    ten = length_of(figure(10, "working-days"), calendar)
    span = range(calendar.first.toordinal(), calendar.last.toordinal() - 30)
    counted = []
    for number in span:
        day, left = dt.date.fromordinal(number), 10
        while left:
            day += dt.timedelta(days=1)
            left -= calendar.is_working_day(day)
        counted.append(day.toordinal() - number)
    assert (ten.shortest, ten.longest) == (min(counted), max(counted)) == (12, 20)


def test_a_day_that_the_table_does_not_reach_is_refused() -> None:
    ten = length_of(figure(10, "working-days"), SMALL)
    with pytest.raises(OutsideTableError):
        ten.after(SMALL.last.toordinal())
    with pytest.raises(OutsideTableError):
        ten.reaching(SMALL.first.toordinal())
    with pytest.raises(OutsideTableError):
        length_of(figure(100, "working-days"), SMALL)
    with pytest.raises(ValueError, match="not been chosen"):
        length_of(Value("open", None, "months", "", "made up", Origin.CHOICE, ()), SMALL)
