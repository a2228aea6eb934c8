"""What of a behaviour profile has a place in a procedure, and what has none.

A profile is written for any procedure, so some of it is for none of the rules or duties of one:
that is told, and no mistake. Some of it stands in for duties, and is left out where there are any.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from cpplan import Procedure
from cpplan.duties import Duty
from cpplan.matching import Match
from cpplan.reading import Problem
from cpplan.rules import Rule
from cpplan_sim.caseload.profile_parts import Happening, Trigger
from cpplan_sim.caseload.profiles import Profile


def happenings_for(profile: Profile, procedure: Procedure) -> dict[str, Happening]:
    """Return the happenings that can come about under a procedure and that no duty sees to.

    One that comes in the place of another which the procedure knows no rule for always comes.

    Args:
        profile: how people act.
        procedure: under which rules and duties.
    """
    possible = {
        name: one for name, one in profile.happenings.items() if _can_happen(one, procedure)
    }
    found = {}
    for name, one in possible.items():
        other = possible.get(one.otherwise)
        if left_to_duty(one, procedure) or (other and left_to_duty(other, procedure)):
            continue
        found[name] = one if other else attrs.evolve(one, otherwise="")
    return found


def left_to_duty(happening: Happening, procedure: Procedure) -> bool:
    """Tell whether a happening is left out because a duty of the procedure asks for the same."""
    return happening.unless_duty and any(
        _sees_to(duty, happening) for duty in procedure.duties.values()
    )


def problems_for(profile: Profile, procedure: Procedure) -> tuple[Problem, ...]:
    """Return what of a profile a procedure has no rule or duty for, each with its place.

    Args:
        profile: how people act.
        procedure: under which rules and duties.
    """
    found = [*_of_punctuality(profile, procedure), *_of_happenings(profile, procedure)]
    return tuple(sorted(found))


def _of_punctuality(profile: Profile, procedure: Procedure) -> Iterator[Problem]:
    draft = profile.parts.draft.punctuality
    topics = {duty.topic for duty in procedure.duties.values()}
    for name in draft.topics.keys() - topics:
        message = f"{procedure.name} has no duty on the topic {name!r}"
        yield profile.document.problem(("punctuality", "topics", name), message)
    for name in draft.duties.keys() - procedure.duties.keys():
        message = f"{procedure.name} has no duty {name!r}"
        yield profile.document.problem(("punctuality", "duties", name), message)


def _of_happenings(profile: Profile, procedure: Procedure) -> Iterator[Problem]:
    for name, happening in profile.happenings.items():
        path = ("happenings", name)
        if not _is_let(happening, procedure):
            message = f"{procedure.name} has no rule by which {name!r} can happen"
            yield profile.document.problem((*path, "event"), message)
        if not _can_come(happening.follows, procedure):
            message = f"under {procedure.name} there is nothing that {name!r} could follow"
            yield profile.document.problem((*path, "follows"), message)


def _can_happen(happening: Happening, procedure: Procedure) -> bool:
    return _is_let(happening, procedure) and _can_come(happening.follows, procedure)


def _is_let(happening: Happening, procedure: Procedure) -> bool:
    if happening.when.get("step", "") not in ("", *procedure.steps):
        return False
    said = {field: (value,) for field, value in happening.when.items()}
    return any(
        _agree(rule.match, happening.event, said)
        and not set(rule.sources).isdisjoint(happening.states)
        for rule in procedure.rules.values()
    )


def _can_come(trigger: Trigger | None, procedure: Procedure) -> bool:
    if trigger is None:
        return True
    if trigger.enters:
        return not set(trigger.enters).isdisjoint(procedure.states)
    return any(_is_followed(rule, trigger) for rule in procedure.rules.values())


def _is_followed(rule: Rule, trigger: Trigger) -> bool:
    taken = {step.step for step in rule.sets}
    return _agree(rule.match, trigger.event, trigger.when) and (
        not trigger.takes or trigger.takes in taken
    )


def _sees_to(duty: Duty, happening: Happening) -> bool:
    """Tell whether a duty is met by a happening's event, and opened by what it has to be."""
    said = {field: (value,) for field, value in happening.when.items()}
    if not any(_agree(match, happening.event, said) for match in duty.met_by):
        return False
    opening = (*duty.opens, *(duty.met_by if duty.recurs else ()))
    if happening.opened_by:
        return any(match.event in happening.opened_by for match in opening)
    trigger = happening.follows
    return trigger is None or any(_agree(match, trigger.event, trigger.when) for match in opening)


def _agree(match: Match, event: str, when: Mapping[str, tuple[Any, ...]]) -> bool:
    """Tell whether an event of a kind with one of these values in each field can be a match."""
    allowed = dict(match.when)
    return match.event == event and all(
        not set(values).isdisjoint(allowed.get(field, values)) for field, values in when.items()
    )
