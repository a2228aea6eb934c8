"""Breaking procedures on purpose: the same procedure with one thing taken away.

A check that a broken procedure passes is no check. Everything here returns a new procedure and
leaves the one given as it was.
"""

from __future__ import annotations

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, Need
from cpplan.rules import Rule


def without_need(procedure: Procedure, rule: str, number: int) -> Procedure:
    """Return the procedure without one need of one rule, counted from 0."""
    needs = procedure.rules[rule].needs
    return _with_rule(
        procedure, attrs.evolve(procedure.rules[rule], needs=needs[:number] + needs[number + 1 :])
    )


def without_code(procedure: Procedure, rule: str, code: str) -> Procedure:
    """Return the procedure without the needs of one rule that refuse with a code.

    Raises:
        LookupError: the rule has none; there would be nothing broken.
    """
    needs = procedure.rules[rule].needs
    kept = tuple(need for need in needs if need.code != code)
    if kept == needs:
        raise LookupError(f"{rule} has no need {code!r}")
    return _with_rule(procedure, attrs.evolve(procedure.rules[rule], needs=kept))


def without_citing(procedure: Procedure, clause: str) -> Procedure:
    """Return the procedure with nothing in it that cites a clause, but with the clause."""

    def less(cites: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(one for one in cites if one != clause)

    def need(one: Need) -> Need:
        if isinstance(one, AnyNeed):
            inner = tuple(map(need, one.needs))
            return attrs.evolve(one, cites=less(one.cites), needs=inner)
        return attrs.evolve(one, cites=less(one.cites))

    rules = {
        name: attrs.evolve(rule, cites=less(rule.cites), needs=tuple(map(need, rule.needs)))
        for name, rule in procedure.rules.items()
    }
    return attrs.evolve(
        procedure,
        rules=rules,
        duties={
            name: attrs.evolve(duty, cites=less(duty.cites))
            for name, duty in procedure.duties.items()
        },
        values={
            name: attrs.evolve(value, cites=less(value.cites))
            for name, value in procedure.values.items()
        },
        records={
            kind: tuple(attrs.evolve(one, cites=less(one.cites)) for one in records)
            for kind, records in procedure.records.items()
        },
    )


def _with_rule(procedure: Procedure, rule: Rule) -> Procedure:
    return attrs.evolve(procedure, rules={**procedure.rules, rule.id: rule})
