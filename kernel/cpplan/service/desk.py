"""The desk: what the service has in hand, and how it finds a plan.

What stands in the store is read anew for every request: nothing here remembers a plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import attrs

from cpplan.entries import LedgerEntry
from cpplan.ledgers import Ledger
from cpplan.procedures import Procedure
from cpplan.service.problems import ProblemError, problem
from cpplan.store import Head, Row, Store, entry_of

Today = Callable[[], dt.date]
"""Says which day it is: the only clock that the service has."""


@attrs.frozen
class Kept:
    """A plan as it is stored.

    Attributes:
        plan: its name.
        rows: what is stored of it, oldest first; none for a new plan.
        ledger: what that amounts to.
    """

    plan: str
    rows: tuple[Row, ...]
    ledger: Ledger

    @property
    def head(self) -> Head:
        """Where it stands."""
        return Head(self.plan, len(self.rows), self.rows[-1].hash if self.rows else "")

    def first(self, number: int) -> Kept:
        """Return the plan as it was with its first so many entries."""
        ledger = self.ledger
        return Kept(
            self.plan,
            self.rows[:number],
            Ledger(ledger.opening, ledger.editions, ledger.entries[:number]),
        )

    def entry(self, name: str) -> tuple[int, LedgerEntry] | None:
        """Return the version and the entry of that id, if there is one."""
        numbered = enumerate(self.ledger.entries, start=1)
        return next((one for one in numbered if one[1].id == name), None)


@attrs.frozen(eq=False)
class Desk:
    """What the service works with.

    Attributes:
        store: where the plans are.
        editions: every edition that plans are or were under, in the order given.
        today: says which day it is.
        keeps_refused: whether what is refused is kept, apart from the history.
    """

    store: Store
    editions: tuple[Procedure, ...]
    today: Today
    keeps_refused: bool = False

    def procedure(self, name: str, digest: str = "") -> Procedure:
        """Return an edition: that of the digest, or the last one given of that name.

        Raises:
            ProblemError: 404, there is none.
        """
        found = [one for one in self.editions if one.name == name and digest in ("", one.digest)]
        if not found:
            known = ", ".join(dict.fromkeys(one.name for one in self.editions))
            raise ProblemError(
                problem(
                    404, "unknown-procedure", f"No such edition is served. Served are: {known}."
                )
            )
        return found[-1]

    def kept(self, plan: str) -> Kept | None:
        """Return a plan; ``None`` if nothing is stored of it.

        Raises:
            InvalidEntryError, InvalidLedgerError: what is stored is no history.
            UnknownEditionError: an edition that it was under is not served.
        """
        return self._kept(plan, self.store.history(plan))

    def kept_together(self, plans: Iterable[str]) -> dict[str, Kept | None]:
        """Return several plans as they all stood at one moment; ``None`` for what isn't stored.

        Raises:
            InvalidEntryError, InvalidLedgerError: what is stored is no history.
            UnknownEditionError: an edition that one of them was under is not served.
        """
        with self.store.transactions.snapshot(None) as conn:
            rows = {plan: self.store.history(plan, conn=conn) for plan in plans}
        return {plan: self._kept(plan, found) for plan, found in rows.items()}

    def _kept(self, plan: str, rows: tuple[Row, ...]) -> Kept | None:
        if not rows:
            return None
        ledger = Ledger.of([entry_of(row) for row in rows], self.editions)
        return Kept(plan, rows, ledger)

    def there(self, plan: str, known_on: dt.date = dt.date.max) -> Kept:
        """Return a plan that has to be there, as it was known at the end of a day.

        Raises:
            ProblemError: 404, nothing was recorded of it, or not by then.
        """
        kept = self.kept(plan)
        if kept is not None and known_on < dt.date.max:
            kept = kept.first(len(kept.ledger.as_known_on(known_on).entries))
        if kept is None or not kept.rows:
            by_then = "" if known_on == dt.date.max else f" by the end of {known_on}"
            raise ProblemError(
                problem(404, "unknown-plan", f"Nothing had been recorded of this plan{by_then}.")
            )
        return kept

    def opened(self, plan: str, procedure: Procedure) -> Kept:
        """Return a plan of which nothing is stored, under a procedure."""
        return Kept(plan, (), Ledger.opened(procedure).knowing(*self.editions))
