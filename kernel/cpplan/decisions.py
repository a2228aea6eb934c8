"""Decisions: what the kernel answers when an event is recorded.

A refusal is an answer like any other. It lists every reason, not only the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import attrs

if TYPE_CHECKING:
    from cpplan.obligations import Obligation
    from cpplan.plans import Plan
    from cpplan.rules import Rule


@attrs.frozen
class Reason:
    """One reason for a refusal.

    Attributes:
        code: a stable name.
        says: a sentence.
        cites: the clauses that ask for what is missing; empty where the reason is ours.
    """

    code: str
    says: str
    cites: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the sentence with its clauses."""
        return self.says + (f" [{', '.join(self.cites)}]" if self.cites else "")


@attrs.frozen
class Omission:
    """A field that the procedure wants recorded with an event and that was not given.

    An omission never blocks: what happened is recorded, and so is what is not known of it.
    """

    field: str
    says: str
    cites: tuple[str, ...]


@attrs.frozen
class Refused:
    """The event is not recorded, and the plan is as it was.

    Attributes:
        reasons: every unmet need.
    """

    reasons: tuple[Reason, ...]

    accepted: ClassVar[Literal[False]] = False

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in their order."""
        return tuple(reason.code for reason in self.reasons)


@attrs.frozen
class Accepted:
    """The event is recorded.

    Attributes:
        plan: the plan as it is now.
        rule: the rule that let it through.
        before: the plan as it was.
    """

    plan: Plan
    rule: Rule
    before: Plan = attrs.field(repr=False)

    accepted: ClassVar[Literal[True]] = True

    @property
    def opened(self) -> tuple[Obligation, ...]:
        """The obligations that the event opened."""
        return tuple(
            one for one in self.plan.obligations if one.opened_by == len(self.plan.history) - 1
        )

    @property
    def closed(self) -> tuple[Obligation, ...]:
        """The obligations that the event met, or that ended with it."""
        return tuple(
            one for one in self.plan.obligations if one.closed_by == len(self.plan.history) - 1
        )

    @property
    def omissions(self) -> tuple[Omission, ...]:
        """The fields that the procedure wants recorded with this event and that were not given."""
        event = self.plan.history[-1].event
        return self.plan.procedure.omissions(event, self.before.steps)


Decision = Accepted | Refused
