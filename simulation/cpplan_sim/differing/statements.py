"""Statements: what two procedures say, side by side, by what it is about.

Says which statements differ and in what. What comes of a difference is asked in
:mod:`cpplan_sim.differing.effects`.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from cpplan import Procedure
from cpplan_sim.differing.substance import Substance, asks, figure, substance


class Sort(enum.StrEnum):
    """What sort of statement it is."""

    VALUE = "value"
    RULE = "rule"
    DUTY = "duty"
    RECORD = "record"
    REQUIREMENT = "requirement"
    POSSIBILITY = "possibility"


@attrs.frozen
class Difference:
    """Two statements of one name that are not the same, or one that has no other.

    Attributes:
        sort: what sort of statement it is.
        id: its name.
        one: the first procedure's; ``None`` if it has none.
        other: the second's.
        in_what: what differs, in words: of what it does, or if that is the same, of how it is
            told; of what only one has, nothing.
        acts: whether it can make a difference to a plan or to whoever acts on a refusal's code, or
            is one of words and clauses alone.
    """

    sort: Sort
    id: str
    one: Any
    other: Any
    in_what: tuple[str, ...] = ()
    acts: bool = True

    @property
    def shared(self) -> bool:
        """Whether both procedures have it."""
        return self.one is not None and self.other is not None

    def clauses(self, statement: Any) -> tuple[str, ...]:
        """Return the clauses that one of the two stands on, those of its needs among them."""
        needs = getattr(statement, "needs", ())
        cited = [*statement.cites, *(clause for need in needs for clause in need.cites)]
        return tuple(dict.fromkeys(cited))

    def codes(self, statement: Any) -> tuple[str, ...]:
        """Return the codes with which one of the two refuses what the other refuses with others."""
        if self.sort is not Sort.RULE or not self.shared:
            return ()
        other = _told_by_ask(self.other if statement is self.one else self.one, "code")
        ours = _told_by_ask(statement, "code")
        return tuple(
            code for ask in ours if ask in other for code in sorted(ours[ask] - other[ask])
        )


ACTING: Mapping[Sort, Mapping[str, tuple[str, ...]]] = {
    Sort.VALUE: {"the figure": ("amount", "unit", "read_as")},
    Sort.RULE: {
        "the events it is for": ("match",),
        "the states it leaves": ("sources",),
        "the state it enters": ("target",),
        "the steps that make it apply": ("given", "given_any", "given_none"),
        "what it needs": ("needs",),
        "the codes it refuses with": ("code",),
        "the steps it takes": ("sets",),
        "the steps it undoes": ("clears",),
    },
    Sort.DUTY: {
        "its limit": ("limit", "value"),
        "its strength": ("strength",),
        "who owes it": ("owed_by",),
        "what opens it": ("opens", "expected"),
        "by when it has to be done": ("due_at",),
        "what meets it": ("met_by", "for_field", "earlier_counts"),
        "what ends it": ("until", "outlives_plan"),
        "who can agree another figure": ("agreed",),
    },
    Sort.RECORD: {
        "when it is wanted": ("match", "given", "given_none"),
        "whether it may be left out": ("optional",),
    },
    Sort.REQUIREMENT: {
        "its template": ("template",),
        "what it is about": ("first", "then", "until"),
        "its time": ("after", "not_before", "within"),
        "what has to be held in full": ("covers",),
    },
    Sort.POSSIBILITY: {"the events": ("each",), "the states": ("states",)},
}
"""What can make a difference to a plan, or to whoever acts on the code of a refusal: in words,
with the fields that it is made of.
"""

TELLING: Mapping[str, tuple[str, ...]] = {
    "the words": ("says",),
    "the clauses": ("cites",),
    "where it comes from": ("origin",),
}


def differences(one: Procedure, other: Procedure) -> tuple[Difference, ...]:
    """Return the statements of two procedures that differ, sort by sort, in the packs' order."""
    return tuple(found for sort in Sort for found in _of_sort(sort, one, other))


def _of_sort(sort: Sort, one: Procedure, other: Procedure) -> Iterator[Difference]:
    ours, theirs = _statements(sort, one), _statements(sort, other)
    for name in dict.fromkeys([*ours, *theirs]):
        found = _difference(sort, name, ours.get(name), theirs.get(name))
        if found is not None:
            yield found


def _statements(sort: Sort, procedure: Procedure) -> Mapping[str, Any]:
    if sort is Sort.RECORD:
        return _records(procedure)
    every: Mapping[Sort, Mapping[str, Any]] = {
        Sort.VALUE: procedure.values,
        Sort.RULE: procedure.rules,
        Sort.DUTY: procedure.duties,
        Sort.REQUIREMENT: procedure.requirements,
        Sort.POSSIBILITY: procedure.possible,
    }
    return every[sort]


def _records(procedure: Procedure) -> Mapping[str, Any]:
    """Return the fields wanted, each by its event and path; a second of a path has its number."""
    found: dict[str, Any] = {}
    for kind, wanted in procedure.records.items():
        for record in wanted:
            name = f"{kind}: {record.path}"
            again = sum(known.split(" (")[0] == name for known in found)
            found[f"{name} ({again + 1})" if again else name] = record
    return found


def _difference(sort: Sort, name: str, one: Any, other: Any) -> Difference | None:
    if one is None or other is None:
        return Difference(sort, name, one, other)
    acting = tuple(words for words, f in ACTING[sort].items() if not _same(sort, f, one, other))
    telling = tuple(words for words, f in TELLING.items() if not _told_same(f, one, other))
    if not (acting or telling):
        return None
    return Difference(sort, name, one, other, acting or telling, bool(acting))


def _same(sort: Sort, fields: tuple[str, ...], one: Any, other: Any) -> bool:
    if sort is Sort.VALUE:
        return bool(figure(one) == figure(other)) and one.unit == other.unit
    if fields == ("needs",):
        return {asks(need) for need in one.needs} == {asks(need) for need in other.needs}
    if fields == ("code",):
        return _needs_told_same("code", one, other)
    return all(substance(getattr(one, f)) == substance(getattr(other, f)) for f in fields)


def _told_same(fields: tuple[str, ...], one: Any, other: Any) -> bool:
    return all(
        getattr(one, f, None) == getattr(other, f, None) and _needs_told_same(f, one, other)
        for f in fields
    )


def _needs_told_same(field: str, one: Any, other: Any) -> bool:
    """Return whether the needs that two statements share are told alike."""
    ours, theirs = _told_by_ask(one, field), _told_by_ask(other, field)
    return all(ours[ask] == theirs[ask] for ask in ours if ask in theirs)


def _told_by_ask(statement: Any, field: str) -> dict[Substance, set[Any]]:
    """Return what the needs of a statement say of themselves, by what they ask for."""
    found: dict[Substance, set[Any]] = {}
    for need in getattr(statement, "needs", ()):
        found.setdefault(asks(need), set()).add(getattr(need, field, None))
    return found
