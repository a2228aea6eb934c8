"""Wording: what a run says, in sentences for somebody who writes procedures, not statistics.

Holds the sentences. How figures are written is in :mod:`cpplan_sim.caseload.numerals`; it must not
work out a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cpplan.clauses import Strength
from cpplan_sim.caseload.comparison import Comparison, Difference, DutyDifference
from cpplan_sim.caseload.counting import REFUSED, SUMS
from cpplan_sim.caseload.findings import DutyFinding, RefusalFinding, Results
from cpplan_sim.caseload.numerals import day, listed, number, numbers, percent, percents, points
from cpplan_sim.caseload.staffing import StaffFinding, knee

COMMONEST = 3
"""How many duties and refusals are named in a summary."""

MOST = 5
"""How many duties are named in one sentence of a comparison; the table has them all."""

TOO_MANY = 10**9
"""Cases beyond which it is of no use to say how many would show a difference."""

VERBS = {Strength.MUST: "must be done", Strength.SHOULD: "should be done"}

SYNTHETIC = (
    "Every case is synthetic: no real child is in it. Their shape comes from published tables and,"
    " where those are silent, from assumptions that the profile names; so nothing here is proved of"
    " any authority or family, and only what the rules do with such cases is shown."
)

CHANCE = (
    "Figures in brackets are 95% intervals: they tell how far chance alone may have moved a figure,"
    " and not whether the profile is right."
)


def partly(results: Results) -> str:
    """Return what to say of a run that was stopped early; nothing of a whole one."""
    if not results.partial:
        return ""
    return (
        f"Stopped early: {results.cases:,} of {results.asked:,} cases were run. The figures are of"
        " these alone; they are right for them, and their intervals are wider than was wanted."
    )


# ---------------------------------------------------------------------------------- one run


def summary_of(results: Results) -> tuple[str, ...]:
    """Return what a run says: 5 to 12 sentences or so, the most telling first."""
    return tuple(_sentences(results))


def _sentences(results: Results) -> Iterator[str]:
    if results.partial:
        yield partly(results)
    yield (
        f"{results.cases:,} synthetic cases were run under {results.title} ({results.label}), from"
        f" {day(results.opens)} to {day(results.closes)}, with people acting as the profile"
        f" {results.profile} has it."
    )
    yield SYNTHETIC
    if not results.cases:
        yield "No case was run to its end, so there is nothing to tell."
        return
    yield from _of_plans(results)
    for strength in VERBS:
        yield from _of_duties(results, strength)
    yield from _of_work(results)
    yield _of_refusals(results)
    yield CHANCE


def _of_plans(results: Results) -> Iterator[str]:
    came = f"A plan began in {results.plans:,} of these cases"
    if not results.endings:
        yield f"{came}; the procedure says nothing of how a plan ends, so none did."
    elif results.ended is None or not results.ended.value:
        yield f"{came}; none had ended by the last day."
    else:
        ways = sorted(results.endings, key=lambda one: -one.plans)
        told = [f"{percents(one.share)} {one.says}" for one in ways[:COMMONEST] if one.plans]
        yield (
            f"{came}; {percents(results.ended)} of the plans had ended by the last day, and the"
            f" rest were still open. Of those that ended, {listed(told)}."
        )
    weeks = results.median_weeks()
    if weeks is not None:
        yield f"Half of all plans end within {weeks} weeks, those still open taken into account."


def _of_duties(results: Results, strength: Strength) -> Iterator[str]:
    owed = [duty for duty in results.duties if duty.strength is strength and duty.decided]
    late = results.least_punctual(strength)[:COMMONEST]
    if not owed:
        return
    if not late:
        yield f"Whatever {VERBS[strength]} was always on time."
        return
    told = [f"{duty.id}, {_lateness(duty)}" for duty in late]
    yield f"Of what {VERBS[strength]}, least often on time: {'; '.join(told)}."


def _lateness(duty: DutyFinding) -> str:
    told = f"{percents(duty.share)} {'on time' if duty.timed else 'ever done'}"
    if duty.late:
        told += f", half of the late ones within {duty.late_days_told[0]} days"
    return told


def _of_work(results: Results) -> Iterator[str]:
    visits, meetings = (results.mean(name) for name in ("visits", "meetings"))
    if visits is None:
        return
    yield (
        f"A case took {numbers(visits)} visits and {numbers(meetings)} meetings on average, and was"
        f" escalated {numbers(results.mean('escalations'))} times."
    )


def _of_refusals(results: Results) -> str:
    refused = results.total(SUMS[REFUSED])
    if not refused:
        return "Nobody tried anything that the rules refuse."
    told = [_refusal(one) for one in results.refusals[:COMMONEST]]
    return (
        f"The rules refused {refused:,} attempts to skip or forestall a step; the commonest"
        f" reasons: {'; '.join(told)}."
    )


def _refusal(one: RefusalFinding) -> str:
    often = "once" if one.times == 1 else f"{one.times:,} times"
    return f"{one.code} ({often}: {one.says[0].rstrip('.')})"


# --------------------------------------------------------------------------- two runs, a team


def comparison_in_words(compared: Comparison) -> tuple[str, ...]:
    """Return what differs between two runs, and what is noise."""
    return tuple(_compared(compared))


def _compared(compared: Comparison) -> Iterator[str]:
    one, other = compared.one, compared.other
    yield from (f"{each.label}: {partly(each)}" for each in (one, other) if each.partial)
    yield (
        f"The same {one.cases:,} synthetic cases were run under {one.label} and under"
        f" {other.label}: the same children and the same chances, so that what differs comes from"
        " what the procedures ask, and not from the luck of the draw."
    )
    yield SYNTHETIC
    yield from _shown(compared)
    yield from _not_shown(compared)
    for label, alone in ((one.label, compared.only_one), (other.label, compared.only_other)):
        if alone:
            yield f"Duties that only {label} has: {_named(alone)}."
    yield (
        "What a case has was compared case by case; one in which no plan began counts with 0, so"
        " a plan has more than that. Shares on time were not: only both shares are"
        " at hand, so their intervals are those of independent runs, mostly wider than need be."
    )
    yield (
        f"{CHANCE} {len(compared.differences)} figures were compared; about"
        f" {number(compared.by_chance)} would look like differences by chance alone."
    )


def _shown(compared: Comparison) -> Iterator[str]:
    means = [one for one in compared.means if one.shown]
    duties = sorted(
        (one for one in compared.duties if one.shown), key=lambda one: -abs(one.by.value)
    )
    if means:
        told = "; ".join(f"{one.name}: {_differing(one)}" for one in means)
        yield f"What a case has under {compared.other.label}, on average: {told}."
    if duties:
        told = "; ".join(f"{one.name}: {_on_time(one)}" for one in duties[:MOST])
        more = f" ({len(duties) - MOST} more in the table)" if len(duties) > MOST else ""
        yield f"What is done on time under {compared.other.label}: {told}{more}."
    if not means and not duties:
        yield "No difference that this run could show, in anything that was compared."


def _not_shown(compared: Comparison) -> Iterator[str]:
    means = [one for one in compared.means if not one.shown and not one.same]
    duties = [one for one in compared.duties if not one.shown]
    same = [one.name for one in compared.means if one.same]
    if means:
        told = "; ".join(f"{one.name} ({numbers(one.by)}; {_needed(one)})" for one in means)
        yield f"No difference that this run could show in {told}."
    if duties:
        told = _named([one.name for one in duties])
        yield f"No difference that this run could show in what is done on time of {told}."
    if same:
        yield f"The same in every single case: {listed(same)}."


def _named(duties: Sequence[str]) -> str:
    if len(duties) <= MOST:
        return listed(duties)
    return f"{', '.join(duties[:MOST])} and {len(duties) - MOST} more"


def _differing(one: Difference) -> str:
    way = "more" if one.by.value > 0 else "less"
    low, high = sorted((abs(one.by.low), abs(one.by.high)))
    size = f"{number(abs(one.by.value))} {way} ({number(low)} to {number(high)})"
    return f"{size}, {number(one.other)} instead of {number(one.one)}"


def _on_time(one: DutyDifference) -> str:
    return f"{points(one.by)}, {percent(one.other)} instead of {percent(one.one)}"


def _needed(one: Difference) -> str:
    if one.needed is None:
        return "equal on average"
    if one.needed > TOO_MANY:
        return f"over {TOO_MANY:,} cases would be needed to show one of this size"
    return f"about {float(f'{one.needed:.2g}'):,.0f} cases would show one of this size"


def verdict(one: Difference) -> str:
    """Return in words what to make of a difference."""
    if one.same:
        return "the same in every case"
    if not one.shown:
        return f"no difference that this run could show; {_needed(one)}"
    return "more" if one.by.value > 0 else "less"


def capacity_in_words(curve: Iterable[StaffFinding]) -> tuple[str, ...]:
    """Return what teams of different sizes keep up with; nothing if none was tried."""
    teams = sorted(curve, key=lambda team: team.staff)
    if not teams:
        return ()
    told = [f"with {team.staff} it is {percents(team.share)}" for team in (teams[0], teams[-1])]
    found = knee(teams)
    if found is None:
        bend = (
            "No knee that this run could show: either each more brings about the same, or staff"
            " hardly matter within these sizes."
        )
    else:
        bend = (
            f"The knee is at {found.staff}, with {percents(found.share)} on time: up to it each"
            " more brings more than on average over these sizes, beyond it less."
        )
    tried = f"What is done on time turns on the number of social workers: {listed(told)}."
    return (tried, bend)
