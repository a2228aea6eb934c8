"""The states of a plan, in lifecycle order, and the groups that packs may name.

Holds names only. How a plan moves between them stands in the rules. Working meanings: the clause
register's own proposal, so the modeller's choice.
"""

from __future__ import annotations

BEFORE_PLAN = "before-plan"
OUTLINE = "outline"
DETAILED = "detailed"
ACTIVE = "active"
ESCALATED = "escalated"
REVIEW = "review"

STATES: dict[str, str] = {
    BEFORE_PLAN: "no plan yet: enquiry, report, initial conference",
    OUTLINE: "the initial conference has decided on a plan and outlined it",
    DETAILED: "the core group has met and the detailed plan is agreed",
    ACTIVE: "the plan is being carried out",
    ESCALATED: "one or more difficulties are open; every duty goes on",
    REVIEW: "the review conference is sitting",
    "ended.rcpc": "ended at a review conference",
    "ended.letter": "ended by the chair's letter, its notice run out",
    "ended.move": "ended because child and family moved to another authority for good",
    "ended.age-18": "ended because the child is 18",
    "ended.looked-after": "ended by letter because the child is looked after",
    "ended.death": "ended by the child's death",
    "ended.left-jurisdiction": "ended because the child left the jurisdiction for good",
}
"""Every state with its working meaning, in lifecycle order."""

ENDED = tuple(state for state in STATES if state.startswith("ended."))

GROUPS: dict[str, tuple[str, ...]] = {
    "working": (OUTLINE, DETAILED, ACTIVE),
    "live": (OUTLINE, DETAILED, ACTIVE, ESCALATED),
    "on-plan": (OUTLINE, DETAILED, ACTIVE, ESCALATED, REVIEW),
    "ended": ENDED,
}
"""Names that stand for several states in a rule's ``from``."""

SAME = "same"
ORIGIN = "origin"
"""Targets that depend on the plan: stay, or return to where escalated or review was entered."""

RETURNING = {ESCALATED: (OUTLINE, DETAILED, ACTIVE), REVIEW: (OUTLINE, DETAILED, ACTIVE, ESCALATED)}
"""The two states that lead back to their origin, with the origins each can have."""


def is_ended(state: str) -> bool:
    """Return whether a plan in ``state`` is over."""
    return state.startswith("ended.")


def origin_step(state: str, origin: str) -> str:
    """Return the step that remembers where ``state`` was entered from."""
    return f"{state}-from-{origin}"
