"""Casework on a plan: assessments, files, incidents, enquiries, supervision and records.

Here too are the steps that a pack declares for itself.
"""

from __future__ import annotations

import attrs

from cpplan.events.base import LABEL, Event, maybe, text
from cpplan.roles import Role


@attrs.frozen(kw_only=True)
class AssessmentStarted(Event):
    """The assessment began."""


@attrs.frozen(kw_only=True)
class AssessmentCompleted(Event):
    """The assessment was completed."""

    risk_analysis: str = text("the analysis of risk")
    developmental_needs: str = text("what the assessment says on developmental needs")
    parenting_capacity: str = text("what the assessment says on parenting capacity")
    approved_by: Role | None = maybe("who approved the assessment")


@attrs.frozen(kw_only=True)
class FamilyFilesRead(Event):
    """The family's files were read."""

    previous_files: bool | None = maybe("whether previous files were read")
    current_files: bool | None = maybe("whether current files were read")
    other_children_files: bool | None = maybe("whether other children's files were read")
    other_agencies_asked: bool | None = maybe("whether other agencies were asked")


@attrs.frozen(kw_only=True)
class IncidentOccurred(Event):
    """A new incident happened."""

    significant: bool | None = maybe("whether the incident was significant")
    what: str = text("what happened")


@attrs.frozen(kw_only=True)
class EnquiryStarted(Event):
    """A section 47 enquiry began."""


@attrs.frozen(kw_only=True)
class SupervisionHeld(Event):
    """The lead social worker's work was supervised."""

    progress: str = text("the progress discussed")
    decisions: str = text("what was decided")
    direct_contact_adequate: bool | None = maybe(
        "whether direct contact with the child is adequate"
    )
    approved_by: Role | None = maybe("who approved the record")


@attrs.frozen(kw_only=True)
class CommunicationRecorded(Event):
    """A communication was recorded."""

    time: str = text("the time of the communication")
    content: str = text("what was communicated")
    fact_kept_from_opinion: bool | None = maybe("whether fact is kept from opinion")


@attrs.frozen(kw_only=True)
class RecordsApproved(Event):
    """A manager read and approved records."""

    assessment: bool | None = maybe("whether the assessment was approved")
    conference_report: bool | None = maybe("whether the conference report was approved")
    plan: bool | None = maybe("whether the plan was approved")
    incident_log: bool | None = maybe("whether the incident log was approved")
    approved_by: Role | None = maybe("who approved the records")


@attrs.frozen(kw_only=True)
class CircumstancesChanged(Event):
    """The circumstances of the child or the family changed significantly."""

    what: str = text("what changed")


@attrs.frozen(kw_only=True)
class StepRecorded(Event):
    """A step that a pack declares for itself was taken."""

    step: str = attrs.field(metadata={LABEL: "the step taken"})
    note: str = text("the note on the step")
