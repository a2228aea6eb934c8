"""Citing: what of a procedure stands on a clause, each with the page that tells it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from cpplan import Procedure
from cpplan.needs import AnyNeed, Need
from cpplan_docs import addresses
from cpplan_docs.addresses import Address


@attrs.frozen
class Use:
    """Something that cites a clause.

    Attributes:
        sort: what it is, in the plural.
        name: what it is called in the pack.
        told: where it is told.
    """

    sort: str
    name: str
    told: Address


def uses_of(procedure: Procedure) -> Mapping[str, tuple[Use, ...]]:
    """Return what cites each clause, by the clause's id, sort by sort."""
    found: dict[str, dict[Use, None]] = {}
    for use, cites in _all(procedure):
        for clause in cites:
            found.setdefault(clause, {})[use] = None
    return {clause: tuple(uses) for clause, uses in found.items()}


def _all(procedure: Procedure) -> Iterator[tuple[Use, Iterable[str]]]:
    yield from _enforcing(procedure)
    yield from _tracking(procedure)
    yield from _recording(procedure)
    yield from _proving(procedure)


def _enforcing(procedure: Procedure) -> Iterator[tuple[Use, Iterable[str]]]:
    for rule in procedure.rules.values():
        asked = [(need, _cited(need)) for need in rule.needs]
        clauses = [*rule.cites, *(clause for _, cites in asked for clause in cites)]
        yield Use("rules", rule.id, addresses.rule(procedure.name, rule.id)), clauses
        for need, cites in asked:
            yield Use("refusals", need.code, addresses.code(need.code)), cites
    for tally in procedure.tallies:
        told = addresses.step(procedure.name, tally.reaches)
        yield Use("steps counted up to", tally.reaches, told), tally.cites


def _cited(need: Need) -> Iterable[str]:
    """Return what a need cites, with those in it: they are refused by the code of the whole."""
    inner = need.needs if isinstance(need, AnyNeed) else ()
    return [*need.cites, *(clause for one in inner for clause in _cited(one))]


def _tracking(procedure: Procedure) -> Iterator[tuple[Use, Iterable[str]]]:
    for duty in procedure.duties.values():
        yield Use("duties", duty.id, addresses.duty(procedure.name, duty.id)), duty.cites


def _recording(procedure: Procedure) -> Iterator[tuple[Use, Iterable[str]]]:
    for kind, records in procedure.records.items():
        for record in records:
            yield Use("fields", f"{kind}: {record.path}", addresses.event(kind)), record.cites
    for value in procedure.values.values():
        yield Use("figures", value.id, addresses.value(value.id)), value.cites


def _proving(procedure: Procedure) -> Iterator[tuple[Use, Iterable[str]]]:
    for one in procedure.requirements.values():
        yield Use("requirements", one.id, addresses.requirement(procedure.name, one.id)), one.cites
    for able in procedure.possible.values():
        told = addresses.requirement(procedure.name, able.id)
        yield Use("what must stay possible", able.id, told), able.cites
