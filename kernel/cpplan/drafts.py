"""The shape of a pack's files, before anything in them is checked against anything else.

The published JSON Schema is made from these classes, so a key that stands here may stand in a
file and no other may. In a file a name is written with hyphens: ``read_as`` is ``read-as``. A
trailing underscore is dropped: ``is_`` is ``is``.
"""

from __future__ import annotations

import datetime as dt

import attrs

Scalar = bool | int | str
NOTING = "noting"
"""The topic of what is only written down, which no source has to speak of."""
UNSTATED = "unstated"
"""In the place of a duty's figure: the source gives none."""


def _empty() -> dict[str, str]:
    return {}


@attrs.frozen(kw_only=True)
class ValueDraft:
    """One figure, with its unit and where it comes from; ``is: null`` is a setting not chosen."""

    is_: int | None
    unit: str
    says: str
    read_as: str = ""
    origin: str = "own"
    cites: list[str] = attrs.field(factory=list)
    why: str = ""


@attrs.frozen(kw_only=True)
class WithinDraft:
    """A date no later than a value after a step."""

    value: str
    of: str


@attrs.frozen(kw_only=True)
class CoversDraft:
    """The field of an earlier event whose every item has to stand in this one."""

    event: str
    field: str


@attrs.frozen(kw_only=True)
class TestDraft:
    """A test on one field of an event, or on any one of several."""

    field: str = ""
    given: bool | None = None
    is_: Scalar | None = None
    is_not: Scalar | None = None
    in_: list[Scalar] = attrs.field(factory=list)
    includes: list[Scalar] = attrs.field(factory=list)
    at_most: int | str | None = None
    at_least: int | str | None = None
    any_: list[TestDraft] = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class NeedDraft:
    """What must hold before a rule applies, and the clauses that ask for it."""

    step: str = ""
    without: str = ""
    by: list[str] = attrs.field(factory=list)
    after: str = ""
    from_: str = ""
    of: str = ""
    field: str = ""
    given: bool | None = None
    is_: Scalar | None = None
    is_not: Scalar | None = None
    in_: list[Scalar] = attrs.field(factory=list)
    includes: list[Scalar] = attrs.field(factory=list)
    at_most: int | str | None = None
    at_least: int | str | None = None
    within: WithinDraft | None = None
    covers: CoversDraft | None = None
    any_: list[NeedDraft] = attrs.field(factory=list)
    code: str = ""
    says: str = ""
    cites: list[str] = attrs.field(factory=list)
    why: str = ""


@attrs.frozen(kw_only=True)
class SetDraft:
    """A step to set, dated by a field of the event instead of by the event itself."""

    step: str
    on_field: str


@attrs.frozen(kw_only=True)
class RuleDraft:
    """How the lifecycle moves when an event is recorded; or what a pack adds to a shared rule."""

    says: str = ""
    topic: str = ""
    event: str = ""
    when: dict[str, Scalar | list[Scalar]] = attrs.field(factory=dict)
    from_: list[str] = attrs.field(factory=list)
    to: str = ""
    given: list[str] = attrs.field(factory=list)
    given_any: list[str] = attrs.field(factory=list)
    given_none: list[str] = attrs.field(factory=list)
    stays_while: list[str] = attrs.field(factory=list)
    needs: list[NeedDraft] = attrs.field(factory=list)
    sets: list[str | SetDraft] = attrs.field(factory=list)
    clears: list[str] = attrs.field(factory=list)
    always: bool = False
    whole: bool = False
    like: str = ""
    origin: str = ""
    cites: list[str] = attrs.field(factory=list)
    why: str = ""


@attrs.frozen(kw_only=True)
class MatchDraft:
    """An event that counts: its kind, its fields, and for a duty the step that it takes."""

    event: str
    when: dict[str, Scalar | list[Scalar]] = attrs.field(factory=dict)
    where: list[TestDraft] = attrs.field(factory=list)
    on_field: str = ""
    takes: str = ""


@attrs.frozen(kw_only=True)
class AgreedDraft:
    """A field by which people agree a figure of their own for a duty."""

    event: str
    field: str


