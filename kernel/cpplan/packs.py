"""Packs: a procedure as a folder of files, layered on the shared lifecycle.

Reads the files and lays them over one another: the shared lifecycle first, then the pack. What the
layers say together is checked and built in :mod:`cpplan.building`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import attrs

from cpplan.drafts import (
    NOTING,
    DutiesDraft,
    DutyDraft,
    LifecycleDraft,
    PackDraft,
    RecordDraft,
    RecordsDraft,
    RequirementDraft,
    RequirementsDraft,
    RuleDraft,
    RulesDraft,
    ValueDraft,
)
from cpplan.reading import Document, InvalidFileError, KeyPath, Place, Problem, nearest, read_yaml
from cpplan.states import SAME
from cpplan.structuring import key_of, structure

T = TypeVar("T")

FOLDER = Path(__file__).parent / "procedures"
PROCEDURES = ("london", "jersey", "standards", "lead-social-worker", "luton", "composite")
"""The procedures shipped, by the names users see."""


@attrs.frozen
class Where:
    """A place in a pack: a file, and the path to a value in it."""

    document: Document = attrs.field(repr=False)
    path: KeyPath = ()

    def at(self, *more: str | int) -> Where:
        """Return the place of something inside this."""
        return Where(self.document, (*self.path, *more))

    def problem(self, message: str, hint: str = "") -> Problem:
        """Return a problem here."""
        return self.document.problem(self.path, message, hint)


@attrs.frozen
class Part(Generic[T]):
    """One statement of a pack, with its place.

    Attributes:
        draft: what the file says.
        where: its place.
        filled_from: the pack it was taken from to fill a silence; empty if it was not.
    """

    draft: T
    where: Where
    filled_from: str = ""


@attrs.frozen
class RulePart:
    """A rule: the shared one it builds on, if any, and what the pack says of it."""

    shared: Part[RuleDraft] | None
    own: Part[RuleDraft] | None

    @property
    def where(self) -> Where:
        """The place to name in messages: the pack's own, else the shared one's."""
        part = self.own or self.shared
        assert part is not None, "a rule part has at least one layer"
        return part.where

    @property
    def filled_from(self) -> str:
        """The pack it was taken from to fill a silence; empty if it was not."""
        return self.own.filled_from if self.own else ""

    def last(self, name: str) -> Any:
        """Return a key's value from the highest layer that gives one."""
        for part in (self.own, self.shared):
            if part is not None and getattr(part.draft, name):
                return getattr(part.draft, name)
        return getattr(RuleDraft(), name)

    def all(self, name: str) -> Iterator[tuple[Any, Where]]:
        """Return every item of a list key, the shared ones first, each with its place."""
        for part in (self.shared, self.own):
            if part is not None:
                for index, item in enumerate(getattr(part.draft, name)):
                    yield item, part.where.at(key_of(name), index)


@attrs.frozen(kw_only=True)
class Pack:
    """Everything that the layers of a procedure say, not yet checked against itself."""

    head: Part[PackDraft]
    lifecycle: Part[LifecycleDraft]
    values: Mapping[str, Part[ValueDraft]]
    rules: Mapping[str, RulePart]
    duties: Mapping[str, Part[DutyDraft]]
    records: Mapping[str, tuple[Part[RecordDraft], ...]]
    requirements: Mapping[str, Part[RequirementDraft]]
    steps: Mapping[str, str]
    filled: Mapping[str, str]


def folder_of(procedure: str | Path) -> Path:
    """Return the folder of a shipped procedure or of the user's own.

    Raises:
        InvalidFileError: there is neither; the message names the nearest shipped one.
    """
    if str(procedure) in PROCEDURES:
        return FOLDER / str(procedure)
    path = Path(procedure)
    if path.is_dir():
        return path
    message = f"no procedure {str(procedure)!r}, and no folder of that name"
    raise InvalidFileError(
        [Problem(Place(str(procedure)), message, nearest(procedure, PROCEDURES))]
    )


