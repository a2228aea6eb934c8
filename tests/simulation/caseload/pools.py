"""Where the tests of running run, and the figures that each of these places has to come to."""

from __future__ import annotations

import functools

import pytest

from cpplan_sim.caseload.executors import executor
from tests.simulation.caseload.jobs import Dice

CASES = 1_003
SIZE = 50
PLAIN = Dice().summarise(0, CASES)
HERE = functools.partial(executor, 1)
TWO = functools.partial(executor, 2)
DASK = functools.partial(executor, 1, "local:2")

POOLS = [
    pytest.param(TWO, id="two processes", marks=pytest.mark.slow),
    pytest.param(DASK, id="two on Dask", marks=pytest.mark.slow),
]
ALL_POOLS = [pytest.param(HERE, id="this process"), *POOLS]
