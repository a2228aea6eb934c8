"""Bytes of Hypothesis: many long strings of them, the same for the same seed.

The only file, beside :mod:`cpplan_sim.exploring.api`, that imports Hypothesis: the rest explores
whatever bytes it is given.
"""

from __future__ import annotations

import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

from cpplan_sim.exploring.differences import DifferenceError


@contextmanager
def leaving_nothing() -> Iterator[None]:
    """Keep Hypothesis from leaving its folder where the command was run."""
    with tempfile.TemporaryDirectory(prefix="cpplan-explore-") as folder:
        set_hypothesis_home_dir(folder)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)


def many(
    tell: Callable[[bytes], None], *, size: int, examples: int, seed: str
) -> DifferenceError | None:
    """Tell a history from each of many byte strings, up to the first that shows a difference.

    Args:
        tell: tells one, and raises what differs.
        size: how long each is.
        examples: how many.
        seed: which ones.
    """

    @seeded(zlib.crc32(seed.encode()))
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(st.binary(min_size=size, max_size=size))
    def one(data: bytes) -> None:
        tell(data)

    try:
        one()
    except DifferenceError as error:
        return error
    return None
