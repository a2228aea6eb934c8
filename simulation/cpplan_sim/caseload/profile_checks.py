"""Checks of what stands in a profile: numbers within their limits, names that exist.

Each check notes what is wrong, with its place, and goes on, so that the author of a profile sees
every mistake at once. What the parts come to is built in the modules beside this one.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from cpplan import PROCEDURES, Procedure
from cpplan.events import KINDS, Event
from cpplan.fields import FieldPathError, field_type, is_list, value_problem
from cpplan.packs import folder_of, lifecycle
from cpplan.reading import Document, KeyPath, Problem, nearest, read_yaml
from cpplan.states import GROUPS, STATES
from cpplan_sim.caseload.profile_drafts import BasedDraft, Scalar
from cpplan_sim.caseload.profile_parts import Basis

BASES = ("source", "assumed", "fitted")
BROADEST_FIRST = tuple(sorted(PROCEDURES, key=lambda name: name != "composite"))
"""Packs in the order in which a name is looked for: most stand in the composite."""
MOST_BITS = 64
"""Whole numbers with more are not shown: of thousands of digits Python can't write them out."""


@attrs.frozen
class Limits:
    """Between which numbers a figure lies, and what it is, in words."""

    least: float
    most: float
    says: str


SHARE = Limits(0, 1, "a share, from 0 to 1")
MONTHLY = Limits(0, 31, "a number a month, from 0 to 31")
DAYS = Limits(0, 3660, "a number of days, from 0 to 3660")
A_DAY = Limits(0, 100, "a number a day, from 0 to 100")
CASES = Limits(0.01, 10_000_000, "a number of cases a month, from 0.01 to 10000000")
AGE = Limits(0, 25, "an age, from 0 to 25")
YEAR = Limits(1900, 2200, "a year, from 1900 to 2200")


@attrs.frozen
class Known:
    """Names of a procedure of one's own, which may stand in a profile beside those of the packs.

    Attributes:
        duties: duties with their topics.
        steps: steps.
    """

    duties: Mapping[str, str] = attrs.field(factory=dict)
    steps: frozenset[str] = frozenset()

    @classmethod
    def of(cls, procedure: Procedure | None) -> Known:
        """Return the names of a procedure, if there is one."""
        if procedure is None:
            return cls()
        duties = {duty.id: duty.topic for duty in procedure.duties.values()}
        return cls(duties, frozenset(procedure.steps))

    def topic_of(self, duty: str) -> str:
        """Return the topic of a duty, here or in any shipped pack; empty if there is none."""
        if duty in self.duties:
            return self.duties[duty]
        found = (_duties_of(procedure).get(duty, "") for procedure in BROADEST_FIRST)
        return next((topic for topic in found if topic), "")

    def has_step(self, step: str) -> bool:
        """Tell whether the lifecycle, this or any shipped pack has a step."""
        if step in self.steps or step in lifecycle().draft.steps:
            return True
        return any(step in _steps_of(procedure) for procedure in BROADEST_FIRST)

    def all_duties(self) -> set[str]:
        """Return every duty there is."""
        return set(self.duties).union(*(_duties_of(name) for name in PROCEDURES))


@functools.cache
def _duties_of(procedure: str) -> Mapping[str, str]:
    # A whole pack takes ten times as long to read, and only names are asked for here.
    document = read_yaml(folder_of(procedure) / "duties.yaml")
    return {name: duty["topic"] for name, duty in document.data["duties"].items()}


@functools.cache
def _steps_of(procedure: str) -> Mapping[str, str]:
    steps: Mapping[str, str] = read_yaml(folder_of(procedure) / "pack.yaml").data.get("steps", {})
    return steps


