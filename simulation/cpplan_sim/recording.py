"""Recording: lines judged by the kernel, and added to a store together or each by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import attrs

from cpplan.decisions import Reason
from cpplan.editions import UnknownEditionError
from cpplan.entries import InvalidEntryError, LedgerEntry, entry_from_dict
from cpplan.entry_checks import InvalidLedgerError
from cpplan.ledger_decisions import LedgerRefused
from cpplan.ledgers import Ledger
from cpplan.procedures import Procedure
from cpplan.store import (
    Addition,
    Appended,
    Attempt,
    Conflict,
    Draft,
    InvalidRowError,
    NotCanonicalError,
    Store,
    drafted,
)
from cpplan.store.answers import PROCEDURE_NEEDED, VERSION_CONFLICT
from cpplan.store.lines import InvalidLinesError, object_in
from cpplan.store.rows import require_plan, require_text

KEYS = {"plan": str, "entry": dict, "team": str, "expected": int, "accepting": str}
KINDS = {str: "text", dict: "an object", int: "a whole number"}
UNKNOWN_PLAN = "unknown-plan"
"""Code of the reason against a team for no plan, as the service gives it."""
STAND_IN = {"procedure": "-", "digest": "-"}
"""What stands for an edition that is left out, until it is known."""
UNREADABLE = (
    InvalidEntryError,
    InvalidLedgerError,
    InvalidRowError,
    NotCanonicalError,
    UnknownEditionError,
)
"""What is wrong with a line whose entry, or whose plan, is none."""


@attrs.frozen
class Said:
    """One line.

    Attributes:
        number: which line, counted from 1.
        plan: the name of the plan.
        entry: what was recorded, as data, perhaps without its edition; ``None`` for a team alone.
        team: who answers for the plan; ``None`` if the line doesn't say.
        expected: the version that it was decided on, with the lines before it; ``None`` if that
            doesn't matter.
        accepting: the digest of the consequences that are accepted.
    """

    number: int
    plan: str
    entry: Mapping[str, Any] | None = None
    team: str | None = None
    expected: int | None = None
    accepting: str | None = None


@attrs.frozen
class Recorded:
    """What came of all the lines.

    Attributes:
        answer: what the store said; ``None`` if it was not asked.
        against: why lines were refused: the number of each, its plan and a reason.
    """

    answer: Appended | Conflict | None
    against: Sequence[tuple[int, str, Reason]] = ()

    @property
    def accepted(self) -> bool:
        """Whether everything is stored."""
        return not self.against and (self.answer is None or self.answer.accepted)

    @property
    def repeated(self) -> bool:
        """Whether all of it was there before."""
        return isinstance(self.answer, Appended) and self.answer.already

    @property
    def reasons(self) -> list[tuple[int | None, str, Reason]]:
        """Every reason why nothing was stored: the line, the plan and the reason."""
        conflict = self.answer.reasons if isinstance(self.answer, Conflict) else ()
        return [*self.against, *((None, "", reason) for reason in conflict)]


@attrs.define
class _Plan:
    """A plan while lines are judged, how many of its entries were stored before, and the new."""

    ledger: Ledger
    stored: int
    drafts: list[Draft] = attrs.field(factory=list)


@attrs.define
class Recorder:
    """Judges lines against what a store holds, and adds what was accepted.

    Attributes:
        store: the store.
        editions: every edition that the plans are or were under; a new plan is opened under the
            one that its entry names, or the only one there is.
    """

    store: Store
    editions: Sequence[Procedure]
    _plans: dict[str, _Plan] = attrs.field(factory=dict, init=False)
    _teams: list[Said] = attrs.field(factory=list, init=False)
    _refused: list[Attempt] = attrs.field(factory=list, init=False)
    _against: list[tuple[int, str, Reason]] = attrs.field(factory=list, init=False)
    _problems: list[str] = attrs.field(factory=list, init=False)
    _unreadable: set[str] = attrs.field(factory=set, init=False)

    def record(
        self, lines: Iterable[str], *, keep_refused: bool = False, first: int = 1
    ) -> Recorded:
        """Judge lines in their order, and store all that they say, or nothing.

        Args:
            lines: what was recorded.
            keep_refused: whether to keep what is refused, apart from the history.
            first: the number of the first line.

        Raises:
            InvalidLinesError: with every line that can't be read.
            StoreError: the database refuses.
        """
        for one in self._read(lines, first):
            self._judge(one)
        if self._problems:
            raise InvalidLinesError(self._problems)
        self._require_plans_of_teams()
        if self._refused and keep_refused:
            self.store.keep_refused(self._refused)
        if self._against:
            return Recorded(None, sorted(self._against, key=itemgetter(0)))
        return Recorded(self._stored())

    def _read(self, lines: Iterable[str], first: int) -> Iterator[Said]:
        for number, line in enumerate(lines, start=first):
            if line.strip():
                try:
                    yield _said(number, line)
                except (ValueError, RecursionError) as error:
                    self._problems.append(f"line {number}: {error}")

    def _require_plans_of_teams(self) -> None:
        named = self._plans.keys() | {one.plan for one in self._refused}
        for said in self._teams:
            if said.plan not in named and not self.store.head(said.plan).version:
                says = f"Nothing is recorded of plan {said.plan!r} that a team could answer for."
                self._against.append((said.number, said.plan, Reason(UNKNOWN_PLAN, says)))

    def _judge(self, said: Said) -> None:
        if said.team is not None:
            self._teams.append(said)
        if said.entry is None:
            return
        try:
            if said.plan in self._unreadable:  # it is read alone: it would be refused for that
                drafted(entry_from_dict({**STAND_IN, **said.entry}))
            elif (plan := self._plan(said.plan, said.entry)) is None:
                self._refuse(said.number, self._unopened(said.plan, said.entry))
            else:
                self._add(said, plan, _entry(said.entry, plan.ledger))
        except UNREADABLE as error:
            self._unreadable.add(said.plan)
            self._problems += [f"line {said.number}: {one}" for one in str(error).splitlines()]

    def _refuse(self, number: int, attempt: Attempt) -> None:
        self._refused.append(attempt)
        self._against += [(number, attempt.plan, reason) for reason in attempt.reasons]

    def _plan(self, name: str, entry: Mapping[str, Any]) -> _Plan | None:
        """Return a plan as the lines before leave it; ``None`` if it is new, under no edition."""
        if name not in self._plans:
            ledger = self.store.ledger(name, self.editions)
            if ledger is None:
                if (opening := self._opening(entry)) is None:
                    return None
                ledger = Ledger.opened(opening).knowing(*self.editions)
            self._plans[name] = _Plan(ledger, len(ledger.entries))
        return self._plans[name]

    def _opening(self, entry: Mapping[str, Any]) -> Procedure | None:
        """Return the edition that a first entry names, the last of its name; or the only one."""
        name, digest = entry.get("procedure"), entry.get("digest")
        if name is None and digest is None:
            return self.editions[0] if len(self.editions) == 1 else None
        named = [one for one in self.editions if name in (None, one.name)]
        found = [one for one in named if digest in (None, one.digest)]
        return found[-1] if found else None

    def _unopened(self, plan: str, entry: Mapping[str, Any]) -> Attempt:
        """Return a first entry that doesn't say under which edition its plan is."""
        names = ", ".join(dict.fromkeys(one.name for one in self.editions))
        says = (
            "Nothing is recorded of this plan yet, and its entry names no edition that is given:"
            f" say which procedure it is under. Given are: {names}."
        )
        draft = drafted(entry_from_dict({**STAND_IN, **entry}))
        return Attempt(plan, draft, (Reason(PROCEDURE_NEEDED, says),))

    def _add(self, said: Said, plan: _Plan, entry: LedgerEntry) -> None:
        """Add an entry to those of its plan, unless something is against it."""
        draft = drafted(entry)
        decision = plan.ledger.record(entry, accepting=said.accepting)
        reasons = _stale(said, plan)
        if isinstance(decision, LedgerRefused):
            reasons = (*reasons, *decision.reasons)
        elif decision.repeated or not reasons:
            # Given again it is answered as it was, whatever it was decided on.
            plan.ledger = decision.ledger
            plan.drafts.append(draft)
            return
        self._refuse(said.number, Attempt(said.plan, draft, reasons))

    def _stored(self) -> Appended | Conflict | None:
        additions = [Addition(name, plan.stored, plan.drafts) for name, plan in self._plans.items()]
        with self.store.transactions.write(None) as conn:
            answer = self.store.append_all(additions, conn=conn) if additions else None
            if answer is None or answer.accepted:
                for plan, team in {one.plan: one.team or "" for one in self._teams}.items():
                    self.store.set_team(plan, team, conn=conn)
        return answer


