"""Shrinking: the fewest and plainest events that show a difference.

Works on events, not on the bytes that they were read from: any event may be left out, and what is
left keeps its day. So what a history was made of does not matter, and the outcome is the same on
every machine: it is bounded by a number of tries, not by time.

Reference: Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (IEEE
Transactions on Software Engineering 28(2), 2002); here without its complements, from large
pieces to small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import attrs

from cpplan.codec import InvalidEventError, event_from_dict, event_to_dict
from cpplan.events import Event
from cpplan_sim.exploring.differences import Difference, DifferenceError
from cpplan_sim.exploring.watching import Oracles, Watch
from cpplan_sim.monitors import Moment
from cpplan_sim.scenarios import usual

MOST_TRIES = 3000
"""Histories tried for one difference. A hundred events take a few hundred."""

Shown = Callable[[Sequence[Event]], DifferenceError | None]
"""Returns the difference if some events still show it."""


@attrs.frozen
class Shrunk:
    """A difference with the history that shows it.

    Attributes:
        difference: the two answers, as this history has them.
        moments: the history, the last moment being what shows it.
        tries: how many histories were tried.
    """

    difference: Difference
    moments: tuple[Moment, ...]
    tries: int


def shrink(oracles: Oracles, error: DifferenceError) -> Shrunk:
    """Return the fewest and plainest events found that show the same difference."""
    return shrink_by(lambda events: watched(oracles, events, error.difference.key), error)


def shrink_by(shown: Shown, error: DifferenceError) -> Shrunk:
    """Return the fewest and plainest events found for which ``shown`` gives the difference."""
    search = _Search(shown, error)
    search.fewer()
    search.plainer()
    search.fewer()
    return Shrunk(search.error.difference, search.error.moments, search.tries)


def watched(
    oracles: Oracles, events: Sequence[Event], key: tuple[str, str]
) -> DifferenceError | None:
    """Return the difference of a key that some events show, if they do."""
    watch = Watch(oracles, all_but=key)
    try:
        for event in events:
            watch.attempt(event)
        watch.finish()
    except DifferenceError as error:
        return error if error.difference.key == key else None
    return None


class _Search:
    def __init__(self, shown: Shown, error: DifferenceError) -> None:
        self.shown = shown
        self.error = error
        self.tries = 0

    @property
    def events(self) -> tuple[Event, ...]:
        return tuple(moment.event for moment in self.error.moments)

    def _try(self, events: Sequence[Event]) -> bool:
        if self.tries >= MOST_TRIES:
            return False
        self.tries += 1
        error = self.shown(events)
        if error is None:
            return False
        self.error = error
        return True

    def fewer(self) -> None:
        """Leave out pieces, from half of the history to single events, while that is possible."""
        size = max(1, len(self.events) // 2)
        while True:
            left_out = self._leave_out(size)
            if size == 1 and not left_out:
                return
            size = max(1, size // 2)

    def _leave_out(self, size: int) -> bool:
        """Leave out every piece of a size that can be, from the last; tell whether any was."""
        found, at = False, len(self.events) - size
        while at > -size:
            events, start = self.events, max(0, at)
            found |= self._try((*events[:start], *events[at + size :]))
            at = min(at, len(self.events)) - size
        return found

    def plainer(self) -> None:
        """Make each event the usual one of its kind, or leave out of it what can be."""
        place = 0
        while place < len(self.events):
            usual_one = _as_usual(self.events[place])
            if usual_one is None or not self._replace(place, usual_one):
                for name in event_to_dict(self.events[place]):
                    if place < len(self.events):
                        self._plainer_field(place, name)
            place += 1

    def _plainer_field(self, place: int, name: str) -> None:
        """Make one field of one event as usual, or else leave it out."""
        for plain in _with_plainer(self.events[place], name):
            if self._replace(place, plain):
                return

    def _replace(self, place: int, plain: Event) -> bool:
        events = self.events
        return plain == events[place] or self._try((*events[:place], plain, *events[place + 1 :]))


def _as_usual(event: Event) -> Event | None:
    return _event({"event": event.kind, "on": event.on.isoformat(), **_usual(event)})


def _with_plainer(event: Event, name: str) -> Iterator[Event]:
    data, known = event_to_dict(event), _usual(event)
    if name in ("event", "on") or name not in data:
        return
    without = {key: value for key, value in data.items() if key != name}
    for changed in ({**without, name: known[name]} if name in known else without, without):
        made = _event(changed)
        if made is not None:
            yield made


def _usual(event: Event) -> dict[str, Any]:
    return {name: _plain(value) for name, value in usual(event.kind).items()}


def _plain(value: Any) -> Any:
    """Return a usual value as an event's data has it, its dates as text."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _event(data: dict[str, Any]) -> Event | None:
    try:
        return event_from_dict(data)
    except InvalidEventError:
        return None
