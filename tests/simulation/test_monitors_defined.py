"""Monitors against definitions written another way, on every beginning of random histories.

Each definition says of a whole history at once whether it is right, with no memory and no order of
working.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Callable, Sequence

import attrs
import pytest
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

from cpplan.events import (
    BirthdayReviewPlanned,
    ChildBorn,
    CoreGroupHeld,
    Event,
    VisitMade,
)
from cpplan.matching import Match
from cpplan.requirements import ONE_SIDED, Atom, Template
from cpplan.values import Value
from cpplan_sim.monitors import Moment, Verdict
from tests.simulation.monitoring import (
    BROKEN,
    GROUP,
    HELD,
    VISIT,
    group,
    noise,
    on_day,
    period,
    recorded,
    refused,
    required,
    visit,
)

FIRST = Atom(
    any_of=(
        VISIT,
        Atom(Match("child-born", on_field="date_of_birth")),
        Atom(Match("birthday-review-planned", on_field="planned_on")),
        Atom(enters=("review",)),
    )
)

THEN = Atom(any_of=(GROUP, Atom(Match("child-born")), Atom(leaves=("review",))))


@st.composite
def histories(draw: st.DrawFn) -> list[Moment]:
    """Draw up to nine moments on days that never go back, ending the plan at most once."""
    day, state, moments = 0, "active", []
    for _ in range(draw(st.integers(0, 9))):
        day += draw(st.integers(0, 4))
        event = draw(
            st.sampled_from([visit(day), group(day), noise(day)])
            | st.builds(born, st.just(day), st.integers(day - 4, day))
            | st.builds(planned, st.just(day), st.integers(day - 2, day + 4))
        )
        if not draw(st.integers(0, 5)):
            moments.append(refused(event, state))
            continue
        ways = ("active", "review", "review", "ended.letter")
        after = state if state == "ended.letter" else draw(st.sampled_from((state, state, *ways)))
        moments.append(recorded(event, state, after))
        state = after
    return moments


def born(day: int, birthday: int) -> Event:
    return ChildBorn(on=on_day(day), date_of_birth=on_day(birthday))


def planned(day: int, review: int) -> Event:
    return BirthdayReviewPlanned(on=on_day(day), planned_on=on_day(review))


def is_first(moment: Moment) -> dt.date | None:
    if isinstance(moment.event, VisitMade):
        return moment.event.on
    if isinstance(moment.event, ChildBorn):
        return moment.event.date_of_birth
    if isinstance(moment.event, BirthdayReviewPlanned):
        return moment.event.planned_on
    return moment.event.on if moment.before != "review" == moment.after else None


def is_then(moment: Moment) -> dt.date | None:
    left = moment.before == "review" != moment.after
    return moment.event.on if left or isinstance(moment.event, (CoreGroupHeld, ChildBorn)) else None


LANGUAGE = {
    Template.EXISTENCE: r"[oabc]*|[oabc]*[acAC].*",
    Template.ABSENCE: r"[obOB]*",
    Template.PRECEDENCE: r"[oO]*([aA].*)?",
    Template.ALTERNATE_PRECEDENCE: r"([oO]|[aA][oacOAC]*[bB])*([aA][oacOAC]*)?",
    Template.RESPONSE: r"[oabc]*|[oabc]*[BC].*|([ob]|[ac][oac]*b)*[OA].*",
    Template.SUCCESSION: r"(?=[oO]*([aA].*)?$)"
    r"([oabc]*|[oabc]*[BC].*|([ob]|[ac][oac]*b)*[OA].*)",
    Template.NOT_SUCCESSION: r"[obOB]*([acAC][oaOA]*)?",
    Template.NOT_CO_EXISTENCE: r"[oaOA]*|[obOB]*",
}


def word(moments: Sequence[Moment]) -> str:
    letters = []
    for moment in moments:
        first, then = is_first(moment) is not None, is_then(moment) is not None
        letter = "c" if first and then else "a" if first else "b" if then else "o"
        ends = moment.before != "ended.letter" == moment.after
        letters.append(letter.upper() if ends else letter)
    return "".join(letters) if moments else ""


@pytest.mark.parametrize("template", LANGUAGE)
@given(moments=histories())
def test_without_times_a_monitor_accepts_the_regular_language_of_its_template(
    template: Template, moments: list[Moment]
) -> None:
    finds = required(template, FIRST, None if template in ONE_SIDED else THEN)
    wrong = (
        number
        for number, moment in enumerate(moments)
        if moment.recorded
        and not re.fullmatch(
            LANGUAGE[template], word([m for m in moments[: number + 1] if m.recorded])
        )
    )
    assert finds(*moments)[1] == next(wrong, None)


@given(moments=histories())
def test_not_until_looks_for_a_first_side_with_nothing_that_lifts_the_ban_after_it(
    moments: list[Moment],
) -> None:
    lifting = Atom(Match("birthday-review-planned"))
    finds = required(Template.NOT_UNTIL, FIRST, THEN, until=lifting)
    told = [(number, moment) for number, moment in enumerate(moments) if moment.recorded]

    def lifts(moment: Moment) -> bool:
        return isinstance(moment.event, BirthdayReviewPlanned)

    wrong = (
        number
        for place, (number, moment) in enumerate(told)
        if is_then(moment)
        and any(
            is_first(first) and not any(lifts(other) for _, other in told[at + 1 : place + 1])
            for at, (_, first) in enumerate(told[:place])
        )
    )
    assert finds(*moments)[1] == next(wrong, None)


Right = Callable[[int, int], bool]

"""Whether the moment of the second number answers the first in time."""


def precedes(moments: Sequence[Moment], right: Right) -> bool:
    return all(
        any(right(one, other) for one in range(other))
        for other, moment in enumerate(moments)
        if is_then(moment)
    )


def alternately_precedes(moments: Sequence[Moment], right: Right) -> bool:
    later = [number for number, moment in enumerate(moments) if is_then(moment)]
    return all(
        any(right(one, other) for one in range(since, other))
        for since, other in itertools.pairwise([0, *later])
    )


def responds(moments: Sequence[Moment], right: Right, within: int | None) -> bool:
    return all(
        any(right(one, other) for other in range(one + 1, len(moments)))
        or not (_ended_after(moments, one) or _passed(moments, one, within))
        for one, moment in enumerate(moments)
        if is_first(moment)
    )


def _ended_after(moments: Sequence[Moment], one: int) -> bool:
    return any(moment.before != "ended.letter" == moment.after for moment in moments[one + 1 :])


def _passed(moments: Sequence[Moment], one: int, within: int | None) -> bool:
    since = is_first(moments[one])
    return (
        within is not None
        and since is not None
        and any((moment.event.on - since).days > within for moment in moments[one + 1 :])
    )


def never_follows(moments: Sequence[Moment], right: Right) -> bool:
    return not any(right(*pair) for pair in itertools.combinations(range(len(moments)), 2))


@attrs.frozen
class Times:
    after: int | None
    not_before: int | None
    within: int | None

    def values(self) -> dict[str, Value]:
        given_ = {name: days for name, days in attrs.asdict(self).items() if days is not None}
        return {name: period(days) for name, days in given_.items()}

    def right(self, moments: Sequence[Moment]) -> Right:
        def answers(one: int, other: int) -> bool:
            first, then = is_first(moments[one]), is_then(moments[other])
            if first is None or then is None:
                return False
            days = (then - first).days
            return (
                (self.after is None or days > self.after)
                and (self.not_before is None or days >= self.not_before)
                and (self.within is None or days <= self.within)
            )

        return answers


def right_as_told(template: Template, moments: Sequence[Moment], times: Times) -> bool:
    right = times.right(moments)
    if template is Template.PRECEDENCE:
        return precedes(moments, right)
    if template is Template.ALTERNATE_PRECEDENCE:
        return alternately_precedes(moments, right)
    if template is Template.RESPONSE:
        return responds(moments, right, times.within)
    if template is Template.SUCCESSION:
        return precedes(moments, right) and responds(moments, right, times.within)
    return never_follows(moments, right)


MAYBE = st.none() | st.integers(0, 8)

TIMED = (
    Template.PRECEDENCE,
    Template.ALTERNATE_PRECEDENCE,
    Template.RESPONSE,
    Template.SUCCESSION,
    Template.NOT_SUCCESSION,
)


@pytest.mark.parametrize("template", TIMED)
@given(moments=histories(), times=st.builds(Times, MAYBE, MAYBE, MAYBE))
def test_with_times_a_monitor_agrees_with_the_definition_on_every_beginning_of_a_history(
    template: Template, moments: list[Moment], times: Times
) -> None:
    finds = required(template, FIRST, THEN, **times.values())
    wrong = (
        number
        for number, moment in enumerate(moments)
        if moment.recorded
        and not right_as_told(template, [m for m in moments[: number + 1] if m.recorded], times)
    )
    assert finds(*moments)[1] == next(wrong, None)


@pytest.mark.parametrize("template", Template)
@pytest.mark.parametrize("verdict", [HELD, BROKEN])
def test_random_histories_both_hold_and_break_each_template(
    template: Template, verdict: Verdict
) -> None:
    finds = required(template, FIRST, None if template in ONE_SIDED else THEN)
    unshrunk = settings(phases=[Phase.generate], max_examples=2000, database=None)
    find(histories(), lambda moments: finds(*moments)[0] is verdict, settings=unshrunk)


@given(moments=histories())
def test_a_verdict_once_broken_stays_broken_at_the_same_moment(moments: list[Moment]) -> None:
    finds = required(Template.SUCCESSION, FIRST, THEN, within=period(3))
    _, at = finds(*moments)
    assume(at is not None)
    for end in range(at or 0, len(moments)):
        assert finds(*moments[: end + 1]) == (BROKEN, at)
