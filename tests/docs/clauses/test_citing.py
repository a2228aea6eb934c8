"""Citing: whatever of a procedure cites a clause is found by the clause."""

from __future__ import annotations

import attrs

from cpplan import Procedure
from cpplan_docs import addresses
from cpplan_docs.clauses.citing import Use, uses_of
from cpplan_sim.account import Fate, account_of
from cpplan_sim.running import loaded
from tests.breaking import without_citing


def sorts(clause: str, procedure: Procedure) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for use in uses_of(procedure).get(clause, ()):
        found.setdefault(use.sort, []).append(use.name)
    return found


def test_a_clause_is_found_with_the_rules_refusals_and_requirements_that_cite_it() -> None:
    found = sorts("standards/12d", loaded("standards"))
    assert "letter-route-agreed" in found["rules"]
    assert "not-unanimous" in found["refusals"]
    assert found["requirements"]


def test_a_need_within_a_choice_of_needs_is_found() -> None:
    assert "chairs-reasons-missing" in sorts("standards/1e", loaded("standards"))["refusals"]


def test_a_clause_is_found_with_the_duties_fields_and_figures_that_cite_it() -> None:
    assert sorts("standards/3e", loaded("standards"))["duties"] == ["sign-plan"]
    assert "fields" in sorts("standards/6c", loaded("standards"))
    assert sorts("luton/1.2.4a", loaded("luton"))["figures"] == ["first-core-group-limit"]


def test_what_is_counted_and_what_must_stay_possible_are_found() -> None:
    luton = loaded("luton")
    assert "steps counted up to" in sorts("luton/1.5.2a", luton)
    assert "what must stay possible" in sorts("luton/1.4.9a", luton)


def test_nothing_is_found_of_a_clause_that_nothing_cites() -> None:
    broken = without_citing(loaded("standards"), "standards/3e")
    assert "duties" not in sorts("standards/3e", broken)


def test_each_use_stands_once_and_leads_to_its_own_page() -> None:
    standards = loaded("standards")
    for uses in uses_of(standards).values():
        assert len(uses) == len(set(uses))
    use = Use("duties", "sign-plan", addresses.duty("standards", "sign-plan"))
    assert use in uses_of(standards)["standards/3e"]


def test_whatever_the_account_counts_as_done_justice_to_is_cited_by_something() -> None:
    standards = loaded("standards")
    uses = uses_of(standards)
    done = (Fate.ENFORCED, Fate.TRACKED, Fate.RECORDED)
    found = [one.clause.id for fate in done for one in account_of(standards).of(fate)]
    assert found
    assert [clause for clause in found if clause not in uses] == []


def test_a_requirement_that_no_longer_cites_a_clause_is_gone() -> None:
    standards = loaded("standards")
    name = sorts("standards/12d", standards)["requirements"][0]
    bare = {**standards.requirements, name: attrs.evolve(standards.requirements[name], cites=())}
    changed = attrs.evolve(standards, requirements=bare)
    assert name not in sorts("standards/12d", changed).get("requirements", [])
