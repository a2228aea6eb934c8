"""Meeting what is due: an event that does so and misses nothing else by the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpplan import Plan
from cpplan.matching import Match
from cpplan.obligations import Obligation, Status
from cpplan_docs.last_days.judging import FAILED, at_last, closed_since, key
from cpplan_docs.last_days.now import Now
from cpplan_sim.wanting import Fields


def meeting(now: Now, one: Obligation) -> Plan | None:
    """Return the plan once an obligation is met today, with the least harm; if a way was found."""
    return now.least(_meeting(now, one))


def _meeting(now: Now, one: Obligation) -> Iterator[Plan]:
    for match in one.duty.met_by:
        said: Fields = {one.duty.for_field: one.anchor} if one.duty.for_field else {}
        for plan in happened(now, match, said):
            after = _found(plan, one)
            if after is not None and at_last(plan, after):
                yield plan


def happened(now: Now, match: Match, said: Fields) -> Iterator[Plan]:
    """Yield plans after an event.

    Where something else would be missed by it or is due today, the event first says what meets that
    as well, or that is done before it.
    """
    for plan in now.maker.taken(now.plan, match, now.on, said):
        missed = [one for one in closed_since(now.plan, plan) if one.outcome in FAILED]
        for more in _more(now, [*missed, *now.due], match):
            yield from now.maker.taken(now.plan, match, now.on, {**more, **said})
        before = _done_first(now, missed)
        if before is now.plan:
            yield plan
        elif before is not None:
            yield from now.maker.taken(before, match, now.on, said)


def _more(now: Now, owed: Iterable[Obligation], match: Match) -> Iterator[Fields]:
    """Yield what the event could say to meet other obligations itself, in one way or another."""
    same = ([m for m in one.duty.met_by if m.event == match.event] for one in owed)
    ways = [list(now.maker.counting(ones[0], now.plan, now.on)) for ones in same if ones]
    for number in range(max(map(len, ways), default=0)):
        more: Fields = {}
        for way in ways:
            more = {**way[number % len(way)], **more}
        yield more


def _done_first(now: Now, missed: Iterable[Obligation]) -> Plan | None:
    """Return the plan once all that would be missed has been met, if it can be."""
    plan: Plan | None = now.plan
    for one in missed:
        if plan is not None:
            plan = next(_met(now, plan, one), None)
    return plan


def _met(now: Now, plan: Plan, one: Obligation) -> Iterator[Plan]:
    for match in one.duty.met_by:
        for after in now.maker.taken(plan, match, now.on, {}):
            if _found(after, one) is not None:
                yield after


def _found(plan: Plan, one: Obligation) -> Obligation | None:
    """Return an obligation as it stands on a later plan, if it is met there in time."""
    same = (other for other in plan.obligations if key(other) == key(one))
    return next((other for other in same if other.outcome is Status.MET), None)
