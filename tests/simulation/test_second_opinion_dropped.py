"""SPIN finds what a dropped need breaks, and the prover the same in as few events."""

from __future__ import annotations

import pytest

from cpplan_sim.running import loaded
from cpplan_sim.second_opinion.opinion import compare
from tests.breaking import without_code
from tests.simulation.opinions import broken_of, spin, told

DROPPED: dict[str, dict[str, tuple[str, ...]]] = {
    "lead-social-worker": {
        "detailed-plan-agreed": (
            "core-group-not-held",
            "not-agreed-at-core-group",
            "outcomes-missing",
        ),
        "plan-made": (
            "lead-social-worker-missing",
            "lead-social-worker-not-named-by-chair",
            "lead-social-worker-not-qualified",
        ),
    },
    "jersey": {
        "detailed-plan-agreed": (
            "member-frequencies-missing",
            "written-agreement-missing",
        ),
        "detailed-plan-agreed-while-escalated": ("member-frequencies-missing",),
        "implementation-difficulty-resolved-others-open": ("review-not-held",),
        "plan-changed": (
            "plan-not-changed-by-review-conference",
            "review-not-held",
        ),
        "plan-made": ("lead-social-worker-not-experienced",),
    },
    "london": {
        "access-plan-agreed": ("action-plan-not-agreed-by-police",),
        "detailed-plan-agreed": (
            "action-owner-missing",
            "contact-frequency-missing",
        ),
        "detailed-plan-agreed-while-escalated": ("contact-frequency-missing",),
        "plan-made": ("lead-social-worker-not-experienced",),
    },
    "luton": {
        "access-plan-agreed": ("action-plan-missing",),
        "contact-delegated": ("delegate-not-experienced",),
        "detailed-plan-agreed": ("written-agreement-missing",),
        "plan-made": ("core-group-interval-missing",),
        "review-called-for-another-reason": ("manager-has-not-authorised",),
        "review-date-changed": ("new-date-past-limit",),
        "safety-concern-resolved-others-open": ("consultation-not-held",),
    },
}
"""Needs that stand on a clause, of four procedures: each is missed by a requirement."""

MUTANTS = [
    (name, rule, code)
    for name, rules in DROPPED.items()
    for rule, codes in rules.items()
    for code in codes
]


@spin
@pytest.mark.parametrize("mutant", MUTANTS, ids="-".join)
def test_spin_finds_what_a_dropped_need_breaks_and_in_as_few_events(
    mutant: tuple[str, str, str],
) -> None:
    name, rule, code = mutant
    found = compare(without_code(loaded(name), rule, code))
    assert told(found) == []
    assert broken_of(found), "nothing was found, so nothing was compared"


def test_there_are_enough_dropped_needs_over_several_procedures() -> None:
    assert len(set(MUTANTS)) >= 20
    assert len({name for name, _, _ in MUTANTS}) > 3
