"""Recording: what is asked to be recorded, judged by the kernel, and added to the store or not."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from cpplan.consequences import Consequences
from cpplan.decisions import Omission, Reason
from cpplan.entries import Happened, LedgerEntry, Migrated, Replaced
from cpplan.entry_checks import ID_TAKEN
from cpplan.ledger_decisions import LedgerAccepted, LedgerRefused
from cpplan.ledgers import Ledger
from cpplan.service.answering import Considered, Recorded
from cpplan.service.asking import EntryFor, Question
from cpplan.service.desk import Desk, Kept
from cpplan.service.problems import PlanStands, ProblemError, ReasonGiven, problem
from cpplan.store import Addition, Appended, Attempt, Conflict, Head, drafted
from cpplan.store.answers import PROCEDURE_NEEDED, RECORDED_IN_PART, VERSION_CONFLICT

TRIES = 3
"""How often an entry is judged, if each time somebody else is quicker to record."""

UNKNOWN_PROCEDURE = "unknown-procedure"
OTHER_PROCEDURE = "other-procedure"
UNKNOWN_EDITION = "unknown-edition"
"""Codes of the reasons against an entry that come from the service; no clause gives them."""


@attrs.frozen(kw_only=True)
class Judged:
    """What came of one entry.

    Attributes:
        head: where the plan stands.
        before: the plan's ledger without it; ``None`` if there can't be one.
        entry: the entry, with what is filled in.
        reasons: everything against it.
        after: the ledger with it, if it is accepted.
        consequences: what it would change, where that is known.
        version: where it stands in the plan already, if it does.
    """

    head: Head
    before: Ledger | None
    entry: LedgerEntry
    reasons: tuple[Reason, ...] = ()
    after: Ledger | None = None
    consequences: Consequences | None = None
    version: int | None = None


def consider(desk: Desk, plan: str, question: Question) -> Considered:
    """Return what would be answered if an entry were recorded. Nothing is."""
    judged = _judge(desk, plan, desk.kept(plan), question)
    consequences = judged.consequences
    return Considered(
        accepted=not judged.reasons,
        reasons=judged.reasons,
        consequences=consequences,
        accept=_accept(consequences),
    )


def record(desk: Desk, asked: Sequence[EntryFor]) -> tuple[Recorded, ...]:
    """Record entries for several plans: all of them, or none.

    The same entries given again get the answer that they got the first time.

    Raises:
        ProblemError: 409, with every reason of every plan and where the plans stand.
        StoreError: the database refuses, or is away.
    """
    return _record(desk, asked, TRIES)


def _record(desk: Desk, asked: Sequence[EntryFor], tries: int) -> tuple[Recorded, ...]:
    judged = _judged(desk, asked)
    if any(one.reasons for one in judged):
        _keep_refused(desk, judged)
        raise _refused(judged)
    if all(one.version is not None for one in judged):
        return tuple(_again(desk, one) for one in judged)
    additions = [Addition(one.head.plan, one.head, [drafted(one.entry)]) for one in judged]
    answer = desk.store.append_all(additions)
    if isinstance(answer, Appended) and not answer.already:
        return tuple(map(_stored, judged, answer.heads))
    if isinstance(answer, Conflict) and tries <= 1:
        raise _conflict(answer)
    # Somebody was quicker, between the reading and the adding: what would be said now?
    return _record(desk, asked, tries - 1)


# ---------------------------------------------------------------------------------- judging


def _judged(desk: Desk, asked: Sequence[EntryFor]) -> list[Judged]:
    """Return what comes of each entry, by the plans as they all stand at one moment."""
    # Read one by one, some could be from before the same request's other copy, and some from after.
    kept = desk.kept_together(one.plan for one in asked)
    judged = [_judge(desk, one.plan, kept[one.plan], one) for one in asked]
    if all(one.version is not None for one in judged):
        return judged
    return [_expected(one, said.expected) for one, said in zip(judged, asked, strict=True)]


def _judge(desk: Desk, plan: str, kept: Kept | None, question: Question) -> Judged:
    against = _against_opening(desk, kept, question)
    if kept is None:
        if against:
            nothing = Head(plan, 0, "")
            return Judged(head=nothing, before=None, entry=question.entry.entry, reasons=against)
        kept = desk.opened(plan, desk.procedure(question.procedure))
    judged = _by_ledger(desk, kept, question)
    return attrs.evolve(judged, reasons=(*against, *judged.reasons))


def _no(kept: Kept, entry: LedgerEntry, *reasons: Reason) -> Judged:
    return Judged(head=kept.head, before=kept.ledger, entry=entry, reasons=reasons)


def _against_opening(desk: Desk, kept: Kept | None, question: Question) -> tuple[Reason, ...]:
    """Return what is wrong with the procedure that a question names, or with naming none."""
    name = question.procedure
    if kept is not None:
        opening = kept.ledger.opening.name
        if name in ("", opening):
            return ()
        return (Reason(OTHER_PROCEDURE, f"The plan was opened under {opening}."),)
    if not name:
        says = "Nothing is recorded of this plan yet: say which procedure it is under."
        return (Reason(PROCEDURE_NEEDED, says),)
    known = ", ".join(dict.fromkeys(one.name for one in desk.editions))
    if name not in known.split(", "):
        return (Reason(UNKNOWN_PROCEDURE, f"No procedure {name!r:.60} is served, but: {known}."),)
    return ()


def _by_ledger(desk: Desk, kept: Kept, question: Question) -> Judged:
    said, ledger = question.entry.entry, kept.ledger
    known = kept.entry(said.id)
    unknown = _unknown_edition(said, ledger)
    if unknown:
        return _no(kept, said, *([] if known is None else [_taken(known[1])]), unknown)
    entry = _filled_in(desk, ledger, said) if known is None else _as_before(said, known[1])
    decision = ledger.record(entry, accepting=question.accepting or None)
    if isinstance(decision, LedgerRefused):
        told = _no(kept, entry, *decision.reasons)
        return attrs.evolve(told, consequences=decision.consequences)
    consequences = decision.consequences
    return Judged(
        head=kept.head,
        before=ledger,
        entry=entry,
        after=decision.ledger,
        consequences=consequences,
        version=None if known is None else known[0],
    )


def _taken(entry: LedgerEntry) -> Reason:
    return Reason(ID_TAKEN, f"{entry.id!r} is the id of another entry of the plan.")


def _unknown_edition(entry: LedgerEntry, ledger: Ledger) -> Reason | None:
    if not isinstance(entry, Migrated):
        return None
    to = ledger.editions.get(entry.to_digest)
    if to is not None and to.name == entry.to_procedure:
        return None
    says = "The service has no such edition: see the list of its procedures."
    return Reason(UNKNOWN_EDITION, says)


def _filled_in(desk: Desk, ledger: Ledger, entry: LedgerEntry) -> LedgerEntry:
    """Return an entry with the day of recording and the edition in force on the day it is about."""
    edition = ledger.edition_for(entry)
    return attrs.evolve(
        entry, recorded_on=desk.today(), procedure=edition.name, digest=edition.digest
    )


def _as_before(entry: LedgerEntry, known: LedgerEntry) -> LedgerEntry:
    """Return an entry with what was filled in when it was first given: a later day is no change."""
    return attrs.evolve(
        entry, recorded_on=known.recorded_on, procedure=known.procedure, digest=known.digest
    )


def _expected(judged: Judged, expected: int) -> Judged:
    """Return what was judged, with what is against it if it was decided on another version."""
    head, entry = judged.head, judged.entry
    if judged.version is not None:
        says = f"The entry {entry.id!r} has been recorded, but not together with these others."
        return attrs.evolve(judged, reasons=(Reason(RECORDED_IN_PART, says), *judged.reasons))
    if head.version == expected:
        return judged
    says = (
        f"The plan stands at version {head.version}, not {expected}: read what was recorded since,"
        " and decide again."
    )
    return attrs.evolve(judged, reasons=(Reason(VERSION_CONFLICT, says), *judged.reasons))


# -------------------------------------------------------------------------------- answering


def _stored(judged: Judged, head: Head) -> Recorded:
    assert judged.before is not None, "nothing is stored without a ledger"
    assert judged.after is not None, "nothing is stored that was refused"
    return _recorded(head, judged.entry, judged.before, judged.after, repeated=False)


def _again(desk: Desk, judged: Judged) -> Recorded:
    """Return the answer that an entry got when it was recorded."""
    kept, version = desk.there(judged.head.plan), judged.version or 0
    after = kept.first(version)
    before = kept.first(version - 1).ledger
    return _recorded(after.head, judged.entry, before, after.ledger, repeated=True)


def _recorded(
    head: Head, entry: LedgerEntry, before: Ledger, after: Ledger, *, repeated: bool
) -> Recorded:
    return Recorded(
        plan=head.plan,
        version=head.version,
        hash=head.hash,
        entry=entry,
        repeated=repeated,
        state=after.plan_on(entry.recorded_on).state,
        consequences=LedgerAccepted(after, entry, before).consequences,
        omissions=_omissions(entry, after),
    )


def _omissions(entry: LedgerEntry, after: Ledger) -> tuple[Omission, ...]:
    if not isinstance(entry, (Happened, Replaced)):
        return ()
    plans = (turn.before for turn in after.turns if turn.standing.entry.id == entry.id)
    return tuple(
        omission for plan in plans for omission in plan.procedure.omissions(entry.event, plan.steps)
    )


def _accept(consequences: Consequences | None) -> str:
    needed = consequences is not None and consequences.needs_accepting
    return consequences.digest if needed and consequences is not None else ""


def _keep_refused(desk: Desk, judged: Sequence[Judged]) -> None:
    if desk.keeps_refused:
        desk.store.keep_refused(
            Attempt(one.head.plan, drafted(one.entry), one.reasons) for one in judged if one.reasons
        )


def _refused(judged: Sequence[Judged]) -> ProblemError:
    reasons = [ReasonGiven.of(one.head.plan, reason) for one in judged for reason in one.reasons]
    return _problem(
        reasons,
        [
            PlanStands(
                plan=one.head.plan,
                version=one.head.version,
                hash=one.head.hash,
                consequences=one.consequences if one.reasons else None,
                accept=_accept(one.consequences if one.reasons else None),
            )
            for one in judged
        ],
    )


def _conflict(answer: Conflict) -> ProblemError:
    """Return that somebody was quicker each time, between reading the plans and adding to them."""
    stands = [PlanStands(plan=h.plan, version=h.version, hash=h.hash) for h in answer.heads]
    plan = answer.head.plan if len(answer.heads) == 1 else ""
    return _problem([ReasonGiven.of(plan, reason) for reason in answer.reasons], stands)


def _problem(reasons: Sequence[ReasonGiven], stands: Sequence[PlanStands]) -> ProblemError:
    conflict = any(one.code == VERSION_CONFLICT for one in reasons)
    code = VERSION_CONFLICT if conflict else "refused"
    detail = "Nothing was recorded."
    return ProblemError(problem(409, code, detail, reasons=reasons, plans=stands))
