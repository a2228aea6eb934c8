"""Mentions: a remark's clauses are links, and its other numbers are not."""

from __future__ import annotations

from cpplan_docs.words.mentions import with_links

HERE = "clauses/luton.md"


def test_a_clause_of_another_source_is_a_link_to_its_page() -> None:
    told = with_links("as in standards/12d.", "luton", HERE)
    assert told == "as in [standards/12d](standards.md#clause-12d)."


def test_a_number_alone_is_a_clause_of_the_remarks_own_source() -> None:
    told = with_links("See 1.2.2b and (1.4.18b)", "luton", HERE)
    assert told == "See [1.2.2b](#clause-1-2-2b) and ([1.4.18b](#clause-1-4-18b))"


def test_numbers_with_two_letters_are_clauses() -> None:
    told = with_links("(5.4.5ae)", "london", "clauses/london.md")
    assert told == "([5.4.5ae](#clause-5-4-5ae))"


def test_a_plain_number_is_no_clause_though_one_has_it() -> None:
    assert with_links("within 8 working days", "standards", HERE) == "within 8 working days"


def test_a_number_that_no_clause_has_stays_as_it_is() -> None:
    assert with_links("version 1.0 of 9.9.9z", "luton", HERE) == "version 1.0 of 9.9.9z"


def test_what_is_not_a_mention_is_made_safe() -> None:
    assert with_links("a_b *c* <d>", "luton", HERE) == r"a\_b \*c\* &lt;d&gt;"
