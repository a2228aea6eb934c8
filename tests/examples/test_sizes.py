"""Each example is short enough to be read at once, and says how it is started."""

import ast
from pathlib import Path

import pytest

from tests.examples.hosting import EXAMPLES

FIRST = ("sqlite_host.py", "django_host/manage.py", "litestar_host.py")
"""The file of each that is run."""


def files_of(first: str) -> list[Path]:
    path = EXAMPLES / first
    return sorted(path.parent.rglob("*.py")) if "/" in first else [path]


def test_every_example_is_looked_at() -> None:
    found = {path for first in FIRST for path in files_of(first)}
    assert found == set(EXAMPLES.rglob("*.py"))


@pytest.mark.parametrize("first", FIRST)
def test_an_example_has_under_a_hundred_lines(first: str) -> None:
    texts = [path.read_text(encoding="utf-8") for path in files_of(first)]
    assert 0 < sum(len(text.splitlines()) for text in texts) < 100


@pytest.mark.parametrize("first", FIRST)
def test_an_example_says_how_it_is_started(first: str) -> None:
    says = ast.get_docstring(ast.parse((EXAMPLES / first).read_text(encoding="utf-8"))) or ""
    assert f"python {Path(first).name}" in says or f"python examples/{first}" in says
