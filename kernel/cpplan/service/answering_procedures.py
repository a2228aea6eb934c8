"""Answering about procedures: their names, states, rules, duties and clauses, as classes."""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.clauses import Clause, Strength
from cpplan.duties import Duty
from cpplan.procedures import Procedure
from cpplan.roles import Role
from cpplan.rules import Rule
from cpplan.states import STATES


@attrs.frozen(kw_only=True)
class ProcedureName:
    """One edition of a procedure.

    Attributes:
        name, digest: the name, and the hash that tells its editions apart.
        title, edition, says, jurisdiction: as its pack states them.
        valid_from, valid_to: the dates between which it is in force, where known.
    """

    name: str
    digest: str
    title: str
    edition: str
    says: str
    jurisdiction: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @classmethod
    def of(cls, procedure: Procedure) -> ProcedureName:
        """Return what names a procedure."""
        return cls(**{field.name: getattr(procedure, field.name) for field in attrs.fields(cls)})


@attrs.frozen(kw_only=True)
class ProcedureList:
    """The editions that plans may be under.

    Attributes:
        procedures: each of them.
    """

    procedures: tuple[ProcedureName, ...]


@attrs.frozen(kw_only=True)
class StateShown:
    """A state of a plan, and what it means."""

    name: str
    means: str


@attrs.frozen(kw_only=True)
class RuleShown:
    """A rule by which the lifecycle moves: from which states, by which event, to which."""

    id: str
    event: str
    sources: tuple[str, ...]
    target: str
    says: str
    cites: tuple[str, ...] = ()

    @classmethod
    def of(cls, rule: Rule) -> RuleShown:
        """Return what is told of a rule."""
        return cls(
            id=rule.id,
            event=rule.match.event,
            sources=rule.sources,
            target=rule.target,
            says=rule.says,
            cites=rule.cites,
        )


@attrs.frozen(kw_only=True)
class DutyShown:
    """What falls due, how far it binds, and who owes it."""

    id: str
    says: str
    strength: Strength
    owed_by: tuple[Role, ...] = ()
    cites: tuple[str, ...] = ()

    @classmethod
    def of(cls, duty: Duty) -> DutyShown:
        """Return what is told of a duty."""
        return cls(**{field.name: getattr(duty, field.name) for field in attrs.fields(cls)})


@attrs.frozen(kw_only=True)
class ProcedureShown:
    """One edition of a procedure, and what it decides by."""

    procedure: ProcedureName
    states: tuple[StateShown, ...]
    rules: tuple[RuleShown, ...]
    duties: tuple[DutyShown, ...]

    @classmethod
    def of(cls, procedure: Procedure) -> ProcedureShown:
        """Return what is told of a procedure."""
        return cls(
            procedure=ProcedureName.of(procedure),
            states=tuple(StateShown(name=one, means=STATES[one]) for one in procedure.states),
            rules=tuple(map(RuleShown.of, procedure.rules.values())),
            duties=tuple(map(DutyShown.of, procedure.duties.values())),
        )


@attrs.frozen(kw_only=True)
class ClauseShown:
    """A clause of a source, paraphrased. ``number`` is its paragraph in the source."""

    id: str
    source: str
    number: str
    strength: Strength
    topic: str
    rule: str
    notes: str = ""

    @classmethod
    def of(cls, clause: Clause) -> ClauseShown:
        """Return what is told of a clause."""
        return cls(**{field.name: getattr(clause, field.name) for field in attrs.fields(cls)})


@attrs.frozen(kw_only=True)
class ClauseList:
    """The clauses of a procedure's sources, in their order."""

    clauses: tuple[ClauseShown, ...]