class Checks:
    """Holds the values of one profile against what they may be."""

    def __init__(self, document: Document, sources: Iterable[str], known: Known) -> None:
        """Check what the document says, where figures may cite these sources."""
        self.document = document
        self.sources = tuple(sources)
        self.known = known
        self.problems: list[Problem] = []

    def note(self, path: KeyPath, message: str, hint: str = "") -> None:
        """Note one problem."""
        self.problems.append(self.document.problem(path, message, hint))

    def named(self, name: str, valid: Iterable[str], path: KeyPath, what: str) -> bool:
        """Return whether ``name`` is among the valid ones, and note it if not."""
        if name in valid:
            return True
        self.note(path, f"unknown {what} {name!r}", nearest(name, valid))
        return False

    def number(self, value: Any, path: KeyPath, limits: Limits) -> float:
        """Return a number, noting one that is none or lies outside its limits."""
        if type(value) not in (int, float):
            self.note(path, f"{shown(value)} is not a number")
        elif not limits.least <= value <= limits.most:  # which not-a-number is not either
            self.note(path, f"{shown(value)} is not {limits.says}")
        else:
            return float(value)
        return limits.least

    def basis(self, draft: BasedDraft, path: KeyPath) -> tuple[Basis, str]:
        """Return what a figure stands on and in whose words, noting if it is not exactly one."""
        given = [name for name in BASES if getattr(draft, name).strip()]
        if not given:
            hint = "give source, assumed with the reason, or fitted with what it is fitted to"
            self.note(path, "stands on nothing", hint)
            return Basis.ASSUMED, ""
        if len(given) > 1:
            self.note(path, f"stands on several things: {', '.join(given)}", "keep one")
        if draft.source:
            self.named(draft.source, self.sources, (*path, "source"), "source")
            return Basis.PUBLISHED, draft.says
        words = draft.assumed or draft.fitted
        return Basis(given[0]), f"{words}; {draft.says}" if draft.says else words

    def event(self, kind: str, path: KeyPath) -> bool:
        """Return whether there is such a kind of event, and note it if not."""
        return self.named(kind, KINDS, path, "event")

    def duty(self, name: str, path: KeyPath) -> None:
        """Note a duty that no pack has."""
        if not self.known.topic_of(name):
            self.named(name, self.known.all_duties(), path, "duty")

    def topic(self, name: str, path: KeyPath) -> None:
        """Note a topic that the lifecycle doesn't have."""
        self.named(name, lifecycle().draft.topics, path, "topic")

    def step(self, name: str, path: KeyPath) -> None:
        """Note a step that no pack has."""
        if not self.known.has_step(name):
            steps = {*self.known.steps, *lifecycle().draft.steps}
            steps.update(*(_steps_of(procedure) for procedure in PROCEDURES))
            self.named(name, steps, path, "step")

    def states(self, names: Iterable[str], path: KeyPath) -> tuple[str, ...]:
        """Return the states that a list of states and groups stands for, in lifecycle order."""
        wanted: set[str] = set()
        for index, name in enumerate(names):
            self.named(name, (*STATES, *GROUPS), (*path, index), "state")
            wanted.update(GROUPS.get(name, (name,)))
        return tuple(state for state in STATES if state in wanted)

    def field(self, kind: str, name: str, path: KeyPath) -> bool:
        """Return whether events of a kind have a field, and note it if not."""
        try:
            field_type(KINDS[kind], name)
        except FieldPathError as error:
            self.note(path, f"{kind}: {error}")
            return False
        if "." in name or "[]" in name:
            self.note(path, f"{name!r} lies inside a field", "name a field of the event itself")
            return False
        return True

    def matched(
        self, kind: str, when: Mapping[str, Scalar | list[Scalar]], path: KeyPath
    ) -> dict[str, tuple[Any, ...]]:
        """Return which values of which fields count, noting those that can't be."""
        found = {}
        for name, value in when.items():
            at = (*path, name)
            if not self.field(kind, name, at):
                continue
            if is_list(KINDS[kind], name):
                self.note(at, f"{name!r} holds several values", "name a field that holds one")
                continue
            found[name] = tuple(value) if isinstance(value, list) else (value,)
            for one in found[name]:
                self._value(kind, name, one, at)
        return found

    def said(
        self, kind: str, fields: Mapping[str, Scalar | list[Scalar]], path: KeyPath
    ) -> dict[str, Any]:
        """Return what the fields of an event are to hold, noting what they can't."""
        found: dict[str, Any] = {}
        for name, value in fields.items():
            at = (*path, name)
            if not self.field(kind, name, at):
                continue
            several = is_list(KINDS[kind], name)
            if several is not isinstance(value, list):
                message = f"{name!r} holds {'several values' if several else 'one value'}"
                self.note(at, message, "write a list" if several else "write it without []")
                continue
            for one in value if isinstance(value, list) else (value,):
                self._value(kind, name, one, at)
            found[name] = tuple(value) if isinstance(value, list) else value
        return found

    def _value(self, kind: str, name: str, value: Scalar, path: KeyPath) -> None:
        if isinstance(value, int) and value.bit_length() > MOST_BITS:
            self.note(path, f"{shown(value)} is no value of {name}")
            return
        wrong = value_problem(KINDS[kind], name, value) or _refused(KINDS[kind], name, value)
        if wrong:
            self.note(path, wrong)
        elif (kind, name) == ("step-recorded", "step"):
            self.step(str(value), path)


def _refused(event: type[Event], name: str, value: Scalar) -> str:
    """Return why the field itself refuses a number, such as one that has to be at least 1."""
    field: Any = attrs.fields_dict(event)[name]
    if type(value) is not int or field.validator is None:
        return ""
    try:
        field.validator(None, field, value)
    except ValueError as error:
        return str(error)
    return ""


def shown(value: object) -> str:
    """Return a value as a message shows it: short, whatever the file holds."""
    if isinstance(value, (dict, list)):
        return "a list" if isinstance(value, list) else "a mapping"
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return "a number of that many digits"
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
