"""Where things stand: a row of numbers that grows while a procedure and a profile are compiled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs


@attrs.define
class Heap:
    """A row of numbers in which parts are put one after another.

    Attributes:
        numbers: the row.
    """

    numbers: list[float] = attrs.field(factory=list)

    def reserve(self, count: int) -> int:
        """Return where ``count`` numbers can be put later; they are 0 until then."""
        at = len(self.numbers)
        self.numbers += [0] * count
        return at

    def put(self, at: int, numbers: Sequence[float]) -> None:
        """Put numbers where they were reserved."""
        self.numbers[at : at + len(numbers)] = numbers

    def add(self, numbers: Iterable[float]) -> int:
        """Put numbers at the end and return where they begin."""
        at = len(self.numbers)
        self.numbers += numbers
        return at

    def listed(self, numbers: Iterable[float]) -> tuple[int, int]:
        """Put numbers at the end and return where they begin and how many there are."""
        at = self.add(numbers)
        return at, len(self.numbers) - at
