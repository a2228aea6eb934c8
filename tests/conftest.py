"""For every test: the caseload engine runs as plain Python, so that nobody waits for a compiler.

That is set before any module of the engine is imported; ``CPPLAN_COMPILE=1`` in the environment
overrules it. Both ways give the same figures, held bit for bit in ``test_caserun.py``.
"""

import gc
import os
import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

os.environ.setdefault("CPPLAN_COMPILE", "0")

# No test is timed: on a busy machine one would fail for nothing.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# What is started in the background ignores Ctrl-C, and so would the tests that send one.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module", autouse=True)
def _settled() -> Iterator[None]:
    """Set aside what is held after a file of tests: procedures, proofs, modules.

    It is held until the end, and the collector would go through all of it again and again.
    """
    yield
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of a file in one process, unless they say otherwise, and begin with the slow.

    What a file works out once would be worked out in every process, and two tests that start a
    scheduler at once fight for its port. Whatever takes long at the very end is waited for alone.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(_shared(item.nodeid)))
    slow = {_group(item) for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: _group(item) not in slow)


def _shared(name: str) -> str:
    """Return the group of a test: its file's, or that of all tests that start a scheduler."""
    starts = "Dask" in name or "local:" in name or "dask" in name
    return "dask" if starts else name.partition("::")[0]


def _group(item: pytest.Item) -> str:
    """Return the one group of an item: xdist would join several to a name of its own."""
    (marker,) = item.iter_markers("xdist_group")
    return str(marker.args[0])
