"""What is owed on every plan of a store on a day, as the kernel works it out.

To work it out takes far longer than to read the rows, so what was found is kept in a table of its
own: all that a plan ever owed, good for any day, under the hash of the history that it was worked
out from. It is used only while that hash stands at the head, and may be deleted at any time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from itertools import groupby
from operator import itemgetter
from typing import Any

import attrs
from sqlalchemy import Select, and_, bindparam, case, select
from sqlalchemy.exc import SQLAlchemyError

from cpplan.calendars import CalendarRangeError
from cpplan.editions import UnknownEditionError
from cpplan.entries import InvalidEntryError
from cpplan.entry_checks import InvalidLedgerError
from cpplan.ledgers import Ledger
from cpplan.obligations import Obligation, Status
from cpplan.procedures import Procedure
from cpplan.store.drafting import entry_of
from cpplan.store.failures import StoreError
from cpplan.store.kept_owed import SHAPE, Kept
from cpplan.store.rows import COLUMNS, Head, Row, require_page
from cpplan.store.statements import replacing
from cpplan.store.stores import Store
from cpplan.store.verifying import Told

PAGE = 500
"""Plans read at a time: what is held in memory, however many the store has."""


def _version() -> str:
    try:
        return metadata.version("cpplan")
    except metadata.PackageNotFoundError:  # run from its source, and not installed
        return "not installed"


MADE_BY = f"cpplan {_version()}, {SHAPE}"
"""Who worked out what is kept: another version of the kernel may find otherwise."""


@attrs.frozen
class PlanOwed:
    """What is owed on one plan at the end of a day.

    Attributes:
        plan: the name of the plan.
        team: the team that answers for it; empty if none is known.
        procedure: the edition that it is under on that day.
        owed: what is due, overdue or undecidable, soonest first, as ``Plan.due`` gives it.
    """

    plan: str
    team: str
    procedure: Procedure = attrs.field(repr=lambda procedure: procedure.name)
    owed: tuple[tuple[Obligation, Status], ...]


@attrs.frozen
class Unread:
    """A plan whose rows amount to none: what is owed on it is not known.

    Attributes:
        plan: the name of the plan.
        says: why not.
    """

    plan: str
    says: str


UNREAD = (
    InvalidEntryError,
    InvalidLedgerError,
    UnknownEditionError,
    CalendarRangeError,
    OverflowError,
)
"""What makes a plan :class:`Unread`: what is wrong with one holds up none of the others."""


def owed_on(
    store: Store,
    on: dt.date,
    editions: Iterable[Procedure],
    *,
    after: str = "",
    at_most: int | None = None,
    afresh: bool = False,
    told: Told = lambda _, __: None,
) -> Iterator[PlanOwed | Unread]:
    """Yield what is owed on each plan at the end of a day, in the order of their names.

    Plans are read some at a time, each as it stands at that moment. What has to be worked out anew
    is kept for the next time, unless the database is busy, full, or can only be read.

    Args:
        store: the store.
        on: the day.
        editions: every edition that the plans are or were under.
        after: only the plans whose names come after this one; the last name of one page is where
            the next begins.
        at_most: how many plans; all if nothing is said.
        afresh: whether to work all of it out anew.
        told: is told how many plans are done, of how many.

    Raises:
        InvalidRowError: ``after`` can't be a plan's name, or ``at_most`` no number of plans.
    """
    reader = _Reader(store, {one.digest: one for one in editions}, afresh)
    require_page(after, at_most)
    plans = store.number_of_plans(after=after)
    of = plans if at_most is None else min(plans, at_most)
    done = 0
    # A plan that is opened meanwhile is a plan more, unless only so many were asked for.
    while page := reader.page(after, PAGE if at_most is None else min(PAGE, at_most - done)):
        yield from reader.read(page, on)
        after, done = page[-1][0], done + len(page)
        told(done, max(of, done))


@attrs.define
class _Reader:
    store: Store
    editions: Mapping[str, Procedure]
    afresh: bool
    keeping: bool = True

    def page(self, after: str, at_most: int) -> list[tuple[str, str, str | None]]:
        """Return the next plans, each with its team and with what is kept of it and still good."""
        if at_most <= 0:
            return []
        asked = {"last": after, "made_by": "" if self.afresh else MADE_BY, "at_most": at_most}
        with self.store.transactions.read(None) as conn:
            return [tuple(row) for row in conn.execute(_page(self.store), asked)]

    def read(
        self, page: Sequence[tuple[str, str, str | None]], on: dt.date
    ) -> Iterator[PlanOwed | Unread]:
        """Yield what is owed on each plan of a page."""
        found = self._worked_out([plan for plan, _, kept in page if kept is None])
        for plan, team, kept in page:
            mine = found[plan] if kept is None else kept
            yield self._answer(plan, team or "", mine, on)

    def _worked_out(self, plans: Sequence[str]) -> dict[str, str | Unread]:
        """Return what plans owe, worked out from their rows, and keep it."""
        if not plans:
            return {}
        of = self.store.entries.c
        rows = select(*(of[name] for name in COLUMNS)).where(of.plan.in_(plans))
        # The transaction ends first: a server may end one that stands idle while this works.
        with self.store.transactions.read(None) as conn:
            values = conn.execute(rows.order_by(of.plan, of.version)).all()
        found, heads = {}, []
        for plan, mine in groupby(values, key=itemgetter(0)):
            history = [Row(*one) for one in mine]
            found[plan] = self._of(plan, history)
            heads.append(history[-1].head)
        self._keep([(h, one) for h in heads if isinstance(one := found[h.plan], str)])
        return found

    def _of(self, plan: str, rows: Sequence[Row]) -> str | Unread:
        try:
            ledger = Ledger.of([entry_of(row) for row in rows], self.editions.values())
            return Kept.text_of(ledger)
        except UNREAD as error:
            return Unread(plan, str(error))

    def _keep(self, found: Sequence[tuple[Head, str]]) -> None:
        values = [
            {"plan": r.plan, "version": r.version, "hash": r.hash, "made_by": MADE_BY, "owed": owed}
            for r, owed in found
        ]
        if not values or not self.keeping:
            return
        try:
            with self.store.transactions.write(None) as conn:
                conn.execute(replacing(self.store.owed, conn.dialect.name), values)
        except (StoreError, SQLAlchemyError):  # such as full: what is due is told all the same
            self.keeping = False

    def _answer(self, plan: str, team: str, kept: str | Unread, on: dt.date) -> PlanOwed | Unread:
        if isinstance(kept, Unread):
            return kept
        day = on.isoformat()
        try:
            read = Kept.read(kept, self.editions)
            edition, owed = (
                read.edition(day),
                tuple((one, one.status(on)) for one in read.owed(day)),
            )
        except UnknownEditionError as error:
            return Unread(plan, str(error))
        except (LookupError, StopIteration, TypeError, ValueError):  # nobody kept that
            return self._answer(plan, team, self._worked_out([plan])[plan], on)
        return PlanOwed(plan, team, edition, owed)


def _page(store: Store) -> Select[Any]:
    """Return the next plans, each with its team and with what is kept if its head is still that."""
    first, here, later = (store.entries.alias(name) for name in ("first", "here", "later"))
    kept, teams = store.owed, store.teams
    still = and_(here.c.plan.is_not(None), later.c.plan.is_(None))
    return (
        select(first.c.plan, teams.c.team, case((still, kept.c.owed)))
        .select_from(first)
        .outerjoin(teams, teams.c.plan == first.c.plan)
        .outerjoin(kept, and_(kept.c.plan == first.c.plan, kept.c.made_by == bindparam("made_by")))
        .outerjoin(
            here,
            and_(
                here.c.plan == kept.c.plan,
                here.c.version == kept.c.version,
                here.c.hash == kept.c.hash,
            ),
        )
        .outerjoin(later, and_(later.c.plan == kept.c.plan, later.c.version == kept.c.version + 1))
        .where(first.c.version == 1, first.c.plan > bindparam("last"))
        .order_by(first.c.plan)
        .limit(bindparam("at_most"))
    )
