"""Lines: a store as JSON lines, one for each row, to be taken elsewhere and back without loss.

A row's line holds every column, the hash too; a team's line holds a plan and its team. What was
refused and kept comes after the rows: it is no part of a history, and has no hash.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

import attrs
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from cpplan.codec import once
from cpplan.entries import InvalidEntryError
from cpplan.store import attempts
from cpplan.store.attempts import Attempt, attempt_from_dict, attempt_to_dict
from cpplan.store.canonical import canonical, written
from cpplan.store.drafting import disagreeing
from cpplan.store.failures import DamagedError, RetryableError, is_taken
from cpplan.store.rows import (
    COLUMNS,
    Head,
    InvalidRowError,
    Row,
    link_fault,
    nothing_of,
    require_plan,
    require_text,
)
from cpplan.store.stores import Store
from cpplan.store.transactions import AT_ONCE, streamed

FORMAT = "cpplan-store/1"
"""What the first line says of the others. It changes when their shape does."""
TEAM = ("plan", "team")
WHOLE = ("rows", "refused")
MANY = 100
"""Problems after which no more are looked for."""


class InvalidLinesError(ValueError):
    """Lines can't be taken into a store. Carries the problems found; nothing was stored.

    Attributes:
        problems: the mistakes, each with the number of its line; the first 100.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems in their order."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def exported(store: Store) -> Iterator[str]:
    """Yield the lines of a whole store, without their ends.

    The store is told as it stands when the first row is read.

    Raises:
        DamagedError: a row holds no JSON; with its plan and version.
    """
    yield written({"format": FORMAT})
    with store.transactions.snapshot(None) as conn:
        rows = refused = 0
        teams = select(store.teams.c.plan, store.teams.c.team).order_by(store.teams.c.plan)
        for row in streamed(conn, teams):
            yield written(dict(zip(TEAM, row, strict=True)))
        for kept in store.rows(conn=conn):
            rows += 1
            yield line_of(kept)
        for attempt in attempts.every(conn, store.attempts):
            refused += 1
            yield written(attempt_to_dict(attempt))
    # By its last line a file is known to be whole.
    yield written({"rows": rows, "refused": refused})


def line_of(row: Row) -> str:
    """Return a row as a line, with its body as the object that it is.

    Raises:
        DamagedError: the body is none; it has been changed since it was stored.
    """
    columns = {name: getattr(row, name) for name in COLUMNS}
    try:
        return written({**columns, "body": json.loads(row.body)})
    except (ValueError, RecursionError) as error:
        where = f"plan {row.plan!r}, version {row.version}"
        raise DamagedError(f"{where}: its body is no JSON; see `cpplan store verify`") from error


@attrs.define
class Imported:
    """What was taken in.

    Attributes:
        rows: how many rows are new.
        there: how many were there already.
        plans: how many plans have new rows.
        refused: how many refused attempts are new.
        teams_left: the plans of which something was there, whose team here is another than in the
            lines. It was left as it is.
    """

    rows: int = 0
    there: int = 0
    plans: int = 0
    refused: int = 0
    teams_left: list[str] = attrs.field(factory=list)


def take_in(store: Store, lines: Iterable[str]) -> Imported:
    """Add what lines hold to a store: all of it or nothing. What is there already is passed over.

    Args:
        store: the store; what it has of a plan must be the beginning of what the lines have.
        lines: what :func:`exported` gives, in that order.

    Raises:
        InvalidLinesError: a line holds no row, breaks its chain, or says other than what is stored.
        RetryableError: the database was busy or away, or others added to the same plans meanwhile.
        StoreError: the database refuses.
    """
    try:
        with store.transactions.write(None) as conn:
            return _Taking(store, conn).all(lines)
    except IntegrityError as error:
        if not is_taken(error):
            raise
        raise RetryableError("others added to the same plans meanwhile; try again") from error


