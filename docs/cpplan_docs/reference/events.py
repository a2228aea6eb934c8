"""The reference of events: every kind, its fields and who takes it, from the classes and the rules.

What a field may hold is put into words by :mod:`cpplan_docs.reference.field_types`.
"""

from __future__ import annotations

import enum
import inspect
import json
import typing
from collections.abc import Iterable, Iterator, Mapping
from types import FunctionType, ModuleType
from typing import Any

import attrs

from cpplan import Procedure, Role, event_to_dict, refusals
from cpplan.events import KINDS, MODULES, Event, kind_of
from cpplan.needs import RoleNeed
from cpplan.rules import Rule
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.reference.field_types import classes_in, field_says, title_of
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import bullets, code, heading, link, page, plain
from cpplan_sim.running import Run

PATH = "reference/events.md"

OPENING = """\
An event is something that is recorded as having happened. Its kind is told by the name of its class
in Python, and by that name with hyphens in data: `CoreGroupHeld` is `core-group-held`. What a field
does not have to hold may be left out, which means that it is not recorded. A rule may still ask for
it, or a procedure want it written down.
"""
AS_DATA = "As data an event is an object with its kind under `event` and its fields beside it:"
PARTS = "What some fields hold is made of fields again."
CHOICES = "These are closed: no other value is taken."


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of all kinds of event."""
    yield Page(
        PATH,
        "Events",
        page(
            heading(1, "Events"),
            OPENING,
            heading(2, "What every event has"),
            _fields(Event),
            AS_DATA,
            _as_data(book.runs),
            *(part for module in MODULES for part in _module(module, book.procedures)),
            heading(2, "Parts of events"),
            PARTS,
            *(_part(one) for one in used_classes() if attrs.has(one)),
            heading(2, "Choices"),
            CHOICES,
            *(_choice(one) for one in used_classes() if issubclass(one, enum.Enum)),
        ),
    )


def used_classes() -> tuple[type, ...]:
    """Return the parts and choices that events are made of, in the order of their first use."""
    kinds = (kind for cls in KINDS.values() for kind in typing.get_type_hints(cls).values())
    return tuple(dict.fromkeys(one for kind in kinds for one in classes_in(kind)))


def taken_by(kind: str, procedures: Mapping[str, Procedure]) -> Iterator[tuple[str, Rule]]:
    """Yield each rule for a kind of event, with the name of its procedure."""
    for name, procedure in procedures.items():
        found = {e.rule.id: e.rule for e in procedure.edges if e.rule.match.event == kind}
        yield from ((name, rule) for rule in found.values())


def _module(module: ModuleType, procedures: Mapping[str, Procedure]) -> Iterator[str]:
    """Yield a heading for a part of the lifecycle, and its kinds of event."""
    title, _, rest = first_paragraph(module).partition(": ")
    yield heading(2, plain(title.rstrip(".")))
    yield plain(rest[:1].upper() + rest[1:])
    for kind, cls in KINDS.items():
        if cls.__module__ == module.__name__:
            yield _event(kind, cls, procedures)


def first_paragraph(of: ModuleType | type | FunctionType) -> str:
    """Return the first paragraph of a docstring, on one line."""
    return " ".join((inspect.getdoc(of) or "").partition("\n\n")[0].split())


def _event(kind: str, cls: type[Event], procedures: Mapping[str, Procedure]) -> str:
    return page(
        heading(3, code(kind), addresses.event(kind).anchor),
        plain(first_paragraph(cls)),
        _fields(cls, but=[field.name for field in attrs.fields(Event)]),
        _check(cls),
        _rules(list(taken_by(kind, procedures))),
        _not_taken(kind, procedures),
    )


def _fields(cls: type, but: Iterable[str] = ()) -> str:
    left_out = set(but)
    return bullets(
        field_says(cls, field, PATH) for field in attrs.fields(cls) if field.name not in left_out
    )


def _check(cls: type[Event]) -> str:
    """Return what a kind of event asks of its fields together, if it does."""
    check = vars(cls).get("__attrs_post_init__")
    if check is None:
        return ""
    return f"Checked over its fields together: {plain(first_paragraph(check))}"


def _rules(found: Iterable[tuple[str, Rule]]) -> str:
    """Return the rules for an event, those of one name and for the same roles together."""
    together: dict[tuple[str, tuple[Role, ...]], list[str]] = {}
    for name, rule in found:
        together.setdefault((rule.id, roles_of(rule)), []).append(name)
    told = (
        f"{code(rule)}{_by(roles)}: {_where(rule, names)}"
        for (rule, roles), names in together.items()
    )
    return page("Rules that take it:", bullets(told)) if together else ""


def roles_of(rule: Rule) -> tuple[Role, ...]:
    """Return who alone may do what a rule is for; nobody named means anybody."""
    return tuple(r for need in rule.needs if isinstance(need, RoleNeed) for r in need.roles)


def _by(roles: Iterable[Role]) -> str:
    named = " or ".join(link(code(role), addresses.choice(kind_of(Role)), PATH) for role in roles)
    return f", only by {named}" if named else ""


def _where(rule: str, names: Iterable[str]) -> str:
    return ", ".join(link(plain(name), addresses.rule(name, rule), PATH) for name in names)


def _not_taken(kind: str, procedures: Mapping[str, Procedure]) -> str:
    taking = {name for name, _ in taken_by(kind, procedures)}
    others = [name for name in procedures if name not in taking]
    if not others:
        return ""
    silent = link(code(refusals.PROCEDURE_SILENT), addresses.code(refusals.PROCEDURE_SILENT), PATH)
    return f"No rule takes it in {linking.procedures(others, PATH)} ({silent})."


def _as_data(runs: Iterable[Run]) -> str:
    """Return an event of a told case as JSON: the shortest with a field of several fields."""
    outcomes = (one for run in runs for one in run.outcomes if one.decision.accepted)
    told = (event_to_dict(one.step.event) for one in outcomes)
    shown = (json.dumps(one, indent=2, ensure_ascii=False) for one in told if _has_parts(one))
    return f"```json\n{min(shown, key=len)}\n```"


def _has_parts(data: Mapping[str, Any]) -> bool:
    return any(isinstance(value, dict) for value in data.values())


def _part(cls: type) -> str:
    place = addresses.part(kind_of(cls)).anchor
    return page(heading(3, plain(title_of(cls)), place), plain(first_paragraph(cls)), _fields(cls))


def _choice(cls: type[enum.Enum]) -> str:
    values = bullets(code(str(one.value)) for one in cls)
    place = addresses.choice(kind_of(cls)).anchor
    return page(heading(3, plain(title_of(cls)), place), plain(first_paragraph(cls)), values)
