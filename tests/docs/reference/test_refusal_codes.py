"""The page of refusal codes: every code that can be given, with what says it and where it was."""

from __future__ import annotations

import re

import pytest

from cpplan import Refused, refusals
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.reference import refusal_codes
from cpplan_docs.words.markdown import plain
from cpplan_sim.running import Run, loaded, run
from cpplan_sim.scenarios import read_scenario, scenario_root

CASE = "bad/luton/access-without-authority.yaml"


@pytest.fixture(scope="module")
def told_case() -> Run:
    return run(read_scenario(scenario_root() / CASE))


def page_of(*procedures: str, runs: tuple[Run, ...] = ()) -> str:
    book = Book({name: loaded(name) for name in procedures})
    vars(book)["runs"] = runs  # else every told case would be run
    (page,) = refusal_codes.pages(book)
    return page.text


def entry(code: str, text: str) -> str:
    found = re.search(rf"^### `{code}` .*?(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{code} is not told"
    return found[0]


def test_every_code_that_a_need_can_give_has_its_anchor() -> None:
    text = page_of("luton", "standards")
    needs = [
        need
        for name in ("luton", "standards")
        for rule in loaded(name).rules.values()
        for need in rule.needs
    ]
    anchors = set(re.findall(r"^### .*\{#(.+)\}$", text, re.MULTILINE))
    assert len(needs) > 100
    wanted = {need.code for need in needs} | set(refusal_codes.machinery())
    assert anchors == {addresses.code(code).anchor for code in wanted}


def test_a_new_code_of_the_machinery_is_told_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MADE_UP", "made-up", raising=False)
    assert "made-up" in refusal_codes.machinery()
    assert entry("made-up", page_of("luton"))


def test_the_meaning_of_every_code_of_the_machinery_is_said() -> None:
    assert len(refusal_codes.machinery()) == 5
    assert set(refusal_codes.machinery()) == set(refusal_codes.MEANINGS)


def test_a_code_tells_its_sentence_who_says_it_by_which_rule_and_the_clauses() -> None:
    told = entry("chair-not-satisfied", page_of("luton", "standards"))
    assert "Not done: the chair is satisfied that the arrangements match in full." in told
    assert ":   [standards](../procedures/standards/index.md):" in told
    assert "[`letter-sent`](../procedures/standards/rules.md#rule-letter-sent)" in told
    assert "[standards/12h](../clauses/standards.md#clause-12h)" in told
    assert "[luton]" not in told


def test_sentences_that_differ_stand_apart_under_one_code() -> None:
    told = entry("action-plan-missing", page_of("luton"))
    needs = [
        need
        for rule in loaded("luton").rules.values()
        for need in rule.needs
        if need.code == "action-plan-missing"
    ]
    sentences = {plain(need.says) for need in needs}
    assert len(sentences) > 1
    assert sentences <= set(told.splitlines())


def test_what_no_clause_asks_for_is_told_as_our_choice() -> None:
    told = entry("conference-already-sitting", page_of("luton"))
    assert "(our choice: A conference that sits can't begin again.)" in told


def test_the_example_is_the_sentence_that_the_kernel_gave(told_case: Run) -> None:
    text = page_of("luton", runs=(told_case,))
    given = [
        reason
        for outcome in told_case.outcomes
        if isinstance(outcome.decision, Refused)
        for reason in outcome.decision.reasons
    ]
    assert len({reason.code for reason in given}) > 10
    link = "](../scenarios/bad/luton/access-without-authority.md): “"
    firsts = {reason.code: reason.says for reason in reversed(given)}
    for code, says in firsts.items():
        assert f"{link}{plain(says)}”" in entry(code, text)


def test_a_code_that_no_told_case_gives_has_no_example(told_case: Run) -> None:
    text = page_of("luton", runs=(told_case,))
    assert text.count("For example, on ") == len(refusal_codes.examples((told_case,)))
    assert "For example" not in entry("before-last-event", text)
