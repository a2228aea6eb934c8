"""Households: one plan for each child, recorded together or not at all.

Each child has a plan of its own (reading M10 of the clause register, after luton/1.3.6a). A
household only holds the plans side by side; it has no state of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal

import attrs

from cpplan.decisions import Accepted, Refused
from cpplan.events import Event, VisitMade
from cpplan.plans import Plan
from cpplan.states import GROUPS


class UnknownChildError(LookupError):
    """A household has no child of that name. The message names nobody: it ends in logs.

    Attributes:
        child: the name.
    """

    def __init__(self, child: str, known: int) -> None:
        """Keep the name, and say how many children there are."""
        self.child = child
        super().__init__(f"no child of that name in this household, which has {known}")


def how_many(of: Mapping[str, object]) -> str:
    """Return all that a repr says of what stands under the names of children."""
    return f"{len(of)} children"


_NOTHING_OF_THE_CHILD: Mapping[str, Any] = {
    "seen_alone": None,
    "not_alone_reason": None,
    "only_with_carers": None,
    "infant_awake": None,
    "bedroom_seen": None,
    "child_feels_safe": None,
    "observed_with_carers": None,
    "plan_explained_to_child": None,
    "child_updated_on_plan": None,
    "child_accepts_plan": None,
    "child_spoken_to": None,
    "child_wishes_and_feelings": "",
    "child_presentation": "",
}
"""What a visit can't say of a child who was not seen."""


def _frozen(plans: Mapping[str, Plan]) -> Mapping[str, Plan]:
    return MappingProxyType(dict(plans))


@attrs.frozen
class Household:
    """The plans of the children of one household.

    Attributes:
        plans: each child's plan, by whatever the integrator calls the child.
    """

    plans: Mapping[str, Plan] = attrs.field(converter=_frozen, hash=False, repr=how_many)

    def record(self, event_for: Mapping[str, Event]) -> HouseholdAccepted | HouseholdRefused:
        """Record one event for each of some children: all of them, or none.

        Args:
            event_for: the event for each child concerned. The other plans stay as they are.

        Returns:
            The new household with each child's ``Accepted``, or each refused child's ``Refused``.

        Raises:
            UnknownChildError: a child is not in the household.

        Example:
            >>> from cpplan import Plan, load
            >>> from cpplan.events import InitialConferenceOpened
            >>> import datetime as dt
            >>> home = Household({"Ada": Plan(load("standards")), "Ben": Plan(load("standards"))})
            >>> opened = InitialConferenceOpened(on=dt.date(2026, 3, 2))
            >>> home.record({"Ada": opened, "Ben": opened}).accepted
            True
        """
        require(event_for, self.plans)
        decisions = {child: self.plans[child].record(event) for child, event in event_for.items()}
        refused = {child: d for child, d in decisions.items() if isinstance(d, Refused)}
        if refused:
            return HouseholdRefused(refused)
        accepted = {child: d for child, d in decisions.items() if isinstance(d, Accepted)}
        after = {child: decision.plan for child, decision in accepted.items()}
        return HouseholdAccepted(Household({**self.plans, **after}), accepted)

    def visit(
        self, event: VisitMade, seen: Collection[str]
    ) -> HouseholdAccepted | HouseholdRefused:
        """Record one visit for every child, as having seen only those who were seen.

        A visit may meet the duty for each child seen, and only for those (M10). So whatever
        ``event`` says of a child is left out for the others. A child who is not on a plan, or no
        longer, has no visit recorded unless it is among those seen, and then it is refused.

        Args:
            event: the visit.
            seen: the children who were seen.

        Raises:
            UnknownChildError: a child seen is not in the household.
        """
        return self.record(visit_for(event, seen, self.plans))


def visit_for(
    event: VisitMade, seen: Collection[str], plans: Mapping[str, Plan]
) -> Mapping[str, Event]:
    """Return what one visit is for each child: for those on a plan, and for those seen.

    Args:
        event: the visit.
        seen: the children who were seen.
        plans: each child's plan, as it stood when the visit was made.

    Raises:
        UnknownChildError: a child seen is not in the household.
    """
    require(seen, plans)
    met = attrs.evolve(event, child_seen=True)
    unseen = attrs.evolve(event, child_seen=False, **_NOTHING_OF_THE_CHILD)
    on_plan = [name for name, plan in plans.items() if plan.state in GROUPS["on-plan"]]
    return dict.fromkeys(on_plan, unseen) | dict.fromkeys(seen, met)


def require(children: Collection[str], known: Collection[str]) -> None:
    """Check that children are in a household.

    Raises:
        UnknownChildError: one is not.
    """
    for child in children:
        if child not in known:
            raise UnknownChildError(child, len(known))


@attrs.frozen
class HouseholdAccepted:
    """Every event is recorded.

    Attributes:
        household: the household as it is now.
        decisions: what was decided for each child concerned.
    """

    household: Household
    decisions: Mapping[str, Accepted] = attrs.field(repr=how_many)

    accepted: ClassVar[Literal[True]] = True


@attrs.frozen
class HouseholdRefused:
    """Nothing is recorded, and every plan is as it was.

    Attributes:
        decisions: the refusal of each child whose event was refused.
    """

    decisions: Mapping[str, Refused] = attrs.field(repr=how_many)

    accepted: ClassVar[Literal[False]] = False
