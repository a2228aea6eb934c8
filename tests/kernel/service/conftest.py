"""What the tests of the service share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kernel.service.asgi import Service


@pytest.fixture
def service(tmp_path: Path) -> Service:
    """A service over an empty store, for a caller who may do everything."""
    return Service.new(tmp_path)