def read_pack(procedure: str | Path) -> Pack:
    """Read a procedure's files and lay them over the shared lifecycle.

    Of the five files any but ``pack.yaml`` may be left out.

    Args:
        procedure: a shipped name, or a folder.

    Raises:
        InvalidFileError: with every key and value that can't stand where it does.
    """
    folder = folder_of(procedure)
    problems: list[Problem] = []
    head = _read(folder, "pack.yaml", PackDraft, problems)
    rules = _read(folder, "rules.yaml", RulesDraft, problems, optional=True)
    duties = _read(folder, "duties.yaml", DutiesDraft, problems, optional=True)
    records = _read(folder, "records.yaml", RecordsDraft, problems, optional=True)
    requirements = _read(folder, "requirements.yaml", RequirementsDraft, problems, optional=True)
    if problems or head is None:
        raise InvalidFileError(problems)
    shared = lifecycle()
    return Pack(
        head=head,
        lifecycle=shared,
        values=_parts(head, "values"),
        rules=_rules(shared, _parts(rules, "rules")),
        duties=_parts(duties, "duties"),
        records=_records(records),
        requirements=_parts(requirements, "requirements"),
        steps={**shared.draft.steps, **head.draft.steps},
        filled={},
    )


@functools.cache
def lifecycle() -> Part[LifecycleDraft]:
    """Return the shared lifecycle."""
    document = read_yaml(FOLDER / "lifecycle.yaml", name="lifecycle.yaml")
    return Part(structure(document, LifecycleDraft), Where(document))


def _read(
    folder: Path, name: str, cls: type[T], problems: list[Problem], optional: bool = False
) -> Part[T] | None:
    if optional and not (folder / name).exists():
        return None
    try:
        document = read_yaml(folder / name, name=f"{folder.name}/{name}")
        return Part(structure(document, cls), Where(document))
    except InvalidFileError as error:
        problems += error.problems
        return None


def _parts(whole: Part[Any] | None, key: str) -> dict[str, Part[Any]]:
    if whole is None:
        return {}
    drafts = getattr(whole.draft, key)
    return {name: Part(draft, whole.where.at(key, name)) for name, draft in drafts.items()}


def _records(whole: Part[RecordsDraft] | None) -> dict[str, tuple[Part[RecordDraft], ...]]:
    if whole is None:
        return {}
    return {
        kind: tuple(
            Part(draft, whole.where.at("records", kind, index))
            for index, draft in enumerate(drafts)
        )
        for kind, drafts in whole.draft.records.items()
    }


def _rules(shared: Part[LifecycleDraft], own: Mapping[str, Part[RuleDraft]]) -> dict[str, RulePart]:
    """Lay the pack's rules over the shared ones: it has those it names, and those that are always.

    A shared rule that is ``like`` another asks for whatever the pack asks of that one.
    """
    built_on = {**_parts(shared, "rules"), **_noted(shared)}
    merged = {}
    for name, part in built_on.items():
        spoken = own.get(name) or own.get(part.draft.like)
        if spoken is not None or part.draft.always:
            merged[name] = RulePart(part, spoken)
    for name, part in own.items():
        merged.setdefault(name, RulePart(None, part))
    return merged


def _noted(shared: Part[LifecycleDraft]) -> dict[str, Part[RuleDraft]]:
    """Return a rule for each kind of event that is only noted: it changes no state and no step."""
    states: dict[str, list[str]] = {}
    for group, kinds in shared.draft.noted.items():
        for kind in kinds:
            states.setdefault(kind, []).append(group)
    return {
        kind: Part(
            RuleDraft(
                says=f"{kind.replace('-', ' ').capitalize()}: noted.",
                topic=NOTING,
                event=kind,
                from_=groups,
                to=SAME,
                always=True,
                origin="choice",
                why="What happened can always be recorded, whatever a source says of it.",
            ),
            shared.where.at("noted", groups[0]),
        )
        for kind, groups in states.items()
    }
