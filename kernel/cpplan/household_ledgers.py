"""The ledgers of the children of one household: one thing recorded for several, or for none.

Each child has a ledger of its own, as each has a plan. What is recorded for several bears the same
id in each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import ClassVar, Literal

import attrs

from cpplan.consequences import Consequences
from cpplan.entries import LedgerEntry
from cpplan.events import Event, VisitMade
from cpplan.households import how_many, require, visit_for
from cpplan.ledger_decisions import LedgerAccepted, LedgerRefused
from cpplan.ledgers import Ledger

NONE: Mapping[str, Consequences | str] = MappingProxyType({})


def _frozen(ledgers: Mapping[str, Ledger]) -> Mapping[str, Ledger]:
    return MappingProxyType(dict(ledgers))


@attrs.frozen
class HouseholdLedgers:
    """The ledgers of the children of one household.

    Attributes:
        ledgers: each child's ledger, by whatever the integrator calls the child.
    """

    ledgers: Mapping[str, Ledger] = attrs.field(converter=_frozen, hash=False, repr=how_many)

    def record(
        self,
        entry_for: Mapping[str, LedgerEntry],
        *,
        accepting: Mapping[str, Consequences | str] = NONE,
    ) -> HouseholdLedgersAccepted | HouseholdLedgersRefused:
        """Record one entry for each of some children: all of them, or none.

        Args:
            entry_for: the entry for each child concerned. The other ledgers stay as they are.
            accepting: the consequences accepted for each child that has any, or their digest.

        Returns:
            The new ledgers with what was decided for each child, or what refused children were
            refused for.

        Raises:
            UnknownChildError: a child is not in the household.
        """
        require(entry_for, self.ledgers)
        decisions = {
            child: self.ledgers[child].record(entry, accepting=accepting.get(child))
            for child, entry in entry_for.items()
        }
        refused = {child: d for child, d in decisions.items() if isinstance(d, LedgerRefused)}
        if refused:
            return HouseholdLedgersRefused(refused)
        accepted = {child: d for child, d in decisions.items() if isinstance(d, LedgerAccepted)}
        after = {child: decision.ledger for child, decision in accepted.items()}
        return HouseholdLedgersAccepted(HouseholdLedgers({**self.ledgers, **after}), accepted)

    def happened(
        self, event_for: Mapping[str, Event], *, id: str, recorded_on: dt.date
    ) -> Mapping[str, LedgerEntry]:
        """Return the entry for each child concerned by one thing that happened.

        Args:
            event_for: what happened for each, such as one conference that decided for all.
            id: the caller's name for the entries: the same for all.
            recorded_on: the day on which they are recorded.

        Raises:
            UnknownChildError: a child is not in the household.
        """
        require(event_for, self.ledgers)
        return {
            child: self.ledgers[child].happened(event, id=id, recorded_on=recorded_on)
            for child, event in event_for.items()
        }

    def visited(
        self, event: VisitMade, seen: Collection[str], *, id: str, recorded_on: dt.date
    ) -> Mapping[str, LedgerEntry]:
        """Return the entries for one visit, as having seen only those who were seen.

        It is an entry for every child who was on a plan on the day of the visit, however late it
        is recorded: see :meth:`cpplan.households.Household.visit`.

        Args:
            event: the visit.
            seen: the children who were seen.
            id: the caller's name for the entries: the same for all.
            recorded_on: the day on which they are recorded.

        Raises:
            UnknownChildError: a child seen is not in the household.
        """
        then = {child: ledger.plan_on(event.on) for child, ledger in self.ledgers.items()}
        return self.happened(visit_for(event, seen, then), id=id, recorded_on=recorded_on)


@attrs.frozen
class HouseholdLedgersAccepted:
    """Every entry is recorded.

    Attributes:
        household: the ledgers as they are now.
        decisions: what was decided for each child concerned.
    """

    household: HouseholdLedgers
    decisions: Mapping[str, LedgerAccepted] = attrs.field(repr=how_many)

    accepted: ClassVar[Literal[True]] = True


@attrs.frozen
class HouseholdLedgersRefused:
    """Nothing is recorded, and every ledger is as it was.

    Attributes:
        decisions: what stands against it for each child whose entry was refused.
    """

    decisions: Mapping[str, LedgerRefused] = attrs.field(repr=how_many)

    accepted: ClassVar[Literal[False]] = False
