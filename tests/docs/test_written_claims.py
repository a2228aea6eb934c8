"""What written pages say of the procedures in words, held against the packs."""

import re
from pathlib import Path

import pytest

from cpplan import PROCEDURES, Procedure, load
from cpplan.clauses import SOURCES
from cpplan.states import ENDED
from cpplan_docs.addresses import anchor
from tests.docs.workplace import ROOT

DOCS = ROOT / "docs"
PAGES = (
    *(DOCS / name for name in ("index.md", "plain-language.md")),
    *sorted((DOCS / "start").glob("*.md")),
    *sorted((DOCS / "explained").glob("*.md")),
)
NAMES = [page.relative_to(DOCS).as_posix() for page in PAGES]
TOLD = re.compile(r"procedures/([a-z-]+)/(?:index|rules|duties|proofs)\.md#(\w+)-([a-z0-9-]+)")

KINDS = {
    "state": "states",
    "rule": "rules",
    "step": "steps",
    "duty": "duties",
    "requirement": "requirements",
}


def said(name: str) -> str:
    return " ".join((DOCS / name).read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def sources() -> list[Procedure]:
    return [load(name) for name in PROCEDURES if name in SOURCES]


def test_one_source_alone_says_how_a_plan_ends(sources: list[Procedure]) -> None:
    ends = [one for one in sources if set(ENDED) & {edge.target for edge in one.edges}]
    assert (len(ends), len(sources)) == (1, 5)
    assert "Only one of the five rule books says how a plan ends." in said("plain-language.md")
    assert "Four of the five say nothing of how a plan ends." in said("explained/modelled.md")


def test_jerseys_text_is_the_newest(sources: list[Procedure]) -> None:
    years = {
        one.name: max(map(int, re.findall(r"\b20\d\d\b", one.edition) or [0])) for one in sources
    }
    assert max(years, key=lambda name: years[name]) == "jersey"
    assert "its text is the newest of the five" in said("start/practitioner.md")


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_what_a_page_links_to_in_a_procedure_is_there(page: Path) -> None:
    for name, kind, thing in TOLD.findall(page.read_text(encoding="utf-8")):
        there = getattr(load(name), KINDS[kind])
        assert f"{kind}-{thing}" in {anchor(kind, one) for one in there}


def test_some_page_links_to_a_rule_a_duty_a_state_and_a_requirement() -> None:
    linked = {found[1] for page in PAGES for found in TOLD.findall(page.read_text("utf-8"))}
    assert linked >= {"rule", "duty", "state", "requirement"}


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_a_link_to_a_written_page_leads_to_it(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+\.md)", page.read_text(encoding="utf-8"))
    assert links
    made = {"procedures", "clauses", "scenarios", "reference"}
    there = [(page.parent / link).resolve().relative_to(DOCS) for link in links]
    assert [one for one in there if one.parts[0] not in made and not (DOCS / one).exists()] == []
