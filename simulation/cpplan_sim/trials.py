"""Trials: synthetic cases for the check, run fast in tables and held against the kernel one by one.

The cases are those of the caseload engine under the profile ``trial``, in which everything happens
often and much is tried that is not allowed. Whether any of it was right is not judged here but by
the monitors, which know nothing of this.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import attrs

from cpplan import Plan, Procedure
from cpplan.refusals import (
    BEFORE_LAST_EVENT,
    NO_RULE_FOR_THESE_FIELDS,
    NOT_IN_THIS_STATE,
    PLAN_ENDED,
    PROCEDURE_SILENT,
)
from cpplan.rules import Edge
from cpplan.states import is_ended
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.replaying import SimulatedCase, simulated_case
from cpplan_sim.monitors import Moment

PROFILE = "trial"

SPAN = Span(dt.date(2019, 4, 1), dt.date(2021, 3, 31))
"""Two years: a plan under a procedure that knows no ending would otherwise go on as long as it can,
and show nothing new."""


@attrs.frozen
class Case:
    """One synthetic case.

    Attributes:
        number: which case of a run; with the run's seed it makes the same case again.
        plan: the kernel's plan at the end.
        moments: everything attempted, in order.
        refusals: how often each code was given.
    """

    number: int
    plan: Plan
    moments: tuple[Moment, ...]
    refusals: Counter[str]

    @property
    def accepted(self) -> int:
        """How many attempts were recorded."""
        return sum(moment.recorded for moment in self.moments)

    @property
    def refused(self) -> int:
        """How many attempts were refused."""
        return len(self.moments) - self.accepted


def synthetic_cases(procedure: Procedure, count: int, seed: int = 0) -> Iterator[Case]:
    """Yield synthetic cases, each as the kernel has it when it is given all that was attempted.

    Args:
        procedure: the procedure that they are run under.
        count: how many; they are numbered from 0, and one is the same however many there are.
        seed: of the run.

    Raises:
        MismatchError: the kernel answers otherwise than the tables that ran the case.
        CaseError: a case could not be run to its end.
    """
    if count == 0:
        return
    tables = compile_tables(procedure, load_profile(PROFILE, procedure), SPAN)
    runner = Runner(tables, seed)
    for number in range(count):
        simulated = simulated_case(runner, number)
        yield _case(simulated, simulated.replay(Plan(procedure), SPAN.closes))


def _case(simulated: SimulatedCase, plan: Plan) -> Case:
    tried = simulated.moments
    after = [*(one.state for one in tried[1:]), simulated.state]
    moments = (
        Moment(one.event, one.edge is not None, one.state, state)
        for one, state in zip(tried, after, strict=True)
    )
    codes = Counter(code for one in tried for code in one.codes)
    return Case(simulated.number, plan, tuple(moments), codes)


def codes_of(procedure: Procedure) -> tuple[str, ...]:
    """Return the codes of refusal that a procedure can give, in alphabetical order.

    Those of its rules' needs, and those that come from the machinery: the plan is over only where a
    rule ends one, and fields are in question only where a rule is for some fields or steps alone.
    """
    codes = {need.code for rule in procedure.rules.values() for need in rule.needs}
    codes |= {BEFORE_LAST_EVENT, NOT_IN_THIS_STATE, PROCEDURE_SILENT}
    if any(is_ended(edge.target) for edge in procedure.edges):
        codes.add(PLAN_ENDED)
    if any(_picks(edge) for edge in procedure.edges):
        codes.add(NO_RULE_FOR_THESE_FIELDS)
    return tuple(sorted(codes))


def _picks(edge: Edge) -> bool:
    match = edge.rule.match
    steps = edge.given or edge.given_any or edge.given_none
    return bool(steps or match.when or match.where)
