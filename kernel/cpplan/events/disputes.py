"""The dispute ladder: the core group, then managers, then policy.

A dispute suspends nothing.
"""

from __future__ import annotations

import attrs

from cpplan.events.base import LABEL, Event, several, text
from cpplan.events.parts import DisputePolicy, DisputeSubject
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class DisputeRaised(Event):
    """A dispute arose in the core group."""

    subject: DisputeSubject = attrs.field(metadata={LABEL: "the subject of the dispute"})
    about: str = text("what the dispute is about")


@attrs.frozen(kw_only=True)
class DisputeDiscussedInCoreGroup(Event):
    """The core group discussed the dispute."""

    outcome: str = text("what came of it")


@attrs.frozen(kw_only=True)
class DisputeTakenToManagers(Event):
    """The dispute was taken to the managers of its parties."""

    parties: tuple[Role, ...] = several("who the parties are")


@attrs.frozen(kw_only=True)
class DisputeTakenToPolicy(Event):
    """The dispute was taken to a policy for resolving disputes."""

    policies: tuple[DisputePolicy, ...] = several("which policy was used")


@attrs.frozen(kw_only=True)
class DisputeResolved(Event):
    """The dispute was resolved."""

    outcome: str = text("what came of it")
