"""Scenarios: told cases as YAML, with what is expected of each event.

Reads them and finds the mistakes in them. Running one is in :mod:`cpplan_sim.running`. An event of
a scenario is as usual (``usual.yaml``, written out there for all procedures) unless it says
otherwise, so that a case tells only what matters to it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs

from cpplan import PROCEDURES
from cpplan.codec import InvalidEventError, event_from_dict
from cpplan.events import KINDS, Event
from cpplan.reading import Document, InvalidFileError, KeyPath, Problem, nearest, read_yaml
from cpplan.structuring import structure

NO_DATE = "no date"


@attrs.frozen(kw_only=True)
class ExpectDraft:
    """What is expected of one event.

    Attributes:
        state: the state after it.
        refused: the codes of the refusal, all of them; none means accepted.
        cites: clauses that the refusal cites, or the rule that let it through.
        opens: duties that it opens, with the day each is due, or ``no date``.
        meets: duties that it meets in time.
        meets_late: duties that it meets late.
        misses: duties that end unmet with it.
        omits: fields that it leaves out and that the procedure wants recorded.
        complete: fields that are not told as left out, because they are there or not wanted.
    """

    state: str = ""
    refused: list[str] = attrs.field(factory=list)
    cites: list[str] = attrs.field(factory=list)
    opens: dict[str, dt.date | str] = attrs.field(factory=dict)
    meets: list[str] = attrs.field(factory=list)
    meets_late: list[str] = attrs.field(factory=list)
    misses: list[str] = attrs.field(factory=list)
    omits: list[str] = attrs.field(factory=list)
    complete: list[str] = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class EventDraft:
    """One event of a case: what happened, how it differs from the usual, and what is expected."""

    on: dt.date
    event: str
    by: str = ""
    with_: dict[str, Any] = attrs.field(factory=dict)
    without: list[str] = attrs.field(factory=list)
    expect: ExpectDraft = attrs.field(factory=ExpectDraft)


@attrs.frozen(kw_only=True)
class OwedDraft:
    """What is expected of one duty on a day."""

    status: str
    due: dt.date | None = None


@attrs.frozen(kw_only=True)
class DueDraft:
    """What is owed at the end of a day, as far as the case cares."""

    on: dt.date
    duties: dict[str, OwedDraft]


@attrs.frozen(kw_only=True)
class ScenarioDraft:
    """A told case, as its file has it."""

    scenario: str
    procedure: str
    says: str
    events: list[EventDraft]
    fill: str = ""
    values: dict[str, int] = attrs.field(factory=dict)
    cites: list[str] = attrs.field(factory=list)
    due: list[DueDraft] = attrs.field(factory=list)
    ends_in: str = ""


@attrs.frozen
class Step:
    """One event of a scenario, with what is expected of it."""

    event: Event
    expect: ExpectDraft


@attrs.frozen
class Scenario:
    """A told case.

    Attributes:
        file: where it stands.
        title: what it is called.
        says: what it shows.
        procedure: under which procedure: a shipped name, or a folder found from the file's own.
        fill: which procedure fills silences, if any; found in the same way.
        values: figures that differ.
        cites: the clauses it is about.
        steps: what happens.
        due: what is owed on some days, at the end.
        ends_in: the state at the end.
    """

    file: str
    title: str
    says: str
    procedure: str
    fill: str
    values: Mapping[str, int]
    cites: tuple[str, ...]
    steps: tuple[Step, ...]
    due: tuple[DueDraft, ...]
    ends_in: str


def scenario_root() -> Path:
    """Return the folder of the shipped scenarios, in a wheel or in a checkout."""
    packaged = Path(__file__).parent / "scenarios"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "scenarios"


def shipped(procedure: str = "") -> tuple[Path, ...]:
    """Return the files of the shipped scenarios, all or those of one procedure."""
    found = sorted(scenario_root().glob(f"*/{procedure or '*'}/*.yaml"))
    return tuple(path for path in found if path.parent.parent.name in ("good", "bad"))


def read_scenario(path: Path) -> Scenario:
    """Read one scenario.

    Raises:
        InvalidFileError: with every mistake in it, each with its file, line and column.
    """
    document = read_yaml(path, name=_shown(path))
    draft = structure(document, ScenarioDraft)
    problems: list[Problem] = []
    steps = [_step(document, number, one, problems) for number, one in enumerate(draft.events)]
    if problems:
        raise InvalidFileError(problems)
    return Scenario(
        file=_shown(path),
        title=draft.scenario,
        says=draft.says,
        procedure=_found(draft.procedure, path),
        fill=_found(draft.fill, path),
        values=draft.values,
        cites=tuple(draft.cites),
        steps=tuple(step for step in steps if step is not None),
        due=tuple(draft.due),
        ends_in=draft.ends_in,
    )


def _shown(path: Path) -> str:
    root = scenario_root()
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)


def _found(procedure: str, file: Path) -> str:
    """Return a procedure's name, or the path to its folder where it is one beside the file."""
    beside = file.parent / procedure
    return (
        str(beside) if procedure and procedure not in PROCEDURES and beside.is_dir() else procedure
    )


