"""The page of proofs: the verdict is the prover's, and a broken requirement shows its history."""

from __future__ import annotations

import attrs

from cpplan import Procedure
from cpplan.matching import Match
from cpplan.requirements import Atom, Requirement, Template
from cpplan_docs.book import Book
from cpplan_docs.procedures.proofs import pages
from cpplan_sim.running import loaded

NEVER = Requirement(
    id="never-a-plan",
    says="No conference decides.",
    topic="conference",
    template=Template.ABSENCE,
    first=Atom(match=Match("initial-conference-decided")),
    why="It can't hold.",
)


def text(procedure: Procedure) -> str:
    (page,) = pages(Book({procedure.name: procedure}))
    return page.text


def test_every_requirement_and_possibility_of_a_sound_procedure_is_proved() -> None:
    procedure = loaded("lead-social-worker")
    told = text(procedure)
    of = len(procedure.requirements) + len(procedure.possible)
    assert told.count("Verdict: **proved**") == of
    assert "**broken**" not in told


def test_a_requirement_that_the_rules_break_is_told_with_the_shortest_history() -> None:
    procedure = loaded("lead-social-worker")
    broken = attrs.evolve(procedure, requirements={**procedure.requirements, NEVER.id: NEVER})
    told = text(broken)
    assert told.count("Verdict: **broken**") == 1
    assert "The shortest history that breaks it: 2 events" in told
    assert "2. [initial conference decided]" in told


def test_a_dropped_need_breaks_a_proof_with_no_other_edit() -> None:
    procedure = loaded("lead-social-worker")
    rule = procedure.rules["plan-made"]
    loose = {**procedure.rules, rule.id: attrs.evolve(rule, needs=())}
    assert "**broken**" in text(attrs.evolve(procedure, rules=loose))
