"""Charts: a lifecycle as boxes with words and lines between them, before anything is placed."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from cpplan import Procedure
from cpplan.rules import Rule
from cpplan.states import is_ended
from cpplan_docs import addresses
from cpplan_docs.addresses import Address
from cpplan_docs.pictures.lettering import Words, wrapped
from cpplan_docs.pictures.moves import Move, groups, members, moves, said, staying

NAME, SMALL = 14, 12.5
"""The sizes of letters: of names, and of everything else."""
_MOST = 3
"""An edge tells so many rules by name; where there are more, one fewer and how many are left."""


@attrs.frozen
class Box:
    """A box: a state, a group of states, or the endings that are reached from one place.

    Attributes:
        id: the state or group; of endings, those there are.
        parts: its words; for endings, of each apart.
        kind: ``state``, ``group`` or ``endings``.
        inside: the group that it stands in; empty for none.
    """

    id: str
    parts: tuple[tuple[Words, ...], ...]
    kind: str
    inside: str = ""


@attrs.frozen
class Arrow:
    """A line from one box to another, with its words.

    Attributes:
        source, target: the ids of the boxes.
        words: what stands on it.
        back: whether it leads back, against the order of the lifecycle.
    """

    source: str
    target: str
    words: tuple[Words, ...] = ()
    back: bool = False

    @property
    def id(self) -> str:
        """Its name within the chart."""
        return f"{self.source}/{self.target}"


@attrs.frozen
class Chart:
    """The boxes, in lifecycle order with groups before what they hold, and the arrows."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def chart_of(procedure: Procedure, path: str, room: float) -> Chart:
    """Return the chart of a lifecycle.

    Args:
        procedure: the procedure.
        path: the page from which its links are seen.
        room: how wide words may become before they are broken.
    """
    return _Drafting(procedure, path, room, moves(procedure)).chart()


@attrs.frozen
class _Drafting:
    procedure: Procedure
    path: str
    room: float
    moves: tuple[Move, ...]

    def chart(self) -> Chart:
        boxes = [*self._groups(), *self._states(), *self._endings()]
        # Groups come first, and so stay before what they hold.
        boxes.sort(key=lambda box: self._first(box.id.partition("+")[0]))
        return Chart(tuple(boxes), tuple(self._arrows()))

    def _first(self, place: str) -> int:
        """Return where in the lifecycle the first state of a place stands."""
        return self.procedure.states.index(members(place, self.procedure)[0])

    def _groups(self) -> Iterator[Box]:
        for name in reversed(self._drawn()):
            words = Words(lines=(said(name),), size=SMALL, kind="quiet")
            yield Box(name, ((words,),), "group", self._inside(name))

    def _states(self) -> Iterator[Box]:
        for state in self.procedure.states:
            if not is_ended(state):
                yield Box(state, (tuple(self._state(state)),), "state", self._inside(state))

    def _state(self, state: str) -> Iterator[Words]:
        yield self._name(state)
        if count := len(staying(self.procedure, state)):
            rules = "1 rule stays" if count == 1 else f"{count} rules stay"
            yield self._small(rules, addresses.stays(self.procedure.name, state))

    def _name(self, state: str) -> Words:
        link = addresses.state(self.procedure.name, state).seen_from_site(self.path)
        lines = wrapped(said(state), NAME, self.room, bold=True)
        return Words(lines=lines, size=NAME, bold=True, link=link)

    def _endings(self) -> Iterator[Box]:
        for endings in self._together():
            parts = tuple(tuple(self._ending(state)) for state in endings)
            yield Box("+".join(endings), parts, "endings")

    def _ending(self, state: str) -> Iterator[Words]:
        yield self._name(state)
        rules = {rule.id: rule for move in self._into(state) for rule in move.rules}
        yield from map(self._rule, rules.values())

    def _together(self) -> list[tuple[str, ...]]:
        """Return the endings, those that are reached from the same places together."""
        found: dict[tuple[str, ...], list[str]] = {}
        for state in filter(is_ended, self.procedure.states):
            found.setdefault(tuple(m.source for m in self._into(state)), []).append(state)
        return [tuple(states) for states in found.values()]

    def _into(self, state: str) -> list[Move]:
        return [move for move in self.moves if move.target == state]

    def _arrows(self) -> Iterator[Arrow]:
        for move in self.moves:
            if not is_ended(move.target):
                back = self._first(move.target) < self._first(move.source)
                yield Arrow(move.source, move.target, tuple(self._words(move)), back)
        for endings in self._together():
            for move in self._into(endings[0]):
                yield Arrow(move.source, "+".join(endings))

    def _words(self, move: Move) -> Iterator[Words]:
        told = move.rules if len(move.rules) <= _MOST else move.rules[: _MOST - 1]
        yield from map(self._rule, told)
        if left := len(move.rules) - len(told):
            where = addresses.move(self.procedure.name, move.source, move.target)
            yield self._small(f"and {left} more", where)

    def _rule(self, rule: Rule) -> Words:
        return self._small(said(rule.id), addresses.rule(self.procedure.name, rule.id))

    def _small(self, text: str, to: Address) -> Words:
        lines = wrapped(text, SMALL, self.room)
        return Words(lines=lines, size=SMALL, link=to.seen_from_site(self.path))

    def _drawn(self) -> list[str]:
        """Return the groups that a move leads from or to, from the smallest."""
        ends = {end for move in self.moves for end in (move.source, move.target)}
        return [name for name in groups(self.procedure.states) if name in ends]

    def _inside(self, name: str) -> str:
        """Return the smallest group drawn that holds a state, or a smaller group."""
        held = set(members(name, self.procedure))
        outer = (g for g in self._drawn() if held < set(members(g, self.procedure)))
        return next(outer, "")
