"""Requirements in words: the shape of each, its sides, and the time between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cpplan import Procedure
from cpplan.requirements import Atom, Possibility, Requirement, Template
from cpplan_docs import addresses
from cpplan_docs.words.markdown import link, plain
from cpplan_docs.words.matches import field, match
from cpplan_docs.words.needs import figure
from cpplan_docs.words.origins import stands_on

SHAPES: Mapping[Template, str] = {
    Template.EXISTENCE: "every plan that has ended has had this: {first}",
    Template.ABSENCE: "never: {first}",
    Template.PRECEDENCE: "before this comes: {then}, there has been: {first}",
    Template.ALTERNATE_PRECEDENCE: (
        "before each time that this comes: {then}, there has been, since the last time: {first}"
    ),
    Template.RESPONSE: "after this: {first}, there follows: {then}",
    Template.SUCCESSION: (
        "after this: {first}, there follows: {then}; and the second never comes without the first"
    ),
    Template.NOT_SUCCESSION: "after this: {first}, there never comes: {then}",
    Template.NOT_CO_EXISTENCE: "one plan never has both: {first}; and: {then}",
    Template.NOT_UNTIL: (
        "after this: {first}, and until there was: {until}, there never comes: {then}"
    ),
}
"""What each template says, with its sides to be filled in."""


def says(procedure: Procedure, one: Requirement, path: str) -> Iterator[str]:
    """Yield what there is to say of a requirement, one line for each."""
    sides = {
        name: side(procedure, atom, path)
        for name, atom in (("first", one.first), ("then", one.then), ("until", one.until))
        if atom is not None
    }
    yield f"Template {plain(one.template.value)}: {SHAPES[one.template].format(**sides)}"
    yield from _between(one, path)
    yield stands_on(one, path)


def _between(one: Requirement, path: str) -> Iterator[str]:
    times = (
        ("Between the two has run out:", one.after),
        ("The second comes no sooner than the last day of:", one.not_before),
        ("Between the two are at the most:", one.within),
    )
    for words, value in times:
        if value is not None:
            yield f"{words} {figure(value.id, str(value), path)}"
    if one.covers is not None and one.then is not None and one.first.match and one.then.match:
        held = field(one.then.match.event, one.covers.field)
        of = field(one.first.match.event, one.covers.of)
        yield f"The second holds ({held}) all that the first names ({of})"


def possible(procedure: Procedure, one: Possibility, path: str) -> Iterator[str]:
    """Yield what there is to say of what must stay possible, one line for each."""
    each = " and also: ".join(side(procedure, atom, path) for atom in one.each)
    states = ", ".join(_state(procedure, state, path) for state in one.states)
    yield f"In each of {states}, some history has recorded: {each}"
    yield stands_on(one, path)


def side(procedure: Procedure, atom: Atom, path: str) -> str:
    """Return something that a history shows at one point."""
    return ", or ".join(_one(procedure, one, path) for one in atom.alternatives)


def _one(procedure: Procedure, atom: Atom, path: str) -> str:
    said = [match(procedure, atom.match, path)] if atom.match is not None else []
    for words, states in (("the plan comes into", atom.enters), ("the plan leaves", atom.leaves)):
        if states:
            said.append(f"{words} {' or '.join(_state(procedure, s, path) for s in states)}")
    return ", by which ".join(said)


def _state(procedure: Procedure, state: str, path: str) -> str:
    if state not in procedure.states:
        return plain(state)
    return link(plain(state), addresses.state(procedure.name, state), path)
