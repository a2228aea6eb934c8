"""The shape of a behaviour profile's file, before anything in it is checked against anything else.

A key that stands here may stand in a file and no other may. In a file a name is written with
hyphens: ``each_month`` is ``each-month``. A trailing underscore is dropped: ``in_`` is ``in``.
Numbers are ``Any`` here: they are held against their limits where the profile is built.
"""

from __future__ import annotations

from typing import Any

import attrs

Scalar = bool | int | str


@attrs.frozen(kw_only=True)
class BasedDraft:
    """What a figure stands on: exactly one of the three.

    Attributes:
        source: one of the profile's sources.
        assumed: why it is plausible.
        fitted: what it is fitted to.
        says: how it is worked out, where that is not plain.
    """

    source: str = ""
    assumed: str = ""
    fitted: str = ""
    says: str = ""


@attrs.frozen(kw_only=True)
class FigureDraft(BasedDraft):
    """One figure; for a chance perhaps a list of them."""

    value: Any


@attrs.frozen(kw_only=True)
class SharesDraft(BasedDraft):
    """Shares of one whole, by name."""

    shares: dict[str, Any]


@attrs.frozen(kw_only=True)
class BandDraft:
    """The share of children from one birthday up to another."""

    from_: int
    to: int
    share: Any


@attrs.frozen(kw_only=True)
class BandsDraft(BasedDraft):
    """Shares of one whole, by age."""

    bands: list[BandDraft]


@attrs.frozen(kw_only=True)
class DaysDraft(BasedDraft):
    """A time in days: any from ``least`` to ``most`` alike, or a mean."""

    least: int | None = None
    most: int | None = None
    mean: Any = None


@attrs.frozen(kw_only=True)
class SourceDraft:
    """A published table of one year."""

    table: str
    year: int
    says: str


@attrs.frozen(kw_only=True)
class OpenedDraft:
    """How many cases begin."""

    per_month: FigureDraft


@attrs.frozen(kw_only=True)
class ChildDraft:
    """The children."""

    ages: BandsDraft
    unborn: FigureDraft
    categories: SharesDraft
    siblings: SharesDraft
    earlier_plan: FigureDraft
    birth_recorded: FigureDraft


@attrs.frozen(kw_only=True)
class PunctualDraft:
    """How duties are kept, or what differs from the others."""

    on_time: FigureDraft | None = None
    share_of_time: FigureDraft | None = None
    days_late: FigureDraft | None = None
    never: FigureDraft | None = None
    unstated_days: FigureDraft | None = None


@attrs.frozen(kw_only=True)
class PunctualityDraft:
    """How duties are kept: all, those of a topic, single ones."""

    others: PunctualDraft
    topics: dict[str, PunctualDraft] = attrs.field(factory=dict)
    duties: dict[str, PunctualDraft] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class TriggerDraft:
    """What something follows: an event, or the entry into a state."""

    event: str = ""
    when: dict[str, Scalar | list[Scalar]] = attrs.field(factory=dict)
    without: list[str] = attrs.field(factory=list)
    takes: str = ""
    enters: list[str] = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class HappeningDraft:
    """Something that happens, or is done, although no duty asks for it."""

    says: str
    event: str
    when: dict[str, Scalar | list[Scalar]] = attrs.field(factory=dict)
    in_: list[str] = attrs.field(factory=lambda: ["on-plan"])
    each_month: FigureDraft | None = None
    follows: TriggerDraft | None = None
    at_age: int | None = None
    instead_of: str = ""
    chance: FigureDraft | None = None
    otherwise: str = ""
    days: DaysDraft | None = None
    unless_duty: bool | list[str] = False


@attrs.frozen(kw_only=True)
class ContentDraft:
    """A share of the events of a kind that say something else than at their best."""

    share: FigureDraft
    with_: dict[str, Scalar | list[Scalar]]
    says: str = ""


@attrs.frozen(kw_only=True)
class AttemptsDraft:
    """How often somebody tries what the rules refuse."""

    too_early: FigureDraft
    left_out: FigureDraft
    at_random: FigureDraft
    ending: FigureDraft


@attrs.frozen(kw_only=True)
class TeamDraft:
    """What one social worker can do, and whom first."""

    visits_per_day: FigureDraft
    meetings_per_day: FigureDraft
    absent: FigureDraft
    first: str
    takes_a_visit: list[str]
    takes_a_meeting: list[str]


@attrs.frozen(kw_only=True)
class ProfileDraft:
    """A behaviour profile, as its file has it."""

    profile: str
    says: str
    year: int
    opened: OpenedDraft
    child: ChildDraft
    punctuality: PunctualityDraft
    attempts: AttemptsDraft
    preparation: DaysDraft
    team: TeamDraft
    sources: dict[str, SourceDraft] = attrs.field(factory=dict)
    happenings: dict[str, HappeningDraft] = attrs.field(factory=dict)
    contents: dict[str, list[ContentDraft]] = attrs.field(factory=dict)
