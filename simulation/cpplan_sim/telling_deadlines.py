"""Telling a contradiction to a designer: the clauses on it, in sentences, with the sums.

Makes lines with a tone each; how a tone looks is the terminal's business.
"""

from __future__ import annotations

from collections.abc import Iterator

from cpplan import Procedure
from cpplan_sim.consistency.findings import Consistency, Contradiction, Margin, strength_of, sums
from cpplan_sim.consistency.judging import Certainty
from cpplan_sim.consistency.networks import Bound, Side
from cpplan_sim.story import Line, Tone

_IN = "    "


def lines_of(found: Consistency, *, every: bool = False) -> Iterator[Line]:
    """Tell what an examination found.

    Args:
        found: what it found.
        every: whether to tell the margin of every dated duty, not only of those put off.
    """
    name = found.procedure.name
    for one in found.contradictions:
        yield from _contradiction(found.procedure, one)
    for why in found.undecided:
        yield Line(Tone.BAD, f"{name}: {why}")
    for margin in found.margins:
        if margin.waits or every:
            yield from _margin(found.procedure, margin)
    if not found.counts.limits:
        yield Line(
            Tone.BAD, f"{name}: nothing was examined: no duty has a date that can be counted"
        )
    if found.counts.unchosen:
        unchosen = [
            duty.id
            for duty in found.procedure.duties.values()
            if duty.value is not None and duty.value.amount is None
        ]
        yield Line(
            Tone.QUIET, f"{name}: not examined, as no figure is chosen: {', '.join(unchosen)}"
        )


def _contradiction(procedure: Procedure, one: Contradiction) -> Iterator[Line]:
    tone = Tone.WARNING if one.optional else Tone.BAD
    yield Line(tone, f"{procedure.name}: {_head(one)}")
    for duty in one.duties:
        yield Line(tone, f"{_IN}{duty.says} ({duty.strength.value}, duty {duty.id})")
    for number, way in enumerate(one.ways):
        if number:
            yield Line(Tone.PLAIN, f"{_IN}And in the other way that the rules leave:")
        for bound in way:
            yield Line(Tone.PLAIN, f"{_IN}- {_bound(procedure, one, bound)}")
        yield Line(Tone.PLAIN, f"{_IN}  {_sum(way)}")
    if not one.ways:
        yield Line(Tone.PLAIN, f"{_IN}- No rule lets what meets it be recorded from there on.")
    yield from _dates(one)
    if one.optional:
        yield Line(
            Tone.PLAIN, f"{_IN}One of them only may be done, so it binds nobody and does not fail."
        )


def _head(one: Contradiction) -> str:
    what = "can't be met in time" if one.alone else "can't all be met in time"
    when = {
        Certainty.CERTAIN: "on any date",
        Certainty.POSSIBLE: f"from {one.failing:,} of {one.tried:,} start dates",
    }[one.certainty]
    time = "opened for the first time" if one.first else "opened anew"
    opening = one.opening.replace("-", " ")
    return f"{one.certainty}: {what} {when}, {time} by {opening} in {', '.join(one.states)}:"


def _bound(procedure: Procedure, one: Contradiction, bound: Bound) -> str:
    """Tell a bound with its days, its clauses and how far each binds."""
    days = ""
    if bound.length is not None:
        shortest, longest = sorted((abs(bound.shortest), abs(bound.longest)))
        days = f" ({shortest} days)" if shortest == longest else f" ({shortest} to {longest} days)"
    cited = ", ".join(f"{c} {strength_of(procedure, c)}".strip() for c in bound.cites)
    strength = next((f"{d.strength.value}, " for d in one.duties if d.id == bound.duty), "")
    by = f" ({strength}duty {bound.duty})" if bound.duty else ""
    by = f" (rule {bound.rule})" if bound.rule else by
    return f"{bound.says}{days}" + (f" [{cited}]" if cited else "") + by


def _sum(way: tuple[Bound, ...]) -> str:
    allowed, needed = sums(way)
    most = sum(b.longest for b in way if b.side is Side.AT_LEAST)
    least = sum(b.shortest for b in way if b.side is Side.AT_MOST)
    return f"Together: {_span(least, allowed)} allowed, {_span(needed, most)} needed."


def _span(least: int, most: int) -> str:
    return f"{least} days" if least == most else f"{least} to {most} days"


def _dates(one: Contradiction) -> Iterator[Line]:
    if one.on is None:
        return
    told = f"{_IN}Opened on {one.on}"
    if one.squeezed is not None:
        told += (
            f": no later than {one.squeezed.latest}, and no earlier than {one.squeezed.earliest}"
        )
    yield Line(Tone.PLAIN, f"{told}. A history that opens it then:")
    for event in one.history:
        yield Line(Tone.QUIET, f"{_IN}  {event.on}  {event.kind.replace('-', ' ')}")
    for name, day in one.due:
        yield Line(Tone.QUIET, f"{_IN}  due by the kernel: {name}, {day or 'no date'}")


def _margin(procedure: Procedure, one: Margin) -> Iterator[Line]:
    """Tell how many days are left when all that puts a duty off is done as early as can be."""
    name = f"{procedure.name}: {one.duty.id} ({one.duty.strength.value})"
    if one.days is None:
        left = "can't be done at all" if one.waits else "counted from a day that people choose"
    elif one.days < 0:
        left = f"up to {-one.days} days too late even if all is done at once, as from {one.on}"
    elif not one.waits:
        left = f"{one.days} days at the least, nothing puts it off"
    else:
        left = f"{one.days} days left at the least once it can be done, counted from {one.on}"
    yield Line(Tone.QUIET, f"{name}: {left}")
    for bound in one.waits:
        cited = f" [{', '.join(bound.cites)}]" if bound.cites else ""
        yield Line(Tone.QUIET, f"{_IN}- {bound.says}{cited} (rule {bound.rule})")
