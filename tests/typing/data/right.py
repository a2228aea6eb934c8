"""A consumer that makes no mistake: type checkers at their strictest have nothing to say of it."""

import datetime as dt
import sys
from collections.abc import Mapping

from sqlalchemy import MetaData

from cpplan import (
    Accepted,
    Decision,
    Household,
    InvalidEventError,
    Ledger,
    LedgerRefused,
    Plan,
    Procedure,
    Refused,
    Role,
    Status,
    dumps,
    entry_from_dict,
    entry_to_dict,
    event_from_dict,
    event_to_dict,
    load,
    loads,
)
from cpplan.events import (
    KINDS,
    Event,
    HarmCategory,
    InitialConferenceDecided,
    InitialConferenceOpened,
    LeadSocialWorker,
    Member,
    MemberCategory,
    PlanContent,
    ThresholdBasis,
    VisitLocation,
    VisitMade,
)
from cpplan.ledgers import Ledger as SameLedger
from cpplan.store import (
    Addition,
    Appended,
    Conflict,
    RetryableError,
    Store,
    StoreError,
    ddl,
    drafted,
    entries_table,
    entry_of,
)
from cpplan.store.owing import PlanOwed, owed_on

MONDAY = dt.date(2026, 1, 5)


def decided(on: dt.date) -> InitialConferenceDecided:
    """Return an event with fields of each kind."""
    return InitialConferenceDecided(
        on=on,
        by=Role.CONFERENCE_CHAIR,
        plan_made=True,
        threshold_basis=ThresholdBasis.LIKELY,
        consensus_reached=True,
        date_of_birth=dt.date(2018, 5, 14),
        lead_social_worker=LeadSocialWorker(name="worker A", qualified=True),
        core_group_members=(Member(category=MemberCategory.PARENTS_AND_FAMILY),),
        plan=PlanContent(concerns="invented", harm_categories=(HarmCategory.PHYSICAL,)),
        first_core_group_date=on + dt.timedelta(days=10),
        core_group_interval=6,
    )


def told(decision: Decision) -> list[str]:
    """Return what a decision says, whichever it is."""
    match decision:
        case Accepted():
            omitted = [one.says for one in decision.omissions]
            return [*omitted, *(one.duty.id for one in decision.opened), decision.rule.id]
        case Refused(reasons):
            return [f"{one.code}: {one.says} {', '.join(one.cites)}" for one in reasons]


def recorded(plan: Plan, event: Event) -> Plan:
    """Return the plan with an event, which has to be accepted."""
    decision = plan.record(event)
    if decision.accepted is False:
        raise ValueError(", ".join(decision.codes))
    return decision.plan


def asked(plan: Plan, on: dt.date) -> list[str]:
    """Return what a plan tells of itself."""
    overdue = [one.duty.id for one, status in plan.due(on) if status is Status.OVERDUE]
    ahead = [f"{one.event} to {one.target} by {one.rule.id}" for one in plan.allowed(on)]
    past = [f"{one.event.on} {one.event.kind} {one.state}" for one in plan.history]
    refused = plan.why_not(VisitMade(on=on, location=VisitLocation.HOME))
    return [*overdue, *ahead, *past, *(refused.codes if refused else ()), plan.explain()]


def problems(data: Mapping[str, object]) -> tuple[str, ...]:
    """Return what keeps data from being an event."""
    try:
        event_from_dict(data)
    except InvalidEventError as error:
        return error.problems
    return ()


def exchanged(plan: Plan, event: Event, procedure: Procedure) -> bool:
    """Return whether plan and event are the same after a way there and back."""
    same = event_from_dict(event_to_dict(event)) == event
    return same and loads(dumps(plan), procedure) == plan and type(event) in KINDS.values()


def kept(store: Store, ledger: SameLedger, event: Event) -> Ledger:
    """Return the ledger with an event, once that is stored."""
    entry = ledger.happened(event, id=f"e{len(ledger.entries)}", recorded_on=event.on)
    judged = ledger.record(entry)
    if isinstance(judged, LedgerRefused):
        raise ValueError(judged.codes, judged.consequences)
    answer = store.append("plan-1", [entry], expected=len(ledger.entries))
    if isinstance(answer, Conflict):
        raise ValueError([str(one) for one in answer.reasons], answer.head.version)
    assert entry_from_dict(entry_to_dict(entry)) == entry
    assert answer.head.version == len(judged.ledger.entries), judged.consequences.digest
    return judged.ledger


def looked_at(store: Store, procedure: Procedure, on: dt.date) -> list[str]:
    """Return what a store tells of itself."""
    found = store.ledger("plan-1", [procedure])
    state = "nothing" if found is None else found.as_known_on(on).plan.state
    rows = [f"{row.version} {entry_of(row).id} {row.hash}" for row in store.history("plan-1")]
    broken = [f"{one.plan} {one.version} {one.says}" for one in store.verify(store.heads())]
    plans = [one for one in owed_on(store, on, [procedure]) if isinstance(one, PlanOwed)]
    owed = [f"{one.team} {due.due_on} {status}" for one in plans for due, status in one.owed]
    return [state, *rows, *broken, *owed, ddl("sqlite"), entries_table(MetaData()).name]


def together(store: Store, ledger: Ledger) -> bool:
    """Return whether a ledger's entries are stored for another plan, in a host's transaction."""
    drafts = [drafted(one) for one in ledger.entries]
    try:
        with store.engine.begin() as conn:
            answer = store.append_all([Addition("plan-2", 0, drafts)], conn=conn)
            store.set_team("plan-2", "north", conn=conn)
    except RetryableError:
        return False
    except StoreError as error:
        raise SystemExit(str(error)) from error
    return isinstance(answer, Appended) and not answer.already


def main(path: str) -> None:
    """Do all of it once."""
    procedure = load("standards")
    opened = InitialConferenceOpened(on=MONDAY, attendees=(Role.CONFERENCE_CHAIR,))
    plan = recorded(Plan(procedure), opened)
    lines = [
        *problems({"event": "visit-mad"}),
        *told(plan.record(decided(MONDAY))),
        *asked(plan, MONDAY),
    ]
    assert exchanged(plan, opened, procedure)
    store = Store.create(path)
    ledger = kept(store, Ledger.opened(procedure), opened)
    assert together(store, ledger)
    lines += looked_at(store, procedure, MONDAY)
    assert Household({"a child": plan}).plans["a child"].state == plan.state
    sys.stdout.write("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