def _step(
    document: Document, number: int, draft: EventDraft, problems: list[Problem]
) -> Step | None:
    path = ("events", number)
    if draft.event not in KINDS:
        hint = nearest(draft.event, KINDS)
        problems.append(document.problem((*path, "event"), f"unknown event {draft.event!r}", hint))
        return None
    fields: dict[str, Any] = {**usual(draft.event), **draft.with_}
    for name in ("event", "on"):
        if name in draft.with_:
            message = f"{name!r} in with would be lost"
            problems.append(document.problem((*path, "with", name), message, "move it out"))
    for index, name in enumerate(draft.without):
        if not _removed(fields, name.split(".")):
            message = f"{draft.event} has no usual {name!r}"
            hint = nearest(name, usual(draft.event))
            problems.append(document.problem((*path, "without", index), message, hint))
    if draft.by:
        fields["by"] = draft.by
    try:
        plain = iso({**fields, "event": draft.event, "on": draft.on})
        return Step(event_from_dict(plain), draft.expect)
    except InvalidEventError as error:
        problems += [
            document.problem(_path(path, draft, problem), problem) for problem in error.problems
        ]
        return None


def _path(event: KeyPath, draft: EventDraft, problem: str) -> KeyPath:
    """Return where the value stands that a problem begins with, as in ``plan.actions[0].due:``."""
    keys = re.findall(r"\w+", problem.partition(": ")[0])
    field = tuple(int(key) if key.isdigit() else key for key in keys)
    return (*event, *field) if field == ("by",) and draft.by else (*event, "with", *field)


def _removed(fields: dict[str, Any], parts: list[str]) -> bool:
    """Take out a field by its path, copying what it stands in; tell whether it was there."""
    if parts[0] not in fields:
        return False
    if len(parts) == 1:
        del fields[parts[0]]
        return True
    if not isinstance(fields[parts[0]], Mapping):
        return False
    inner = dict(fields[parts[0]])
    fields[parts[0]] = inner
    return _removed(inner, parts[1:])


def iso(value: Any) -> Any:
    """Return plain data with its dates as text, as events are read from."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: iso(item) for key, item in value.items()}
    if isinstance(value, list):
        return [iso(item) for item in value]
    return value


def usual(kind: str) -> Mapping[str, Any]:
    """Return the usual fields of a kind of event."""
    found = _usual().get(kind)
    return found if found is not None else {}


@cache
def _usual() -> Mapping[str, Mapping[str, Any]]:
    document = read_yaml(scenario_root() / "usual.yaml", name="usual.yaml")
    data: Mapping[str, Mapping[str, Any]] = document.data
    unknown = [
        document.problem((kind,), f"unknown event {kind!r}", nearest(kind, KINDS))
        for kind in data
        if kind not in KINDS
    ]
    if unknown:
        raise InvalidFileError(unknown)
    return data


def read_all(paths: Iterable[Path]) -> tuple[Scenario, ...]:
    """Read several scenarios.

    Raises:
        InvalidFileError: with the mistakes of all of them.
    """
    found: list[Scenario] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            found.append(read_scenario(path))
        except InvalidFileError as error:
            problems += error.problems
    if problems:
        raise InvalidFileError(problems)
    return tuple(found)
