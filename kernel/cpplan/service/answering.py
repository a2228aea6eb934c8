"""Answering about plans: what a caller is given, as classes made from the kernel's values alone."""

from __future__ import annotations

import datetime as dt

import attrs

from cpplan.consequences import Consequences
from cpplan.decisions import Omission, Reason
from cpplan.entries import LedgerEntry
from cpplan.obligations import Obligation, Status
from cpplan.plans import Option
from cpplan.replaying import Turn
from cpplan.service.answering_procedures import DutyShown


@attrs.frozen(kw_only=True)
class Health:
    """The service answers, and its database too."""

    status: str = "ok"


@attrs.frozen(kw_only=True)
class PlanName:
    """A plan, the number of its entries, and the hash of the last one."""

    plan: str
    version: int
    hash: str


@attrs.frozen(kw_only=True)
class PlanList:
    """Some plans, in the order of their names.

    Attributes:
        plans: the plans.
        next: what to give as ``after`` for the next ones; absent after the last.
    """

    plans: tuple[PlanName, ...]
    next: str = ""


@attrs.frozen(kw_only=True)
class Unlawful:
    """What stands in a plan's record and would be refused if it were recorded now.

    Attributes:
        entry: the entry that says so.
        on: the day that it is about.
        aside: whether it is no part of the plan, since no rule has a place for it.
        reasons: everything against it.
    """

    entry: str
    on: dt.date
    aside: bool
    reasons: tuple[Reason, ...]

    @classmethod
    def of(cls, turn: Turn) -> Unlawful:
        """Return what is told of it."""
        entry = turn.standing.entry.id
        return cls(entry=entry, on=turn.on, aside=turn.aside, reasons=turn.reasons)


@attrs.frozen(kw_only=True)
class PlanShown:
    """Where a plan stands on a day.

    Attributes:
        plan: its name.
        version, hash: the number of its entries, and the hash of the last one.
        procedure, digest: the edition that it is under on that day, whatever is recorded for later.
        state: its state.
        ended: whether it is over.
        last_day: the day of the latest event.
        steps: the steps that stand, with the day on which each was taken.
        unlawful: what stands in the record against the procedure.
        team: who answers for it, as far as is known now.
    """

    plan: str
    version: int
    hash: str
    procedure: str
    digest: str
    state: str
    ended: bool
    last_day: dt.date | None = None
    steps: dict[str, dt.date]
    unlawful: tuple[Unlawful, ...] = ()
    team: str = ""


@attrs.frozen(kw_only=True)
class EntryShown:
    """One entry of a plan, its version, and the hash over it and all before it."""

    version: int
    hash: str
    entry: LedgerEntry


@attrs.frozen(kw_only=True)
class EntryList:
    """Some entries of a plan, in order of recording.

    Attributes:
        entries: the entries.
        next: what to give as ``after`` for the next ones; absent after the last.
    """

    entries: tuple[EntryShown, ...]
    next: int | None = None


@attrs.frozen(kw_only=True)
class Allowed:
    """An event that can be recorded, as far as steps and dates decide it.

    Attributes:
        event: its kind.
        rule, says, cites: the rule for it, what that says, and its clauses.
        target: the state it leads to.
        asks: what the event itself has to hold.
    """

    event: str
    rule: str
    says: str
    target: str
    cites: tuple[str, ...] = ()
    asks: tuple[Reason, ...] = ()

    @classmethod
    def of(cls, option: Option) -> Allowed:
        """Return what is told of what can be recorded."""
        rule = option.rule
        return cls(
            event=option.event,
            rule=rule.id,
            says=rule.says,
            target=option.target,
            cites=rule.cites,
            asks=option.asks,
        )


@attrs.frozen(kw_only=True)
class AllowedList:
    """What can be recorded on a day."""

    on: dt.date
    allowed: tuple[Allowed, ...]


@attrs.frozen(kw_only=True)
class Due:
    """What is owed on a plan at the end of a day.

    Attributes:
        duty: the duty.
        status: due, overdue or undecidable.
        opened_on: the day from which it is owed.
        due_on: the last day on which it is met in time, where there is one.
    """

    duty: DutyShown
    status: Status
    opened_on: dt.date
    due_on: dt.date | None = None

    @classmethod
    def of(cls, one: Obligation, status: Status) -> Due:
        """Return what is told of an obligation."""
        return cls(
            duty=DutyShown.of(one.duty), status=status, opened_on=one.opened_on, due_on=one.due_on
        )


@attrs.frozen(kw_only=True)
class DueList:
    """What is owed on a plan at the end of a day, soonest first."""

    on: dt.date
    due: tuple[Due, ...]


@attrs.frozen(kw_only=True)
class Considered:
    """What would be answered if an entry were recorded.

    Attributes:
        accepted: whether it would be recorded.
        reasons: everything against it.
        consequences: what it would change of what is there; absent where it can't have a place.
        accept: what to give as ``accepting`` to accept them, where they have to be.
    """

    accepted: bool
    reasons: tuple[Reason, ...] = ()
    consequences: Consequences | None = None
    accept: str = ""


@attrs.frozen(kw_only=True)
class Recorded:
    """An entry is stored.

    Attributes:
        plan: the name of the plan.
        version, hash: where the plan stood with it. Kept elsewhere, the hash shows whether anything
            before it was altered.
        entry: the entry, with what was filled in.
        repeated: whether it was there already, so that nothing is new.
        state: the state of the plan with it, on the day of recording; only for who may read.
        consequences: what it changed, what it opened and what it closed; only for who may read.
        omissions: what the procedure wants recorded with it and was not given.
    """

    plan: str
    version: int
    hash: str
    entry: LedgerEntry
    repeated: bool
    state: str = ""
    consequences: Consequences | None = None
    omissions: tuple[Omission, ...] = ()


@attrs.frozen(kw_only=True)
class RecordedList:
    """Entries that are stored, in the order given."""

    recorded: tuple[Recorded, ...]
