"""Naming: what each of two procedures is called, so that a reader can tell them apart."""

from __future__ import annotations

from collections.abc import Mapping

from cpplan import Procedure


def called(procedure: Procedure, other: Procedure) -> str:
    """Return what a procedure is called beside another.

    Two of one name are told apart by their editions, or by their digests where these are the same.
    """
    if procedure.name != other.name:
        return procedure.name
    if procedure.edition != other.edition:
        return f"{procedure.name} ({procedure.edition})"
    if procedure.digest != other.digest:
        return f"{procedure.name} ({procedure.digest:.12})"
    return procedure.name


def told_of(procedure: Procedure) -> Mapping[str, str]:
    """Return title, edition and the dates it is in force; a date not known is empty."""
    dates = procedure.valid_from, procedure.valid_to
    first, last = (day.isoformat() if day else "" for day in dates)
    return {
        "title": procedure.title,
        "edition": procedure.edition,
        "valid-from": first,
        "valid-to": last,
    }
