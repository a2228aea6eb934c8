"""A store in a file of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cpplan.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store, closed when the test is over."""
    made = Store.create(tmp_path / "store.db")
    yield made
    made.close()
