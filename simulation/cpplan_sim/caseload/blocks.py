"""Blocks of cases: what is run, kept and lost as one.

Holds the blocks and what a job has to be for them. It must not know where a block is run.
"""

from __future__ import annotations

from typing import Protocol

import attrs

from cpplan_sim.caseload.summaries import Summary


class Job(Protocol):
    """What is run on cases: says what any of them come to, wherever and whenever it is asked.

    It has to be picklable and small, for it travels with each block; the threads of a worker share
    it. What it says of a case must rest on the case's number alone, not on the block that the case
    is in nor on what ran before; then the figures don't depend on the size of blocks, the number of
    workers or the order.
    """

    @property
    def digest(self) -> str:
        """A digest of everything that decides the figures: kept blocks go by it."""

    def summarise(self, first: int, last: int) -> Summary:
        """Return what the cases from ``first`` to ``last - 1`` come to."""


@attrs.frozen(order=True)
class Block:
    """Some cases that are run together.

    Attributes:
        number: which block it is, from 0.
        first: the number of its first case.
        last: the number after that of its last case.
    """

    number: int
    first: int
    last: int

    def __str__(self) -> str:
        """Return the numbers of its cases, the last one included."""
        return f"cases {self.first:,} to {self.last - 1:,}"

    @property
    def cases(self) -> int:
        """How many cases it has."""
        return self.last - self.first


def blocks(cases: int, size: int) -> tuple[Block, ...]:
    """Return the blocks of a caseload; the last one has what is left over.

    Args:
        cases: how many cases there are, numbered from 0.
        size: how many cases a block has.

    Raises:
        ValueError: there are fewer than no cases, or blocks without any.

    Example:
        >>> [str(block) for block in blocks(25_000, 10_000)]
        ['cases 0 to 9,999', 'cases 10,000 to 19,999', 'cases 20,000 to 24,999']
    """
    if cases < 0:
        raise ValueError(f"there can't be {cases:,} cases")
    if size < 1:
        raise ValueError(f"blocks of {size:,} cases come to no end; give at least 1")
    starts = range(0, cases, size)
    return tuple(Block(n, first, min(first + size, cases)) for n, first in enumerate(starts))
