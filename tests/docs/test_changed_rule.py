"""A rule changed in a pack changes its page, its picture and the comparison, with no other edit."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from cpplan import load
from cpplan.packs import FOLDER
from cpplan_docs.book import Book
from cpplan_docs.comparing import side_by_side
from cpplan_docs.pictures import lifecycle
from cpplan_docs.procedures import duties, rules

pytestmark = pytest.mark.slow

NAME, OTHER = "standards", "lead-social-worker"
PATH = f"procedures/{NAME}/index.md"

Texts = dict[str, str]


def texts(book: Book) -> Texts:
    made = [*rules.pages(book), *duties.pages(book), *side_by_side.pages(book)]
    found = {page.path: page.text for page in made}
    return {**found, "picture": lifecycle.picture(book.procedures[NAME], PATH)}


def changed(folder: Path, file: str, old: str, new: str) -> Texts:
    """Return the pages with one piece of the pack put in the place of another."""
    pack = folder / NAME
    shutil.copytree(FOLDER / NAME, pack)
    text = (pack / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (pack / file).write_text(text.replace(old, new), encoding="utf-8")
    return texts(Book({NAME: load(str(pack)), OTHER: load(OTHER)}))


@cache
def shipped() -> Texts:
    return texts(Book({NAME: load(NAME), OTHER: load(OTHER)}))


def differing(found: Texts) -> set[str]:
    assert found.keys() == shipped().keys()
    return {path for path, text in found.items() if text != shipped()[path]}


def test_a_need_taken_out_changes_the_page_of_rules_and_the_comparison(tmp_path: Path) -> None:
    need = "      - {field: plan.contingency, code: contingency-missing, cites: [standards/8]}\n"
    found = changed(tmp_path, "rules.yaml", need, "")
    assert f"procedures/{NAME}/rules.md" in differing(found)
    assert any("two-at-a-time" in path for path in differing(found))
    assert f"procedures/{OTHER}/rules.md" not in differing(found)
    assert "contingency-missing" in shipped()[f"procedures/{NAME}/rules.md"]
    assert "contingency-missing" not in found[f"procedures/{NAME}/rules.md"]


SHORT_CUT = """\
  short-cut:
    says: The plan is put into effect without being detailed.
    topic: detailed-plan
    event: plan-put-into-effect
    from: [outline]
    to: active
    origin: choice
    why: A rule that no procedure has.

  plan-put-into-effect:
"""


def test_a_rule_more_changes_the_picture(tmp_path: Path) -> None:
    found = changed(tmp_path, "rules.yaml", "  plan-put-into-effect:\n", SHORT_CUT)
    assert {"picture", f"procedures/{NAME}/rules.md"} <= differing(found)
    assert "short cut" in found["picture"]
    assert "short cut" not in shipped()["picture"]


def test_a_figure_changed_changes_the_rules_that_it_counts_for_and_the_comparison(
    tmp_path: Path,
) -> None:
    unit = "\n    unit: days-unspecified"
    found = changed(tmp_path, "pack.yaml", f"    is: 10{unit}", f"    is: 11{unit}")
    assert {"procedures/comparison.md", f"procedures/{NAME}/rules.md"} <= differing(found)