@attrs.frozen(kw_only=True)
class DutyDraft:
    """A dated obligation: what opens it, by when, and what meets it."""

    says: str
    topic: str
    strength: str
    owed_by: list[str] = attrs.field(factory=list)
    opens: list[MatchDraft] = attrs.field(factory=list)
    expected: list[MatchDraft] = attrs.field(factory=list)
    within: str = ""
    every: str = ""
    before: str = ""
    due_at: list[MatchDraft] = attrs.field(factory=list)
    met_by: list[MatchDraft] = attrs.field(factory=list)
    until: list[MatchDraft] = attrs.field(factory=list)
    agreed: list[AgreedDraft] = attrs.field(factory=list)
    for_field: str = ""
    outlives_plan: bool = False
    earlier_counts: bool = False
    origin: str = "own"
    cites: list[str] = attrs.field(factory=list)
    why: str = ""


@attrs.frozen(kw_only=True)
class AtomDraft:
    """Something that a history shows: an event, a state entered or left, or any one of several."""

    event: str = ""
    when: dict[str, Scalar | list[Scalar]] = attrs.field(factory=dict)
    where: list[TestDraft] = attrs.field(factory=list)
    enters: list[str] = attrs.field(factory=list)
    leaves: list[str] = attrs.field(factory=list)
    on_field: str = ""
    any_: list[AtomDraft] = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class CoveringDraft:
    """A list in the later event of a requirement that has to hold all of one in the earlier."""

    field: str
    of: str


@attrs.frozen(kw_only=True)
class RequirementDraft:
    """What no path may skip, by one of the DECLARE templates, or what must be possible."""

    says: str
    topic: str
    template: str
    first: AtomDraft | None = None
    then: AtomDraft | None = None
    until: AtomDraft | None = None
    each: list[AtomDraft] = attrs.field(factory=list)
    in_: list[str] = attrs.field(factory=list)
    after: str = ""
    not_before: str = ""
    within: str = ""
    covers: CoveringDraft | None = None
    origin: str = "own"
    cites: list[str] = attrs.field(factory=list)
    why: str = ""


@attrs.frozen(kw_only=True)
class RecordDraft:
    """A field that is wanted with an event; its absence is told, and blocks nothing."""

    field: str
    cites: list[str]
    when: dict[str, Scalar | list[Scalar]] = attrs.field(factory=dict)
    given: list[str] = attrs.field(factory=list)
    given_none: list[str] = attrs.field(factory=list)
    optional: bool = False


@attrs.frozen(kw_only=True)
class TallyDraft:
    """Events counted in a row, for each value of a field, until another event resets them."""

    says: str
    counts: MatchDraft
    per: str
    resets: MatchDraft
    resets_per: str
    reaches: str
    at: int
    cites: list[str] = attrs.field(factory=list)


@attrs.frozen(kw_only=True)
class PackDraft:
    """``pack.yaml``: what a procedure is, its figures, where it is silent and what is excused."""

    pack: str
    title: str
    edition: str
    jurisdiction: str
    says: str
    based_on: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    calendar: str = ""
    sources: list[str] = attrs.field(factory=list)
    values: dict[str, ValueDraft] = attrs.field(factory=dict)
    steps: dict[str, str] = attrs.field(factory=_empty)
    silent: dict[str, str] = attrs.field(factory=_empty)
    excused: dict[str, str] = attrs.field(factory=_empty)


@attrs.frozen(kw_only=True)
class RulesDraft:
    """``rules.yaml``: how the lifecycle moves."""

    rules: dict[str, RuleDraft]


@attrs.frozen(kw_only=True)
class DutiesDraft:
    """``duties.yaml``: what falls due."""

    duties: dict[str, DutyDraft]


@attrs.frozen(kw_only=True)
class RecordsDraft:
    """``records.yaml``: what is to be written down with each event."""

    records: dict[str, list[RecordDraft]]


@attrs.frozen(kw_only=True)
class RequirementsDraft:
    """``requirements.yaml``: what no path may skip, written from the clauses, not the rules."""

    requirements: dict[str, RequirementDraft]


@attrs.frozen(kw_only=True)
class LifecycleDraft:
    """``lifecycle.yaml``: topics, steps, tallies, rules and requirements shared by all packs."""

    topics: dict[str, str]
    steps: dict[str, str]
    tallies: dict[str, TallyDraft]
    rules: dict[str, RuleDraft]
    noted: dict[str, list[str]]
    requirements: dict[str, RequirementDraft] = attrs.field(factory=dict)
