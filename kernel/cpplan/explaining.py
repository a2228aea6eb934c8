"""Explanations: where a plan stands, how it got there, what is open, what can follow.

Plain text for people. Everything in it is read from the plan and its procedure; nothing is decided
here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cpplan.plans import Plan


def explain(plan: Plan) -> str:
    """Return where a plan stands, in sentences."""
    return plan.state
