"""For every test: the caseload engine runs as plain Python, so that nobody waits for a compiler.

That is set before any module of the engine is imported; ``CPPLAN_COMPILE=1`` in the environment
overrules it. Both ways give the same figures, held bit for bit in ``test_caserun.py``.
"""

import os
import signal

import pytest

os.environ.setdefault("CPPLAN_COMPILE", "0")

# What is started in the background ignores Ctrl-C, and so would the tests that send one.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep tests that start a scheduler in one process: two at once fight for its port."""
    for item in items:
        if "Dask" in item.nodeid or "local:" in item.nodeid or "dask" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("dask"))
