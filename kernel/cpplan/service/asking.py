"""Asking: what a caller gives, as classes. :mod:`cpplan.service.converting` reads them."""

from __future__ import annotations

import re
from typing import Any

import attrs

from cpplan.entries import LedgerEntry

NAME = r"^[A-Za-z0-9][A-Za-z0-9._~:-]{0,199}$"
"""What the name of a plan and the id of an entry look like: safe in an address, as in a log.

A name says which plan, and is not the child's name or number anywhere else.
"""
_NAME = re.compile(NAME, re.ASCII)
LONGEST_TEAM = 100
MOST_PLANS = 50
"""Plans that one thing can be recorded for at once: the children of a household."""


def require_name(what: str, name: str) -> None:
    """Raise ``ValueError`` unless a plan or an entry can have this name."""
    if not _NAME.fullmatch(name) or name.endswith("\n"):
        raise ValueError(
            f"{what} is {name!r:.60}, not 1 to 200 letters, digits and . _ ~ : - that begin with a"
            " letter or a digit"
        )


def _name(_: Any, attribute: Any, value: str) -> None:
    require_name(attribute.name, value)


def _version(_: Any, attribute: Any, value: int) -> None:
    if not 0 <= value < 2**31:
        raise ValueError(f"{attribute.name} is {value}, not a version such as 0 or 12")


def _team(_: Any, attribute: Any, value: str) -> None:
    if len(value) > LONGEST_TEAM:
        raise ValueError(f"{attribute.name} has {len(value)} characters; {LONGEST_TEAM} are enough")


def _some(_: Any, attribute: Any, value: tuple[EntryFor, ...]) -> None:
    plans = [one.plan for one in value]
    if not 0 < len(plans) <= MOST_PLANS:
        raise ValueError(f"{attribute.name} has {len(plans)} plans, not 1 to {MOST_PLANS}")
    if len(set(plans)) < len(plans):
        raise ValueError(f"{attribute.name} names a plan twice")


@attrs.frozen
class Said:
    """What was recorded, without what the service fills in: the day, and the edition of that day.

    Attributes:
        entry: the entry, with stand-ins in the fields that are filled in.
    """

    entry: LedgerEntry


@attrs.frozen(kw_only=True)
class Question:
    """An entry that somebody thinks of recording.

    Attributes:
        entry: what would be recorded.
        procedure: the procedure that a new plan would be under; not for a plan that has entries.
        accepting: the consequences that would be accepted, as a refusal named them.
    """

    entry: Said
    procedure: str = ""
    accepting: str = ""


@attrs.frozen(kw_only=True)
class NewEntry(Question):
    """An entry to be recorded for one plan.

    Attributes:
        expected: the version of the plan that it was decided on; 0 opens a new plan.
    """

    expected: int = attrs.field(validator=_version)


@attrs.frozen(kw_only=True)
class EntryFor(NewEntry):
    """An entry to be recorded for one of several plans.

    Attributes:
        plan: the name of the plan.
    """

    plan: str = attrs.field(validator=_name)


@attrs.frozen(kw_only=True)
class NewEntries:
    """Entries to be recorded for the plans of one household: all of them, or none.

    Attributes:
        entries: one for each plan concerned.
    """

    entries: tuple[EntryFor, ...] = attrs.field(validator=_some)


@attrs.frozen(kw_only=True)
class Team:
    """Who answers for a plan.

    Attributes:
        team: a label; empty if nobody does.
    """

    team: str = attrs.field(validator=_team)
