"""The account: what becomes of every clause of a procedure's sources.

A clause is enforced if a rule or a need stands on it, tracked if a duty does, recorded if a field
of an event does. One that the register wants so treated, and that nothing stands on, is excused
with a reason, or it is missing.
"""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from cpplan import Procedure
from cpplan.clauses import Clause, Enforcement
from cpplan.needs import AnyNeed, Need


class Fate(enum.StrEnum):
    """What becomes of a clause."""

    ENFORCED = "enforced"
    TRACKED = "tracked"
    RECORDED = "recorded"
    DOCUMENTED = "documented only"
    EXCUSED = "excused"
    NOT_TAKEN = "not taken"
    MISSING = "missing"


@attrs.frozen
class Standing:
    """One clause: what becomes of it and by what."""

    clause: Clause
    fate: Fate
    by: tuple[str, ...] = ()
    why: str = ""


@attrs.frozen
class Account:
    """The standing of every clause of a procedure's sources."""

    procedure: str
    standings: tuple[Standing, ...]

    @property
    def counts(self) -> Counter[Fate]:
        """How many clauses came to each fate."""
        return Counter(standing.fate for standing in self.standings)

    def of(self, fate: Fate) -> tuple[Standing, ...]:
        """Return the clauses that came to one fate."""
        return tuple(standing for standing in self.standings if standing.fate is fate)


def account_of(procedure: Procedure) -> Account:
    """Return what becomes of each clause.

    A procedure that draws on several sources need not take all of each: what it leaves is not
    taken, instead of missing.
    """
    uses = _uses(procedure)
    many = len({clause.source for clause in procedure.clauses.values()}) > 1
    standings = [
        _standing(clause, uses, procedure.excused, many) for clause in procedure.clauses.values()
    ]
    return Account(procedure.name, tuple(standings))


_WANTED: Mapping[Enforcement, tuple[Fate, ...]] = {
    Enforcement.KERNEL_GUARD: (Fate.ENFORCED,),
    Enforcement.KERNEL_OBLIGATION: (Fate.TRACKED, Fate.ENFORCED),
    Enforcement.KERNEL_FIELD: (Fate.RECORDED, Fate.ENFORCED, Fate.TRACKED),
    Enforcement.DOCS_ONLY: (Fate.DOCUMENTED, Fate.ENFORCED, Fate.TRACKED, Fate.RECORDED),
}
"""What does justice to a clause, by what the register wants of it. Best first."""


def _standing(
    clause: Clause,
    uses: Mapping[Fate, Mapping[str, tuple[str, ...]]],
    excused: Mapping[str, str],
    many: bool,
) -> Standing:
    found = {fate: by[clause.id] for fate, by in uses.items() if clause.id in by}
    for fate in _WANTED[clause.enforcement]:
        if fate in found:
            return Standing(clause, fate, found[fate])
    if clause.enforcement is Enforcement.DOCS_ONLY:
        return Standing(clause, Fate.DOCUMENTED, why=clause.why)
    if clause.id in excused:
        return Standing(clause, Fate.EXCUSED, why=excused[clause.id])
    return Standing(clause, Fate.NOT_TAKEN if many else Fate.MISSING)


def _uses(procedure: Procedure) -> dict[Fate, dict[str, tuple[str, ...]]]:
    """Return, for each way of doing justice, the clauses with the names of what stands on them."""
    enforced: dict[str, list[str]] = {}
    for rule in procedure.rules.values():
        _note(enforced, rule.cites, f"rule {rule.id}")
        for need in _all_needs(rule.needs):
            _note(enforced, need.cites, f"rule {rule.id}: {need.code}")
    tracked: dict[str, list[str]] = {}
    for duty in procedure.duties.values():
        _note(tracked, duty.cites, f"duty {duty.id}")
    recorded: dict[str, list[str]] = {}
    for kind, records in procedure.records.items():
        for record in records:
            _note(recorded, record.cites, f"field {kind}.{record.path}")
    for value in procedure.values.values():
        _note(recorded, value.cites, f"value {value.id}")
    return {
        Fate.ENFORCED: _frozen(enforced),
        Fate.TRACKED: _frozen(tracked),
        Fate.RECORDED: _frozen(recorded),
    }


def _all_needs(needs: Iterable[Need]) -> Iterable[Need]:
    for need in needs:
        yield need
        if isinstance(need, AnyNeed):
            yield from _all_needs(need.needs)


def _note(uses: dict[str, list[str]], clauses: Iterable[str], what: str) -> None:
    for clause in clauses:
        uses.setdefault(clause, []).append(what)


def _frozen(uses: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {clause: tuple(dict.fromkeys(names)) for clause, names in uses.items()}
