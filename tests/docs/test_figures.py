"""Figures on written pages: what stands in place of a marker, and when there is none."""

import re

import attrs
import pytest

from cpplan import PROCEDURES, Procedure, load
from cpplan.clauses import SOURCES
from cpplan_docs.figures import MARKER, NONE, UnknownFigureError, filled
from tests.docs.workplace import ROOT

PAGE = "plain-language.md"
TEXT = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def procedures() -> dict[str, Procedure]:
    return {name: load(name) for name in PROCEDURES}


def test_a_marker_becomes_a_list_of_what_each_source_says(
    procedures: dict[str, Procedure],
) -> None:
    lines = filled("<!-- figures: visit-interval -->", PAGE, procedures).splitlines()
    figure = procedures["jersey"].values["visit-interval"]
    assert f"- [Jersey](procedures/jersey/index.md): {figure}" in lines
    assert len(lines) == len(SOURCES)


def test_the_first_name_that_a_procedure_has_counts(procedures: dict[str, Procedure]) -> None:
    marker = "<!-- figures: visit-interval-max visit-interval -->"
    said = filled(marker, PAGE, procedures)
    assert str(procedures["london"].values["visit-interval-max"]) in said
    assert str(procedures["luton"].values["visit-interval"]) in said


def test_a_choice_of_the_modellers_is_no_figure_of_the_source(
    procedures: dict[str, Procedure],
) -> None:
    marker = "<!-- figures: first-core-group-limit first-core-group-immediately -->"
    said = filled(marker, PAGE, procedures)
    assert f"[London](procedures/london/index.md): {NONE}" in said


def test_a_figure_changed_in_a_pack_changes_on_the_page(
    procedures: dict[str, Procedure],
) -> None:
    values = dict(procedures["luton"].values)
    values["visit-interval"] = attrs.evolve(values["visit-interval"], amount=5)
    changed = {**procedures, "luton": attrs.evolve(procedures["luton"], values=values)}
    before = filled(TEXT, PAGE, procedures).splitlines()
    after = filled(TEXT, PAGE, changed).splitlines()
    assert [new for old, new in zip(before, after, strict=True) if old != new] == [
        "- [Luton](procedures/luton/index.md): 5 calendar weeks"
    ]


@pytest.mark.parametrize(
    "names", ["visit-intervall", "effect-at-once", "first-core-group-immediately", ""]
)
def test_a_figure_that_no_source_has_is_an_error(
    names: str, procedures: dict[str, Procedure]
) -> None:
    with pytest.raises(UnknownFigureError, match=rf"{PAGE}: no source gives a figure"):
        filled(f"<!-- figures: {names} -->", PAGE, procedures)


def test_the_plain_page_has_no_figure_of_its_own(procedures: dict[str, Procedure]) -> None:
    numbered = re.sub(r"^\*\*\d\. ", "", TEXT, flags=re.MULTILINE)
    assert re.findall(r"\d+", numbered) == []
    assert len(MARKER.findall(TEXT)) > 3
    assert "<!--" not in filled(TEXT, PAGE, procedures)


def test_another_page_stays_as_it_is(procedures: dict[str, Procedure]) -> None:
    text = "# A page\n\n<!-- not run: a map -->\n"
    assert filled(text, PAGE, procedures) == text
