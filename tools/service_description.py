"""Writes the description of the service, as OpenAPI 3.1, from the classes that it takes and gives.

Usage: ``python tools/service_description.py [file]``. Clients in other languages are made from it;
a test compares it with what the service gives.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

from cpplan import load
from cpplan.service import create_app, description
from cpplan.store import Store

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


def text() -> str:
    """Return the description; it depends on no plan, no procedure and no day."""
    store = Store.open("sqlite:///:memory:")
    return description(create_app(store, [load("standards")], lambda _: None, dt.date.today))


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else FILE).write_text(text(), encoding="utf-8")
