"""Things to exercise: each rule, each refusal code, each status of each duty.

With those that can't be by what the procedure is made of, and why: a reason that is worked out,
never a list. What takes a search to show is in :mod:`cpplan_sim.exploring.ways`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping

import attrs

from cpplan import Procedure
from cpplan.events import KINDS
from cpplan.refusals import (
    BEFORE_LAST_EVENT,
    NO_RULE_FOR_THESE_FIELDS,
    NOT_IN_THIS_STATE,
    PLAN_ENDED,
    PROCEDURE_SILENT,
)
from cpplan.states import is_ended
from cpplan_sim.exploring.exercise import Exercise
from cpplan_sim.exploring.possible import statuses


class Sort(enum.StrEnum):
    """What can be exercised."""

    RULE = "rule"
    CODE = "refusal code"
    STATUS = "duty status"


@attrs.frozen(order=True)
class Thing:
    """Something that can be exercised: a rule, a refusal code, or a status of a duty."""

    sort: Sort
    name: str

    def __str__(self) -> str:
        """Return what it is, and which."""
        return f"{self.sort} {self.name}"


def things(procedure: Procedure, seen: Exercise) -> dict[Thing, int]:
    """Return everything that there is to exercise, with how often it was."""
    rules = {Thing(Sort.RULE, name): seen.rules[name] for name in procedure.rules}
    codes = {Thing(Sort.CODE, name): seen.refusals[name] for name in codes_of(procedure)}
    kept = {
        Thing(Sort.STATUS, f"{duty}: {status}"): seen.statuses[duty, status]
        for duty, status in statuses(procedure)
    }
    return {**rules, **codes, **kept}


def codes_of(procedure: Procedure) -> list[str]:
    """Return the codes that a refusal can have: those of the needs, and the machinery's own."""
    needed = {need.code for rule in procedure.rules.values() for need in rule.needs}
    own = (BEFORE_LAST_EVENT, PLAN_ENDED, PROCEDURE_SILENT, NOT_IN_THIS_STATE)
    return [*sorted(needed), *own, NO_RULE_FOR_THESE_FIELDS]


def by_kind(procedure: Procedure) -> Mapping[Thing, str]:
    """Return what can't be exercised by what the procedure is made of, with the reason."""
    kept = {
        Thing(Sort.STATUS, f"{duty}: {status}"): why
        for (duty, status), why in statuses(procedure).items()
        if why
    }
    codes = {Thing(Sort.CODE, name): why for name, why in _codes(procedure)}
    return {**kept, **codes}


def _codes(procedure: Procedure) -> Iterator[tuple[str, str]]:
    kinds = {edge.rule.match.event for edge in procedure.edges}
    if not any(is_ended(state) for state in procedure.states):
        yield PLAN_ENDED, "no rule of the procedure ends a plan"
    routed = any(edge.rule.match.when for edge in procedure.edges)
    if kinds == set(KINDS) and not routed:
        yield PROCEDURE_SILENT, "the procedure has a rule for every event"
    everywhere = all(
        procedure.engine.candidates(state, kind)
        for state in procedure.states
        if not is_ended(state)
        for kind in kinds
    )
    if everywhere:
        yield NOT_IN_THIS_STATE, "every event that has a rule has one in every state"
