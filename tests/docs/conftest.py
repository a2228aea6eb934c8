"""The site, built once as `make docs` builds it, and a browser to open it in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

TOP = Path(__file__).parents[2]


def built(place: Path, *, hash_seed: str = "0") -> Path:
    """Write the pages and build the site in a folder of its own, as `make docs` does."""
    roots = os.pathsep.join(str(TOP / root) for root in ("kernel", "simulation", "docs"))
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",
        "PYTHONHASHSEED": hash_seed,
        "PYTHONPATH": roots,
        "SOURCE_DATE_EPOCH": "0",
    }
    site, tree = place / "site", place / "docs"
    for command in (
        ("cpplan_docs", "--to", str(tree), "--site", str(site)),
        ("mkdocs", "build", "--strict", "-f", str(tree / "mkdocs.yml")),
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            env=environment,
            cwd=TOP,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command[0]}:\n{done.stdout}{done.stderr}"
    return site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site that CPPLAN_SITE names, as the gate has built it; else one that is built now."""
    if named := os.environ.get("CPPLAN_SITE"):
        return Path(named).resolve()
    return built(tmp_path_factory.mktemp("documentation"))


# Not for the session: while Playwright is there, no test beside can run a loop of its own.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("there is no Chromium; .ci/run installs one")
    with sync_playwright() as playwright:
        # As root, as in a container, Chromium has no sandbox of its own.
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()
