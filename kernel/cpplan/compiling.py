"""Names to things: looks up every name in a pack, and compiles its tests and matches.

Each method notes what is wrong and goes on, so that a pack's author sees every mistake at once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from cpplan import fields
from cpplan.drafts import AtomDraft, MatchDraft, NeedDraft, Scalar, TestDraft
from cpplan.events import KINDS
from cpplan.matching import AnyTest, FieldTest, Match
from cpplan.reading import Problem, nearest
from cpplan.requirements import Atom
from cpplan.states import GROUPS, STATES
from cpplan.structuring import enum_values, key_of
from cpplan.values import Origin, Value

if TYPE_CHECKING:
    from cpplan.calendars import Calendar
    from cpplan.layers import Where

TOLD = {dt.date: "one date", int: "one whole number"}
NOT_PERIODS = ("visits", "count", "days-unspecified")
NAMES_A_STEP = ("step-recorded", "step")
"""The field that holds the name of a step: misspelt, a test on it would never hold."""
OPERATORS = ("given", "is_", "is_not", "in_", "includes", "at_most", "at_least")


class Compiler:
    """Compiles the parts of one pack."""

    def __init__(
        self,
        steps: Mapping[str, str],
        values: Mapping[str, Value],
        clauses: Mapping[str, Any],
        calendar: Calendar,
        problems: list[Problem],
    ) -> None:
        """Look names up in these, and note problems in the list given."""
        self.steps = steps
        self.values = values
        self.clauses = clauses
        self.calendar = calendar
        self.problems = problems

    def note(self, where: Where, message: str, hint: str = "") -> None:
        """Note one problem."""
        self.problems.append(where.problem(message, hint))

    def named(self, name: str, valid: Iterable[str], where: Where, what: str) -> bool:
        """Return whether ``name`` is among the valid ones, and note it if not."""
        if name in valid:
            return True
        self.note(where, f"unknown {what} {name!r}", nearest(name, valid))
        return False

    def cites(self, clauses: Iterable[str], where: Where) -> tuple[str, ...]:
        """Return the clauses, noting each that the register does not have."""
        found = tuple(clauses)
        for index, clause in enumerate(found):
            self.named(clause, self.clauses, where.at("cites", index), "clause")
        return found

    def check_source(self, origin: str, cites: list[Any], why: str, where: Where) -> None:
        """Note a statement without a source: it cites clauses, or says why it was chosen."""
        if origin and not self.named(origin, enum_values(Origin), where.at("origin"), "origin"):
            return
        if origin == Origin.CHOICE and not why:
            self.note(where, "a choice without a reason", "give why")
        if origin != Origin.CHOICE and not cites and not why:
            hint = "give cites, or origin: choice with why"
            self.note(where, "stands on no clause", hint)

    def step(self, name: str, where: Where) -> str:
        """Return a step, noting it if no step has that name."""
        self.named(name, self.steps, where, "step")
        return name

    def value(self, name: str, where: Where) -> Value | None:
        """Return a value by its name."""
        return self.values[name] if self.named(name, self.values, where, "value") else None

    def read(self, event: str, path: str, where: Where) -> fields.Read | None:
        """Return the reader of a field, noting a path that leads nowhere."""
        if event not in KINDS:
            return None
        try:
            fields.field_type(KINDS[event], path)
        except fields.FieldPathError as error:
            self.note(where, f"{event}: {error}")
            return None
        return fields.reader(path)

    def typed(self, event: str, path: str, kind: type, where: Where) -> None:
        """Note a path that is not one value of a type in the event itself."""
        if self.read(event, path, where) is None:
            return
        if "." in path or "[]" in path:
            self.note(where, f"{path!r} lies inside a field", "name a field of the event itself")
        else:
            self.single(event, path, kind, where)

    def single(self, event: str, path: str, kind: type, where: Where) -> None:
        """Note a field that holds several values, or one of another type."""
        found = fields.item_type(fields.field_type(KINDS[event], path))
        if found is not kind or fields.is_list(KINDS[event], path):
            self.note(where, f"{path!r} is not {TOLD[kind]}")

    def several(self, event: str, path: str, where: Where) -> None:
        """Note a field that does not hold several values."""
        if not fields.is_list(KINDS[event], path):
            self.note(where, f"{path!r} holds one value, not several")

    def _operand(self, event: str, path: str, value: Scalar, where: Where) -> None:
        wrong = fields.value_problem(KINDS[event], path, value)
        if wrong:
            self.note(where, wrong)
        elif (event, path) == NAMES_A_STEP:
            self.step(str(value), where)

    def when(self, event: str, when: Mapping[str, Scalar | list[Scalar]], where: Where) -> Match:
        """Return a match on a kind of event and the values of its fields."""
        return self.match(MatchDraft(event=event, when=dict(when)), where)

    def match(self, draft: MatchDraft, where: Where) -> Match:
        """Return a match on an event."""
        event = draft.event
        if not self.named(event, KINDS, where.at("event"), "event"):
            return Match(event)
        tests: list[Callable[[Any], bool]] = []
        when = []
        for path, value in draft.when.items():
            at = where.at("when", path)
            read = self.read(event, path, at)
            allowed = tuple(value) if isinstance(value, list) else (value,)
            if read is None:
                continue
            if fields.is_list(KINDS[event], path):
                self.note(at, f"{path!r} holds several values", "test it under where")
            for one in allowed:
                self._operand(event, path, one, at)
            when.append((path, allowed))
            tests.append(_among(read, allowed))
        where_tests = tuple(
            test
            for index, one in enumerate(draft.where)
            if (test := self.test(event, one, where.at("where", index))) is not None
        )
        tests += [test.holds for test in where_tests]
        if draft.on_field:
            self.typed(event, draft.on_field, dt.date, where.at("on-field"))
        if draft.takes:
            self.step(draft.takes, where.at("takes"))
        return Match(event, tuple(when), where_tests, draft.on_field, draft.takes, tuple(tests))

    def test(self, event: str, draft: TestDraft, where: Where) -> FieldTest | AnyTest | None:
        """Return a test on a field, or on any one of several."""
        if draft.any_:
            found = [self.test(event, one, where.at("any", i)) for i, one in enumerate(draft.any_)]
            return AnyTest(tuple(one for one in found if one is not None))
        return self.field_test(event, draft, where)

    def field_test(
        self, event: str, draft: TestDraft | NeedDraft, where: Where
    ) -> FieldTest | None:
        """Return a test on one field, ``None`` if there is no such field."""
        path = draft.field
        read = self.read(event, path, where.at("field"))
        if read is None:
            return None
        asked = [name for name in OPERATORS if _set(getattr(draft, name))]
        if len(asked) > 1:
            self.note(
                where,
                f"{path!r} is tested in several ways: {', '.join(map(key_of, asked))}",
                "use one",
            )
        operator = asked[0] if asked else "given"
        whole = "[]" not in path and fields.is_list(KINDS[event], path)
        if whole and operator not in ("given", "includes"):
            self.note(where, f"{path!r} is a list", f"write {path}[] for its items, or includes")
            return None
        holds, says, operand = self._operator(event, draft, operator, where)
        return FieldTest(path, says, read, holds, key_of(operator), operand)

    def _operator(
        self, event: str, draft: TestDraft | NeedDraft, operator: str, where: Where
    ) -> tuple[Callable[[Any], bool], str, Any]:
        path, at = draft.field, where.at(key_of(operator))
        if operator == "is_":
            assert draft.is_ is not None, "the operator was chosen because it is set"
            self._operand(event, path, draft.is_, at)
            return fields.one_of([draft.is_]), f"is not {_shown(draft.is_)}", draft.is_
        if operator == "is_not":
            assert draft.is_not is not None, "the operator was chosen because it is set"
            self._operand(event, path, draft.is_not, at)
            return fields.none_of([draft.is_not]), f"is {_shown(draft.is_not)}", draft.is_not
        if operator in ("in_", "includes"):
            wanted = getattr(draft, operator)
            for one in wanted:
                self._operand(event, path, one, at)
            listed = ", ".join(_shown(one) for one in wanted)
            if operator == "includes":
                self.several(event, path, where.at("field"))
            if operator == "in_":
                return fields.one_of(wanted), f"is none of {listed}", tuple(wanted)
            return fields.includes(wanted), f"does not include {listed}", tuple(wanted)
        if operator in ("at_most", "at_least"):
            self.single(event, path, int, where.at("field"))
            limit = self._number(getattr(draft, operator), at)
            test = fields.at_most if operator == "at_most" else fields.at_least
            side = "more" if operator == "at_most" else "less"
            return test(limit), f"is not recorded, or is {side} than {limit}", limit
        if draft.given is False:
            return (lambda value: not fields.given(value)), "is recorded", False
        return fields.given, "is not recorded", True

    def _number(self, operand: int | str, where: Where) -> int:
        if isinstance(operand, int):
            return operand
        value = self.value(operand, where)
        if value is not None and value.amount is None:
            self.not_chosen(value, where)
        return 0 if value is None or value.amount is None else value.amount

    def not_chosen(self, value: Value, where: Where) -> None:
        """Note a setting that has to be chosen before anything can be held against it."""
        hint = f"load the pack with values={{{value.id!r}: ...}}"
        self.note(where, f"the setting {value.id!r} has not been chosen", hint)

    def count(self, name: str, otherwise: int) -> int:
        """Return the figure of a tally: the pack's value of that name, if it has one."""
        value = self.values.get(name)
        return otherwise if value is None or value.amount is None else value.amount

    def period(self, name: str, where: Where) -> Value | None:
        """Return a value that time can be counted in."""
        value = self.value(name, where)
        if value is not None and value.in_force in NOT_PERIODS:
            self.note(where, f"{name!r} is in {value.in_force}, which is no length of time")
            return None
        return value

    def atom(self, draft: AtomDraft, where: Where) -> Atom:
        """Return one side of a requirement."""
        if draft.any_:
            several = [self.atom(one, where.at("any", i)) for i, one in enumerate(draft.any_)]
            return Atom(any_of=tuple(several))
        match = None
        if draft.event:
            wanted = MatchDraft(
                event=draft.event, when=draft.when, where=draft.where, on_field=draft.on_field
            )
            match = self.match(wanted, where)
        elif not draft.enters and not draft.leaves:
            self.note(where, "says neither an event nor a state", "give event, enters or leaves")
        return Atom(
            match,
            self.states(draft.enters, where.at("enters")),
            self.states(draft.leaves, where.at("leaves")),
        )

    def states(self, names: list[str], where: Where) -> tuple[str, ...]:
        """Return the states that a list of states and groups stands for."""
        for index, name in enumerate(names):
            self.named(name, (*STATES, *GROUPS), where.at(index), "state")
        return tuple(state for name in names for state in GROUPS.get(name, (name,)))

    def step_says(self, step: str) -> str:
        """Return what a step means."""
        return self.steps.get(step, step)


def origin_of(named: str, filled_from: str) -> Origin:
    """Return where a statement comes from, its own source if the name is none of the three."""
    if filled_from:
        return Origin.INHERITED
    return Origin(named) if named in enum_values(Origin) else Origin.OWN


def _among(read: fields.Read, allowed: tuple[Any, ...]) -> Callable[[Any], bool]:
    if len(allowed) == 1:
        only = allowed[0]
        return lambda event: bool(read(event) == only)
    return lambda event: read(event) in allowed


def _set(value: object) -> bool:
    return value is not None and value != []


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).replace("-", " ")
