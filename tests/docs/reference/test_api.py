"""The pages of the API: what the kernel exports, each told once, and modules that are there."""

from __future__ import annotations

import importlib
import re

import pytest

import cpplan
from cpplan_docs.book import Book
from cpplan_docs.reference import api


def told() -> dict[str, str]:
    return {page.path: page.text for page in api.pages(Book({}))}


def blocks(text: str) -> list[str]:
    return re.findall(r"^::: (.+)$", text, re.MULTILINE)


def test_everything_that_the_kernel_exports_is_told_once() -> None:
    names = [one for text in told().values() for one in blocks(text) if one.startswith("cpplan.")]
    assert sorted(names) == sorted(f"cpplan.{name}" for name in cpplan.__all__)


def test_a_name_stands_with_others_of_its_module() -> None:
    found = api.exports()
    assert {name for names in found.values() for name in names} == set(cpplan.__all__)
    for module, names in found.items():
        assert all(hasattr(importlib.import_module(module), name) for name in names)


def test_what_no_group_has_is_told_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "KERNEL", api.KERNEL[1:])
    text = told()["reference/api/further.md"]
    assert {"cpplan.load", "cpplan.Procedure"} <= set(blocks(text))


def test_a_module_that_exports_nothing_has_no_heading() -> None:
    (group,) = api.kernel_groups(["cpplan.codec"])
    assert group.modules == ("cpplan.codec",)


def test_every_module_told_of_the_simulation_can_be_imported() -> None:
    modules = [module for group in api.SIMULATION for module in group.modules]
    assert len(modules) > 5
    for module in modules:
        assert importlib.import_module(module).__doc__


def test_the_index_leads_to_everything_told() -> None:
    pages = told()
    index = pages.pop("reference/api/index.md")
    for path, text in pages.items():
        page = path.removeprefix("reference/api/")
        assert f"]({page})" in index
        assert blocks(text)
        assert all(f"]({page}#{name})" in index for name in blocks(text))
