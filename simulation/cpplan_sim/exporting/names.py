"""Names that other languages take: letters, digits and underscores, never two things by one."""

from __future__ import annotations

import re


class Names:
    """Gives each thing a name of its own, in the order in which they are asked for."""

    def __init__(self) -> None:
        """Begin with no name given."""
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def of(self, thing: str, called: str = "") -> str:
        """Return the name of a thing, the same each time.

        Args:
            thing: what it is, which tells it from all others.
            called: what its name is made of; the thing itself by default. Names that would be the
                same are told apart by a number.
        """
        if thing not in self._given:
            self._given[thing] = self._new(identifier(called or thing))
        return self._given[thing]

    def _new(self, wanted: str) -> str:
        name, number = wanted, 1
        while name in self._taken:
            number += 1
            name = f"{wanted}_{number}"
        self._taken.add(name)
        return name


def identifier(text: str) -> str:
    """Return text as a name: ``ended.age-18`` as ``ended_age_18``."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_") or "nameless"
