"""Terms: the file and the code's lists say the same, or the file is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpplan.clause_register import load_source
from cpplan.reading import InvalidFileError
from cpplan_docs.words.terms import FILE, load_terms

HERE = "clauses/luton.md"


def changed(tmp_path: Path, old: str, new: str) -> Path:
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    place = tmp_path / "terms.yaml"
    place.write_text(text.replace(old, new, 1), encoding="utf-8")
    return place


def test_a_member_of_a_list_without_a_meaning_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="'undecidable' has no meaning"):
        load_terms(changed(tmp_path, "    undecidable:", "    undecided:"))


def test_a_meaning_for_what_is_in_no_list_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match=r"no status 'undecided'.*undecidable"):
        load_terms(changed(tmp_path, "    undecidable:", "    undecided:"))


def test_the_word_of_a_source_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="no source 'londn'"):
        load_terms(changed(tmp_path, "      london:", "      londn:"))


def test_a_role_is_told_once_as_a_term_or_among_the_roles() -> None:
    terms = load_terms()
    assert "lead-social-worker" in terms.field
    assert not terms.field.keys() & terms.meanings["role"].keys()


def test_another_name_of_a_role_leads_to_its_term() -> None:
    told = load_terms().linked("lscb", HERE)
    assert told == "[Local safeguarding board](../reference/glossary.md#term-safeguarding-board)"


def test_a_name_without_a_term_stays_words() -> None:
    assert load_terms().linked("delegated-agency", HERE) == "delegated agency"


def test_whoever_luton_names_is_a_term_but_for_an_agency_that_stands_in() -> None:
    clauses = load_source("luton").clauses.values()
    named = {slug for clause in clauses for slug in (*clause.actor, *clause.authorised_by)}
    assert len(named) > 5
    assert {slug for slug in named if "](" not in load_terms().linked(slug, HERE)} == {
        "delegated-agency"
    }


def test_no_source_word_is_a_sentence() -> None:
    words = [word for term in load_terms().field.values() for word in term.words.values()]
    assert len(words) > 50
    assert [word for word in words if len(word.split()) > 12] == []
