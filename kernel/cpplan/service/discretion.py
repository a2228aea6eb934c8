"""Discretion: what is left out of an answer to whoever may write and may not read.

Such a caller learns what came of its own entry, and how many entries the plan has, without which it
could record nothing more: nothing of what others recorded, or of what that amounts to.
"""

from __future__ import annotations

import attrs

from cpplan.service.answering import Recorded
from cpplan.service.callers import Caller, Permission
from cpplan.service.problems import PlanStands, Problem


def told_to(caller: Caller, recorded: Recorded) -> Recorded:
    """Return as much of what was recorded as a caller may know."""
    if Permission.READ in caller.may:
        return recorded
    return attrs.evolve(recorded, state="", consequences=None)


def refused_to(caller: Caller, problem: Problem) -> Problem:
    """Return as much of a refusal as a caller may know."""
    if Permission.READ in caller.may:
        return problem
    plans = tuple(PlanStands(plan=one.plan, version=one.version) for one in problem.plans)
    return attrs.evolve(problem, plans=plans)
