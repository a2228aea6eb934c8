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
    """Keep the tests of a file in one process, unless they say otherwise, and begin with the slow.

    What a file works out once would be worked out in every process, and two tests that start a
    scheduler at once fight for its port. Whatever takes long at the very end is waited for alone.
    """
    for item in items:
        if "Dask" in item.nodeid or "local:" in item.nodeid or "dask" in item.nodeid:
            item.add_marker(pytest.mark.xdist_group("dask"))
        elif item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    slow = {_group(item) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: _group(item) not in slow)


def _group(item: pytest.Item) -> str:
    """Return the group that an item's markers say, as the one that was added last."""
    marker = item.get_closest_marker("xdist_group")
    return str(marker.args[0]) if marker else ""
