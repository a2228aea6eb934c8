"""Migration: what becomes of one plan when it is put under another edition, and doing so."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import attrs

from cpplan.comparing import compared
from cpplan.consequences import Consequences
from cpplan.needs import StepNeed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cpplan.decisions import Reason
    from cpplan.ledger_decisions import LedgerAccepted, LedgerRefused
    from cpplan.ledgers import Ledger
    from cpplan.plans import Plan
    from cpplan.procedures import Procedure
    from cpplan.rules import Rule


@attrs.frozen(kw_only=True)
class StepNeeded:
    """A step that a rule asks for under the other edition only, and that has not been taken.

    Attributes:
        rule: the rule, by its id.
        step: the step.
        reason: what a refusal would say.
    """

    rule: str
    step: str
    reason: Reason


@attrs.frozen(kw_only=True)
class Migration:
    """What becomes of one plan under another edition.

    Attributes:
        to: the other edition's procedure, by name.
        digest: the other edition.
        on: its first day.
        state: the state in which the plan is on that day.
        reasons: why the plan can't be put under it; none if it can.
        consequences: what is decided, owed and reached otherwise.
        steps_lost: steps that both editions know and that no longer stand, since what took them
            takes them no more.
        steps_gained: steps that stand now, since the other edition takes them from what happened.
        steps_needed: steps newly needed, now or later on.
        rules_gone: rules that could still have mattered to the plan and are no more, by id.
        rules_new: rules that can matter to the plan and were not there, by id.
    """

    to: str
    digest: str
    on: dt.date
    state: str
    reasons: tuple[Reason, ...] = ()
    consequences: Consequences
    steps_lost: tuple[str, ...] = ()
    steps_gained: tuple[str, ...] = ()
    steps_needed: tuple[StepNeeded, ...] = ()
    rules_gone: tuple[str, ...] = ()
    rules_new: tuple[str, ...] = ()

    @property
    def possible(self) -> bool:
        """Whether the plan can be put under the other edition."""
        return not self.reasons


def migration_of(ledger: Ledger, to: Procedure, on: dt.date, *, id: str = "") -> Migration:
    """Return what would become of a plan under another edition. Nothing is recorded.

    Args:
        ledger: the plan's ledger.
        to: the other edition.
        on: the first day under it.
        id: what the entry will be called, if its consequences are to be accepted by their digest.

    Raises:
        ValueError: an entry of the ledger is called so.
        CalendarRangeError, OverflowError: under it, what is due can't be reckoned.

    Example:
        >>> from cpplan import load
        >>> from cpplan.ledgers import Ledger
        >>> now, then = load("jersey"), load("jersey", values={"visit-interval": 1})
        >>> migration_of(Ledger.opened(now), then, dt.date(2026, 4, 1)).possible
        True
    """
    known = ledger.knowing(to)
    if any(entry.id == id for entry in ledger.entries):
        raise ValueError(f"an entry of the ledger is called {id!r} already; give another name")
    # Only looked at, never recorded: so its day of recording is of no account.
    trial = known.migrated(to, on, id=id or f"to {to.digest} on {on}", recorded_on=on)
    replayed = known.with_entry(trial).turns
    turn = next(turn for turn in replayed if turn.standing.entry == trial)
    made = Migration(
        to=to.name,
        digest=to.digest,
        on=on,
        state=turn.before.state,
        reasons=turn.reasons,
        consequences=compared(trial.id, ledger.turns, replayed, by=trial.id),
    )
    return made if turn.reasons else _told(made, turn.before, turn.after)


def _told(migration: Migration, before: Plan, after: Plan) -> Migration:
    """Return the migration with what changes of steps and rules."""
    formerly, now = _ahead(before), _ahead(after)
    shared = before.procedure.steps.keys() & after.procedure.steps.keys()
    return attrs.evolve(
        migration,
        steps_lost=tuple(sorted((before.steps.keys() - after.steps.keys()) & shared)),
        steps_gained=tuple(sorted(after.steps.keys() - before.steps.keys())),
        steps_needed=tuple(_needed(formerly, now, after)),
        rules_gone=tuple(rule for rule in formerly if rule not in after.procedure.rules),
        rules_new=tuple(rule for rule in now if rule not in before.procedure.rules),
    )


def _ahead(plan: Plan) -> Mapping[str, Rule]:
    return plan.procedure.rules_ahead[plan.state]


def _needed(
    formerly: Mapping[str, Rule], now: Mapping[str, Rule], plan: Plan
) -> Iterator[StepNeeded]:
    for name, rule in now.items():
        asked = {need.step for need in _steps(formerly[name])} if name in formerly else set()
        for need in _steps(rule):
            if need.step not in asked and need.step not in plan.steps:
                yield StepNeeded(rule=name, step=need.step, reason=need.reason)


def _steps(rule: Rule) -> list[StepNeed]:
    return [need for need in rule.needs if isinstance(need, StepNeed)]


def migrate(
    ledger: Ledger,
    to: Procedure,
    on: dt.date,
    *,
    id: str,
    recorded_on: dt.date,
    accepting: Consequences | str | None = None,
) -> LedgerAccepted | LedgerRefused:
    """Put a plan under another edition, and record that.

    Args:
        ledger: the plan's ledger.
        to: the other edition.
        on: the first day under it. Events from that day on are judged by it.
        id: the caller's name for the entry.
        recorded_on: the day on which it is recorded.
        accepting: the consequences that the caller accepts, or their digest.

    Returns:
        The ledger with the change; or every reason against it, such as a state without an equal
        (``state-without-equal``), with the consequences where they are left to accept.
    """
    known = ledger.knowing(to)
    entry = known.migrated(to, on, id=id, recorded_on=recorded_on)
    return known.record(entry, accepting=accepting)
