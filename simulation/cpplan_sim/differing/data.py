"""Data: what differs between two procedures, as plain data for a machine."""

from __future__ import annotations

from typing import Any

from cpplan import Procedure
from cpplan.codec import event_to_dict
from cpplan.rules import Rule
from cpplan_sim.differing.dueness import Due
from cpplan_sim.differing.effects import Effects
from cpplan_sim.differing.naming import told_of
from cpplan_sim.differing.parting import Parting, Partings
from cpplan_sim.differing.statements import Difference, Sort
from cpplan_sim.differing.telling import by_procedure, limit, shown


def as_data(found: Effects) -> dict[str, Any]:
    """Return all of it as plain data."""
    return {
        "one": _named(found.one),
        "other": _named(found.other),
        "differences": [_difference_data(one) for one in found.differences],
        "one-allows": _partings_data(found.one_allows),
        "other-allows": _partings_data(found.other_allows),
        "due": [_due_data(found, one) for one in found.due],
    }


def _named(procedure: Procedure) -> dict[str, str]:
    return {"procedure": procedure.name, "digest": procedure.digest, **told_of(procedure)}


def _difference_data(one: Difference) -> dict[str, Any]:
    return {
        "sort": one.sort.value,
        "id": one.id,
        "in-what": list(one.in_what),
        "acts": one.acts,
        "one": _statement_data(one, one.one),
        "other": _statement_data(one, one.other),
    }


def _statement_data(one: Difference, statement: Any) -> dict[str, Any] | None:
    if statement is None:
        return None
    figure = shown(one.sort, statement)
    data = {"says": statement.says, "cites": list(one.clauses(statement))}
    data |= {"figure": figure} if figure else {}
    return data | ({"needs": _needs_data(statement)} if one.sort is Sort.RULE else {})


def _needs_data(rule: Rule) -> list[dict[str, Any]]:
    return [{"code": n.code, "says": n.says, "cites": list(n.cites)} for n in rule.needs]


def _partings_data(found: Partings) -> dict[str, Any]:
    return {
        "found": [_parting_data(one) for one in found.found],
        "missed": [
            {
                "event": one.target.kind,
                "rule": one.target.rule.id if one.target.rule else "",
                "code": one.target.code,
                "fate": one.fate.value,
                "states-searched": one.states,
                "why": one.why,
            }
            for one in found.missed
        ],
    }


def _parting_data(one: Parting) -> dict[str, Any]:
    return {
        "event": one.events[-1].kind,
        "allowed-by": one.allowed_by.id,
        "refused-by": one.refused_by.id if one.refused_by else "",
        "reasons": [
            {"code": r.code, "says": r.says, "cites": list(r.cites)} for r in one.refused.reasons
        ],
        "shortest": one.shortest,
        "history": [event_to_dict(event) for event in one.events],
    }


def _due_data(found: Effects, one: Due) -> dict[str, Any]:
    return {
        "duty": one.duty,
        "owed": [
            {
                "procedure": procedure.name,
                "owed": owed is not None,
                "due": owed.due_on.isoformat() if owed and owed.due_on else None,
                "limit": limit(duty),
                "cites": list(duty.cites),
            }
            for procedure, duty, owed in by_procedure(found, one)
        ],
        "apart": one.apart,
        "why": one.why,
        "history": [event_to_dict(event) for event in one.events],
    }
