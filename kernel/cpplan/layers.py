"""Layers: what the files of one pack say, each statement with its place.

Reads the files of one folder and lays one layer over another. It must not know the shared
lifecycle: what a pack comes to with that is in :mod:`cpplan.packs`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

import attrs

from cpplan.drafts import (
    DutiesDraft,
    DutyDraft,
    PackDraft,
    RecordDraft,
    RecordsDraft,
    RequirementDraft,
    RequirementsDraft,
    RuleDraft,
    RulesDraft,
    ValueDraft,
)
from cpplan.reading import Document, InvalidFileError, KeyPath, Problem, read_yaml
from cpplan.structuring import structure

T = TypeVar("T")


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
        filled_from: the pack it was taken from, to fill a silence or because this one is based on
            that; empty if it was not.
    """

    draft: T
    where: Where
    filled_from: str = ""


@attrs.frozen(kw_only=True)
class Layer:
    """What the files in one folder say, before the shared lifecycle is put under it."""

    head: Part[PackDraft]
    values: Mapping[str, Part[ValueDraft]]
    rules: Mapping[str, Part[RuleDraft]]
    duties: Mapping[str, Part[DutyDraft]]
    records: Mapping[str, tuple[Part[RecordDraft], ...]]
    requirements: Mapping[str, Part[RequirementDraft]]

    def over(self, base: Layer) -> Layer:
        """Return this with all of a layer below that it does not say itself, marked so.

        What both say under one name stands here as this one says it, and in full: nothing within
        a statement is mixed.
        """
        name = base.head.draft.pack
        records = {
            kind: tuple(_from(name, part) for part in parts) for kind, parts in base.records.items()
        }
        return Layer(
            head=attrs.evolve(self.head, draft=_head_over(self.head.draft, base.head.draft)),
            values={**_all_from(name, base.values), **self.values},
            rules={**_all_from(name, base.rules), **self.rules},
            duties={**_all_from(name, base.duties), **self.duties},
            records={**records, **self.records},
            requirements={**_all_from(name, base.requirements), **self.requirements},
        )


def _head_over(own: PackDraft, base: PackDraft) -> PackDraft:
    return attrs.evolve(
        own,
        sources=list(dict.fromkeys([*base.sources, *own.sources])),
        steps={**base.steps, **own.steps},
        silent={**base.silent, **own.silent},
        excused={**base.excused, **own.excused},
    )


def _all_from(pack: str, parts: Mapping[str, Part[T]]) -> dict[str, Part[T]]:
    return {name: _from(pack, part) for name, part in parts.items()}


def _from(pack: str, part: Part[T]) -> Part[T]:
    return attrs.evolve(part, filled_from=pack)


def read_layer(folder: Path) -> Layer:
    """Read the files of a folder. Of the five any but ``pack.yaml`` may be left out.

    Raises:
        InvalidFileError: with every key and value that can't stand where it does.
    """
    problems: list[Problem] = []
    head = _read(folder, "pack.yaml", PackDraft, problems)
    rules = _read(folder, "rules.yaml", RulesDraft, problems, optional=True)
    duties = _read(folder, "duties.yaml", DutiesDraft, problems, optional=True)
    records = _read(folder, "records.yaml", RecordsDraft, problems, optional=True)
    requirements = _read(folder, "requirements.yaml", RequirementsDraft, problems, optional=True)
    if problems or head is None:
        raise InvalidFileError(problems)
    return Layer(
        head=head,
        values=parts_of(head, "values"),
        rules=parts_of(rules, "rules"),
        duties=parts_of(duties, "duties"),
        records=_records(records),
        requirements=parts_of(requirements, "requirements"),
    )


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


def parts_of(whole: Part[Any] | None, key: str) -> dict[str, Part[Any]]:
    """Return the statements under one key of a file, by name; none if there is no file."""
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
