"""Refused attempts: how often each reason was given, in the sentences of the procedure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cpplan import Procedure
from cpplan.needs import AnyNeed, Need
from cpplan.refusals import (
    BEFORE_LAST_EVENT,
    NO_RULE_FOR_THESE_FIELDS,
    NOT_IN_THIS_STATE,
    PLAN_ENDED,
    PROCEDURE_SILENT,
)
from cpplan_sim.caseload.findings import RefusalFinding

MACHINERY = {
    BEFORE_LAST_EVENT: "The day is before that of the latest event.",
    PLAN_ENDED: "The plan is over.",
    PROCEDURE_SILENT: "The procedure says nothing of such an event.",
    NOT_IN_THIS_STATE: "The procedure has no rule for such an event in the state of the plan.",
    NO_RULE_FOR_THESE_FIELDS: "The procedure has no rule for such an event as it was recorded.",
}
"""What the codes say that no clause gives."""


def refusals_of(
    procedure: Procedure, codes: Sequence[str], counts: Sequence[int]
) -> tuple[RefusalFinding, ...]:
    """Return the reasons that were given, the most frequent first.

    Args:
        procedure: whose rules refused.
        codes: the codes, in the order of the counts.
        counts: how often each was given.
    """
    needs: dict[str, list[Need]] = {}
    for rule in procedure.rules.values():
        for need in _flat(rule.needs):
            needs.setdefault(need.code, []).append(need)
    found = [
        _refusal(code, times, needs.get(code, []))
        for code, times in zip(codes, counts, strict=True)
        if times
    ]
    return tuple(sorted(found, key=lambda one: -one.times))


def _flat(needs: Sequence[Need]) -> Iterator[Need]:
    for need in needs:
        yield need
        if isinstance(need, AnyNeed):
            yield from _flat(need.needs)


def _refusal(code: str, times: int, needs: Sequence[Need]) -> RefusalFinding:
    says = [need.says for need in needs] or [MACHINERY[code]]
    clauses = [clause for need in needs for clause in need.cites]
    return RefusalFinding(
        code=code,
        times=times,
        says=tuple(dict.fromkeys(says)),
        clauses=tuple(dict.fromkeys(clauses)),
    )
