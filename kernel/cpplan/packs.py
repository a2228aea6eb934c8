"""Packs: a procedure as a folder of files, layered on the shared lifecycle.

Lays what the files say over one another: the shared lifecycle first, then the shipped pack that a
pack is based on, if it is, then the pack. What the layers say together is checked and built in
:mod:`cpplan.building`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from cpplan.drafts import (
    NOTING,
    DutyDraft,
    LifecycleDraft,
    PackDraft,
    RecordDraft,
    RequirementDraft,
    RuleDraft,
    ValueDraft,
)
from cpplan.layers import Layer, Part, Where, parts_of, read_layer
from cpplan.reading import InvalidFileError, Place, Problem, nearest, read_yaml
from cpplan.states import SAME
from cpplan.structuring import key_of, structure

FOLDER = Path(__file__).parent / "procedures"
PROCEDURES = ("london", "jersey", "standards", "lead-social-worker", "luton", "composite")
"""The procedures shipped, by the names users see."""


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

    Args:
        procedure: a shipped name, or a folder with a ``pack.yaml`` and what else it needs.

    Raises:
        InvalidFileError: with every key and value that can't stand where it does.
    """
    own = read_layer(folder_of(procedure))
    layer = own.over(_base_of(own)) if own.head.draft.based_on else own
    shared = lifecycle()
    rules = _rules(shared, layer.rules)
    return Pack(
        head=_speaking(own, layer, rules),
        lifecycle=shared,
        values=layer.values,
        rules=rules,
        duties=layer.duties,
        records=layer.records,
        requirements=layer.requirements,
        steps={**shared.draft.steps, **layer.head.draft.steps},
        filled={},
    )


def _base_of(own: Layer) -> Layer:
    """Return the layer of the shipped procedure that a pack is based on."""
    base, where = own.head.draft.based_on, own.head.where.at("based-on")
    if base not in PROCEDURES:
        message = f"no shipped procedure {base!r} to be based on"
        raise InvalidFileError([where.problem(message, nearest(base, PROCEDURES))])
    return _shipped(base)


@functools.cache
def _shipped(name: str) -> Layer:
    """Return the layer of a shipped procedure, read once however many packs are based on it."""
    return read_layer(FOLDER / name)


def _speaking(own: Layer, layer: Layer, rules: Mapping[str, RulePart]) -> Part[PackDraft]:
    """Return the head without the silence of the base on what the pack itself speaks of."""
    spoken = {rules[name].last("topic") for name in own.rules}
    spoken |= {part.draft.topic for part in own.duties.values()}
    spoken |= {part.draft.topic for part in own.requirements.values()}
    draft = layer.head.draft
    ended = spoken - own.head.draft.silent.keys()
    silent = {topic: why for topic, why in draft.silent.items() if topic not in ended}
    return attrs.evolve(layer.head, draft=attrs.evolve(draft, silent=silent))


@functools.cache
def lifecycle() -> Part[LifecycleDraft]:
    """Return the shared lifecycle."""
    document = read_yaml(FOLDER / "lifecycle.yaml", name="lifecycle.yaml")
    return Part(structure(document, LifecycleDraft), Where(document))


def _rules(shared: Part[LifecycleDraft], own: Mapping[str, Part[RuleDraft]]) -> dict[str, RulePart]:
    """Lay the pack's rules over the shared ones: it has those it names, and those that are always.

    A shared rule that is ``like`` another asks for whatever the pack asks of that one. One that the
    pack states ``whole`` is the pack's alone.
    """
    built_on = {**parts_of(shared, "rules"), **_noted(shared)}
    whole = {name for name, part in own.items() if part.draft.whole}
    merged = {}
    for name, part in built_on.items():
        spoken = own.get(name) or _alike(own.get(part.draft.like))
        if name not in whole and (spoken is not None or part.draft.always):
            merged[name] = RulePart(part, spoken)
    for name, part in own.items():
        merged.setdefault(name, RulePart(None, part))
    return merged


def _alike(part: Part[RuleDraft] | None) -> Part[RuleDraft] | None:
    """Return what a pack asks for by one rule, for another with states of its own."""
    if part is None:
        return None
    return attrs.evolve(part, draft=attrs.evolve(part.draft, says="", from_=[], to=""))


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