def _said(number: int, line: str) -> Said:
    data = object_in(line)
    if not {"plan"} <= data.keys() <= KEYS.keys():
        raise ValueError(f"an object with a plan, and besides only {', '.join(sorted(KEYS))}")
    for key, kind in KEYS.items():
        if key in data and type(data[key]) is not kind:
            raise ValueError(f"{key} is {data[key]!r:.60}, not {KINDS[kind]}")
    require_plan(data["plan"])
    require_text("team", data.get("team", ""))
    return Said(number, **data)


def _stale(said: Said, plan: _Plan) -> tuple[Reason, ...]:
    """Return that a line was decided on another version than the one that it would follow."""
    stands = len(plan.ledger.entries)
    if said.expected in (None, stands):
        return ()
    says = (
        f"Plan {said.plan!r} stands at version {stands}, not {said.expected}, with the lines before"
        " this one: read what was recorded since, and decide again."
    )
    return (Reason(VERSION_CONFLICT, says),)


def _entry(data: Mapping[str, Any], ledger: Ledger) -> LedgerEntry:
    """Return the entry, under the edition in force on the day that it is about if it names none.

    Given again it is under the edition that it was under then, whatever has changed since.
    """
    read = entry_from_dict({**STAND_IN, **data})
    known = next((one for one in ledger.entries if one.id == read.id), None)
    edition = ledger.edition_for(read)
    name, digest = (known.procedure, known.digest) if known else (edition.name, edition.digest)
    return entry_from_dict({"procedure": name, "digest": digest, **data})


def record_each(
    store: Store,
    editions: Sequence[Procedure],
    lines: Iterable[str],
    *,
    keep_refused: bool = False,
) -> Iterator[tuple[int, Recorded | InvalidLinesError]]:
    """Judge and store each line by itself, and yield its number and what came of it.

    Whatever is refused, decided on another version or can't be read is left out, and the lines
    after it are not. If it is interrupted, give the same lines again.

    Raises:
        StoreError: the database refuses.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            recorder = Recorder(store, editions)
            try:
                yield number, recorder.record([line], keep_refused=keep_refused, first=number)
            except InvalidLinesError as error:
                yield number, error
