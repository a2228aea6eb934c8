"""Links and sentences that several kinds of page share."""

from __future__ import annotations

from cpplan_docs.words import linking

PATH = "reference/events.md"


def test_clauses_lead_to_the_page_of_their_source() -> None:
    told = linking.clauses(["luton/1.2.4a", "jersey/para-19"], PATH)
    assert told == (
        "[luton/1.2.4a](../clauses/luton.md#clause-1-2-4a),"
        " [jersey/para-19](../clauses/jersey.md#clause-para-19)"
    )


def test_what_cites_no_clause_is_told_as_our_choice_with_its_reason() -> None:
    assert linking.source((), "There has to be *one*.", PATH) == (
        r"our choice: There has to be \*one\*."
    )


def test_what_cites_a_clause_is_not_told_as_our_choice() -> None:
    assert "our choice" not in linking.source(["luton/1.2.4a"], "Because.", PATH)


def test_rules_and_procedures_lead_to_their_own_pages() -> None:
    rules = linking.rules("luton", ["plan-made"], PATH)
    assert rules == "[`plan-made`](../procedures/luton/rules.md#rule-plan-made)"
    assert linking.procedures(["luton"], PATH) == "[luton](../procedures/luton/index.md)"


def test_a_sentence_begins_with_a_capital_in_a_link_too_and_code_is_left_alone() -> None:
    assert linking.capital("a date") == "A date"
    assert linking.capital("[a state](#x) or two") == "[A state](#x) or two"
    assert linking.capital("`true` or `false`") == "`true` or `false`"
