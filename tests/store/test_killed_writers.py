"""Writers killed at random moments lose nothing that was acknowledged, and leave nothing half."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
ROUNDS = 300


@pytest.mark.slow
def test_what_was_acknowledged_to_a_killed_writer_is_there_and_nothing_is_half_written(
    address: str,
) -> None:
    roots = os.pathsep.join(str(TOP / root) for root in ("kernel", "."))
    done = subprocess.run(
        [sys.executable, "-m", "tests.store.killing", address, str(ROUNDS), "1"],
        cwd=TOP,
        env={**os.environ, "PYTHONPATH": roots},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    assert found["lost"] == [], "acknowledged, and not there"
    assert found["halves"] == [], "added to one plan of a household, or in part"
    assert found["broken"] == []
    assert found["acknowledged"] > ROUNDS, "so few that the kills told nothing"
    assert found["idle"] < ROUNDS / 2, "most were killed before they had written"
