"""Loading a procedure: from a name or a folder to something that can be enforced."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from cpplan.building import Builder, value_of
from cpplan.building_duties import DutyBuilder
from cpplan.building_requirements import RequirementBuilder, held_to
from cpplan.calendars import Calendar, load_calendar
from cpplan.checking import check_whole
from cpplan.clause_register import load_register
from cpplan.clauses import SOURCES
from cpplan.compiling import Compiler
from cpplan.filling import filled
from cpplan.layers import Where
from cpplan.needs import AnyNeed, NoStepNeed, StepNeed
from cpplan.packs import Pack, read_pack
from cpplan.procedures import Procedure
from cpplan.reading import InvalidFileError, Problem
from cpplan.rules import Rule
from cpplan.values import Origin, Value


def load(
    procedure: str | Path,
    *,
    fill: str | Path = "",
    values: Mapping[str, int] | None = None,
    calendar: str | Path = "",
) -> Procedure:
    """Load and check a procedure.

    Args:
        procedure: a shipped name such as ``"london"``, or the folder of your own pack.
        fill: a procedure that speaks on the topics where this one is silent, such as
            ``"composite"``. Whatever comes from it is marked as inherited.
        values: other figures, by the names the pack gives them, in the units it gives them.
        calendar: a calendar by name or your own file; the jurisdiction's by default.

    Raises:
        InvalidFileError: with every problem in the pack, each with its file, line and column.

    Example:
        >>> load("standards").jurisdiction
        'england-and-wales'
    """
    pack = read_pack(procedure)
    if fill:
        pack = filled(pack, read_pack(fill))
    problems: list[Problem] = []
    figures = _figures(pack, values or {}, problems)
    table = _calendar(pack, calendar)
    register = load_register()
    compiler = Compiler(pack.steps, figures, register, table, problems)
    _check_head(pack, compiler)
    made = _assembled(pack, compiler, figures)
    required = RequirementBuilder(pack, compiler)
    own, shared = required.own(), required.shared()
    if problems:
        raise InvalidFileError(problems)
    whole = held_to(made, own, shared)
    wrong = check_whole(whole, pack)
    if wrong:
        raise InvalidFileError(wrong)
    return whole


def _assembled(pack: Pack, compiler: Compiler, figures: Mapping[str, Value]) -> Procedure:
    head = pack.head.draft
    builder, owed = Builder(pack, compiler), DutyBuilder(pack, compiler)
    builder.values()
    rules = builder.rules()
    asked = {step for rule in rules.values() for step in _steps_asked(rule)}
    wanted = [source for source in SOURCES if source in head.sources]
    return Procedure(
        name=head.pack,
        title=head.title,
        edition=head.edition,
        jurisdiction=head.jurisdiction,
        says=head.says,
        valid_from=head.valid_from,
        valid_to=head.valid_to,
        calendar=compiler.calendar,
        values=MappingProxyType(dict(figures)),
        steps=MappingProxyType(dict(pack.steps)),
        topics=MappingProxyType(dict(pack.lifecycle.draft.topics)),
        rules=MappingProxyType(rules),
        tallies=tuple(tally for tally in builder.tallies() if tally.reaches in asked),
        duties=MappingProxyType(owed.duties()),
        records=MappingProxyType(builder.records()),
        requirements={},
        silent=MappingProxyType(dict(head.silent)),
        filled=MappingProxyType(dict(pack.filled)),
        excused=MappingProxyType(dict(head.excused)),
        clauses=load_register(names=wanted),
        digest=_digest(pack, figures, compiler.calendar),
    )


def _steps_asked(rule: Rule) -> Iterator[str]:
    """Yield the steps whose standing a rule turns on: one that must not stand asks for no count."""
    yield from (*rule.given, *rule.given_any)
    for need in rule.needs:
        for one in need.needs if isinstance(need, AnyNeed) else (need,):
            if isinstance(one, (StepNeed, NoStepNeed)):
                yield one.step


def _check_head(pack: Pack, compiler: Compiler) -> None:
    head, where = pack.head.draft, pack.head.where
    for topic in head.silent:
        compiler.named(topic, pack.lifecycle.draft.topics, where.at("silent", topic), "topic")
    for clause in head.excused:
        compiler.named(clause, compiler.clauses, where.at("excused", clause), "clause")
    for index, source in enumerate(head.sources):
        compiler.named(source, SOURCES, where.at("sources", index), "source")


def _figures(pack: Pack, given: Mapping[str, int], problems: list[Problem]) -> dict[str, Value]:
    figures = {name: value_of(name, part) for name, part in pack.values.items()}
    for name, amount in given.items():
        if name not in figures:
            known = ", ".join(sorted(figures))
            where = pack.head.where.at("values")
            problems.append(where.problem(f"unknown value {name!r} to set", f"one of: {known}"))
            continue
        if type(amount) is not int or amount < 0:
            where = pack.values[name].where
            problems.append(where.problem(f"{name!r} set to {amount!r}", "give a whole number"))
            continue
        figures[name] = attrs.evolve(
            figures[name], amount=amount, origin=Origin.CHOICE, why="set when the pack was loaded"
        )
    return figures


def _calendar(pack: Pack, given: str | Path) -> Calendar:
    head, where = pack.head.draft, pack.head.where
    if given:
        return load_calendar(given)
    key = "calendar" if head.calendar else "jurisdiction"
    try:
        return load_calendar(getattr(head, key))
    except InvalidFileError as error:
        message = f"no calendar for {getattr(head, key)!r}"
        raise InvalidFileError([where.at(key).problem(message, str(error))]) from error


def _digest(pack: Pack, figures: Mapping[str, Value], calendar: Calendar) -> str:
    """Return a hash over what the layers say, the figures in force and the calendar."""
    content = [_plain(pack), _plain(figures), calendar.digest]
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Where):
        return None
    if attrs.has(type(value)):
        return {f.name: _plain(getattr(value, f.name)) for f in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
