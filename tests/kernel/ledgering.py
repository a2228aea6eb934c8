"""Ledgers that several tests start from, under the standards and under Jersey's procedure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from cpplan import Ledger, LedgerAccepted, LedgerEntry, Role, load
from cpplan.events import (
    CoreGroupHeld,
    DetailedPlanAgreed,
    Event,
    HarmCategory,
    InitialConferenceDecided,
    LeadSocialWorker,
    Member,
    MemberCategory,
    PlanContent,
    PlanPutIntoEffect,
    WrittenAgreement,
)
from tests.kernel.histories import STANDARDS, day, decided, opened, visit

NEXT = Path(__file__).parents[1] / "data" / "packs" / "next"
JERSEY = load("jersey")
MADE_UP = load(NEXT / "jersey-made-up")
"""An edition of Jersey's that does not exist: the source does not say what its last change was."""

WELL = (
    opened(),
    decided(),
    CoreGroupHeld(on=day(7)),
    DetailedPlanAgreed(on=day(7)),
    PlanPutIntoEffect(on=day(8)),
    visit(day(14)),
)
"""Two weeks in which all goes well, under the standards."""


def kept(*events: Event, ledger: Ledger | None = None) -> Ledger:
    """Return a ledger with events, each recorded on its day, by the ids ``e1``, ``e2``, ..."""
    ledger = ledger or Ledger.opened(STANDARDS)
    for event in events:
        name = f"e{len(ledger.entries) + 1}"
        ledger = recorded(ledger, ledger.happened(event, id=name, recorded_on=event.on))
    return ledger


def recorded(ledger: Ledger, entry: LedgerEntry) -> Ledger:
    """Return the ledger with an entry whose consequences are accepted, whatever they are."""
    decision = ledger.record(entry, accepting=ledger.preview(entry))
    assert isinstance(decision, LedgerAccepted), (entry, decision)
    return decision.ledger


def late(ledger: Ledger, event: Event, on: dt.date, **changed: str) -> LedgerEntry:
    """Return the entry for an event that is recorded on a later day."""
    return ledger.happened(event, **{"id": "late", **changed}, recorded_on=on)


def withdrawal(ledger: Ledger, of: str, on: dt.date, name: str = "w") -> LedgerEntry:
    """Return the entry that withdraws another."""
    return ledger.withdrawn(of, why="Another child.", id=name, recorded_on=on)


def replacement(ledger: Ledger, of: str, event: Event, on: dt.date, name: str = "r") -> LedgerEntry:
    """Return the entry that replaces another."""
    return ledger.replaced(of, event, why="It was another day.", id=name, recorded_on=on)


def jersey_decided(on: dt.date) -> InitialConferenceDecided:
    """Return a decision that holds all that Jersey asks for."""
    members = ("lead-social-worker", "first-line-manager", "parents-and-family")
    return InitialConferenceDecided(
        on=on,
        by=Role.CONFERENCE_CHAIR,
        plan_made=True,
        plan=PlanContent(harm_categories=(HarmCategory.NEGLECT,), outcomes=("Safe at night.",)),
        lead_social_worker=LeadSocialWorker(
            name="J. Doe", qualified=True, experienced=True, childrens_social_worker=True
        ),
        first_line_manager="M. Roe",
        core_group_members=tuple(
            Member(category=MemberCategory(name)) for name in (*members, "involved-professionals")
        ),
        first_core_group_date=on + dt.timedelta(days=7),
        core_group_interval=4,
    )


def jersey_detailed(on: dt.date) -> DetailedPlanAgreed:
    """Return a detailed plan that holds all that Jersey asks for."""
    parents = Member(category=MemberCategory.PARENTS_AND_FAMILY, see_child_frequency="daily")
    plan = PlanContent(contingency="The aunt's.", contact_frequency="weekly")
    return DetailedPlanAgreed(
        on=on, written_agreement=WrittenAgreement(on_child_file=True), plan=plan, members=(parents,)
    )
