"""The account: every clause has one fate, and taking away what stands on it changes that fate."""

import attrs
import pytest

from cpplan import PROCEDURES, Procedure
from cpplan.clauses import Enforcement
from cpplan_sim.account import Fate, Standing, account_of
from cpplan_sim.running import loaded
from tests.breaking import without_citing


def standing(procedure: Procedure, clause: str) -> Standing:
    (found,) = [one for one in account_of(procedure).standings if one.clause.id == clause]
    return found


def test_every_clause_of_the_sources_is_in_the_account_once() -> None:
    account = account_of(loaded("standards"))
    assert account.procedure == "standards"
    assert [one.clause.id for one in account.standings] == list(loaded("standards").clauses)
    assert sum(account.counts.values()) == len(account.standings) == 61


def test_a_clause_is_enforced_by_the_rules_and_needs_that_cite_it() -> None:
    found = standing(loaded("standards"), "standards/12d")
    assert found.fate is Fate.ENFORCED
    assert "rule letter-route-agreed: not-unanimous" in found.by


def test_a_clause_is_enforced_by_one_of_several_needs_of_which_one_is_enough() -> None:
    found = standing(loaded("standards"), "standards/1e")
    assert found.fate is Fate.ENFORCED
    assert "rule plan-made: chairs-reasons-missing" in found.by


def test_a_clause_is_tracked_by_a_duty_and_recorded_by_a_field() -> None:
    tracked = standing(loaded("standards"), "standards/3e")
    recorded = standing(loaded("standards"), "standards/6c")
    assert (tracked.fate, tracked.by) == (Fate.TRACKED, ("duty sign-plan",))
    assert recorded.fate is Fate.RECORDED
    assert "field initial-conference-decided.plan.strengths" in recorded.by


def test_what_the_register_only_documents_is_documented_with_its_reason() -> None:
    found = standing(loaded("standards"), "standards/title")
    assert (found.fate, found.by) == (Fate.DOCUMENTED, ())
    assert found.why


def wanted(procedure: Procedure) -> list[str]:
    return [
        clause.id
        for clause in procedure.clauses.values()
        if clause.enforcement is not Enforcement.DOCS_ONLY
    ]


@pytest.mark.parametrize("clause", wanted(loaded("standards")))
def test_a_clause_on_which_nothing_stands_any_more_is_missing(clause: str) -> None:
    broken = without_citing(loaded("standards"), clause)
    account = account_of(broken)
    assert [one.clause.id for one in account.of(Fate.MISSING)] == [clause]


def test_a_missing_clause_is_excused_by_a_reason_and_by_nothing_else() -> None:
    clause = "standards/12d"
    broken = without_citing(loaded("standards"), clause)
    excused = attrs.evolve(broken, excused={clause: "the text contradicts itself"})
    other = attrs.evolve(broken, excused={"standards/12e": "the text contradicts itself"})
    assert standing(excused, clause).fate is Fate.EXCUSED
    assert standing(excused, clause).why == "the text contradicts itself"
    assert standing(other, clause).fate is Fate.MISSING


def test_an_excuse_is_not_counted_where_something_stands_on_the_clause_after_all() -> None:
    clause = "standards/12d"
    procedure = attrs.evolve(loaded("standards"), excused={clause: "no reason"})
    assert standing(procedure, clause).fate is Fate.ENFORCED


def test_a_guard_that_is_only_written_down_is_missing_and_a_field_that_is_guarded_is_not() -> None:
    procedure = loaded("standards")
    guard, field = "standards/12d", "standards/6c"
    assert procedure.clauses[guard].enforcement is Enforcement.KERNEL_GUARD
    only_field = without_citing(procedure, guard)
    (record, *others) = only_field.records["letter-route-agreed"]
    told = {
        **only_field.records,
        "letter-route-agreed": (attrs.evolve(record, cites=(guard,)), *others),
    }
    assert standing(attrs.evolve(only_field, records=told), guard).fate is Fate.MISSING
    rule = procedure.rules["plan-made"]
    guarded = attrs.evolve(rule, cites=(*rule.cites, field))
    stronger = attrs.evolve(
        without_citing(procedure, field), rules={**procedure.rules, "plan-made": guarded}
    )
    assert standing(stronger, field).fate is Fate.ENFORCED


def test_what_a_procedure_of_several_sources_leaves_out_is_not_taken_instead_of_missing() -> None:
    account = account_of(loaded("composite"))
    assert account.of(Fate.MISSING) == ()
    assert len(account.of(Fate.NOT_TAKEN)) > 10
    assert {one.clause.source for one in account.standings} == set(PROCEDURES) - {"composite"}