@attrs.define
class _Taking:
    store: Store
    conn: Connection
    imported: Imported = attrs.field(factory=Imported)
    problems: list[str] = attrs.field(factory=list)
    _waiting: list[dict[str, Any]] = attrs.field(factory=list)
    _whole: Any = None
    _seen: int = 0
    _refused: str = ""
    _kept: Counter[Attempt] = attrs.field(factory=Counter)
    _last: str = ""

    def all(self, lines: Iterable[str]) -> Imported:
        """Take in all lines, and return what was new."""
        for plan, rows in groupby(self.read(lines), key=lambda one: one[1].plan):
            self.take(plan, rows)
        self.end()
        if self.problems:
            raise InvalidLinesError(self.problems)
        return self.imported

    def read(self, lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
        """Yield the rows with the numbers of their lines; whatever else is taken in at once."""
        for number, line in enumerate(lines, start=1):
            try:
                data = object_in(line)
                if number == 1:
                    _require_format(data)
                elif self._whole is not None:
                    raise InvalidRowError("it comes after the line that should be the last")
                elif data.keys() == set(WHOLE):
                    self._whole = data
                elif data.keys() == set(TEAM):
                    self._team(data)
                elif data.keys() == set(attempts.KEYS):
                    self._attempt(attempt_from_dict(data))
                else:
                    yield number, _row(data)
            except (ValueError, RecursionError) as error:
                self._problem(number, str(error))

    def take(self, plan: str, rows: Iterable[tuple[int, Row]]) -> None:
        """Take in the rows of one plan, after what is there of it."""
        history = self.store.history(plan, conn=self.conn)
        there = {row.version: row.hash for row in history}
        named = {row.entry_id: row.version for row in history}
        head, faulty, late = nothing_of(plan), False, self._late(plan)
        for number, row in rows:
            fault = late or _fault(row, head) or _other(row, there) or _named(row, named)
            if fault and not faulty:
                # Whatever comes after it would be faulty too.
                faulty = True
                self._problem(number, f"plan {plan!r}, version {row.version}: {fault}")
            elif row.version > len(there):
                self._insert(row)
            else:
                self.imported.there += 1
            head = row.head
        self.imported.plans += head.version > len(there)

    def end(self) -> None:
        """Insert what waits, after seeing that nothing is missing at the end."""
        seen = {"rows": self.imported.rows + self.imported.there, "refused": self._seen}
        if self._whole != seen and not self.problems:
            says = "there is none" if self._whole is None else f"it is {written(self._whole):.60}"
            self.problems.append(f"the last line should be {written(seen)}: {says}")
        self._flush()

    def _late(self, plan: str) -> str:
        """Return that a plan's rows come where they can't: what is there of it may still wait."""
        if plan <= self._last:
            return f"it comes after a row of plan {self._last!r}: give plans in order, each once"
        self._last = plan
        return ""

    def _flush(self) -> None:
        if self._waiting and not self.problems:
            self.conn.execute(self.store.entries.insert(), self._waiting)
        self._waiting.clear()

    def _insert(self, row: Row) -> None:
        self.imported.rows += 1
        self._waiting.append({name: getattr(row, name) for name in COLUMNS})
        if len(self._waiting) == AT_ONCE:
            self._flush()

    def _team(self, data: Mapping[str, Any]) -> None:
        require_plan(data["plan"])
        require_text("team", data["team"])
        plan, team = data["plan"], data["team"]
        there = self.store.team(plan, conn=self.conn)
        if there == team:
            return
        # The lines may be older than what is here: they say who answers for what is new alone.
        if there or self.store.head(plan, conn=self.conn).version:
            self.imported.teams_left.append(plan)
        else:
            self.store.set_team(plan, team, conn=self.conn)

    def _attempt(self, attempt: Attempt) -> None:
        """Take in an attempt, unless it is there: as often as it is there, it is passed over."""
        said = disagreeing(attempt.draft)
        if said:
            raise InvalidRowError(f"its columns say other than its body: {said}")
        if attempt.plan < self._refused:
            raise InvalidRowError(f"it comes after an attempt for a later plan, {self._refused!r}")
        if attempt.plan != self._refused:
            there = attempts.kept(self.conn, self.store.attempts, attempt.plan)
            self._refused, self._kept = attempt.plan, Counter(there)
        self._seen += 1
        if self._kept[attempt]:
            self._kept[attempt] -= 1
        else:
            attempts.keep(self.conn, self.store.attempts, [attempt])
            self.imported.refused += 1

    def _problem(self, number: int, says: str) -> None:
        self.problems.append(f"line {number}: {says}")
        if len(self.problems) >= MANY:
            raise InvalidLinesError(self.problems)


def object_in(line: str) -> dict[str, Any]:
    """Return the object that a line holds, with no key twice in it.

    Args:
        line: the text; read with ``errors="surrogateescape"``, what is not UTF-8 is told here.

    Raises:
        ValueError, RecursionError: it holds none.
    """
    try:
        line.encode()
    except UnicodeEncodeError as error:
        raise InvalidRowError(f"it is not UTF-8 at character {error.start + 1}") from error
    data = json.loads(line, object_pairs_hook=once)
    if not isinstance(data, dict):
        raise InvalidRowError(f"{line.strip()!r:.60} is no object")
    return data


def _require_format(data: Mapping[str, Any]) -> None:
    if data != {"format": FORMAT}:
        raise InvalidRowError(
            f"the first line says {data!r:.60}, not {written({'format': FORMAT})}"
        )


def _row(data: Mapping[str, Any]) -> Row:
    if data.keys() != set(COLUMNS):
        wrong = sorted(data.keys() ^ set(COLUMNS))
        raise InvalidRowError(f"these keys are missing or too many: {', '.join(wrong)}")
    row = Row(**{**data, "body": canonical(data["body"])})
    require_plan(row.plan)
    if type(row.version) is not int:
        raise InvalidRowError(f"version is {row.version!r:.60}, not a whole number")
    _ = row.draft
    return row


def _fault(row: Row, head: Head) -> str:
    fault = link_fault([getattr(row, name) for name in COLUMNS], head.version + 1, head.hash)
    if fault:
        return fault
    try:
        said = disagreeing(row)
    except InvalidEntryError as error:
        return str(error)
    return f"its columns say other than its body: {said}" if said else ""


def _other(row: Row, there: Mapping[int, str]) -> str:
    if there.get(row.version, row.hash) != row.hash:
        return f"another row stands there, with the hash {there[row.version]:.16}"
    return ""


def _named(row: Row, named: dict[str, int]) -> str:
    """Return that another row of the plan has the same id; note it otherwise."""
    version = named.setdefault(row.entry_id, row.version)
    return "" if version == row.version else f"the id {row.entry_id!r} is that of version {version}"
