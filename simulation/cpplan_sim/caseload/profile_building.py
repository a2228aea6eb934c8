"""From a profile's draft to its parts: children, punctuality, attempts, preparation, the team.

Happenings and contents are built in :mod:`cpplan_sim.caseload.profile_happenings`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import attrs

from cpplan.events import HarmCategory
from cpplan.reading import Document, InvalidFileError, KeyPath
from cpplan.structuring import enum_values, key_of, structure
from cpplan_sim.caseload.profile_checks import (
    A_DAY,
    CASES,
    DAYS,
    MONTHLY,
    SHARE,
    YEAR,
    Checks,
    Known,
    Limits,
)
from cpplan_sim.caseload.profile_drafts import (
    AttemptsDraft,
    BandDraft,
    ChildDraft,
    ProfileDraft,
    PunctualDraft,
    PunctualityDraft,
    TeamDraft,
)
from cpplan_sim.caseload.profile_figures import ROUNDING, Figures
from cpplan_sim.caseload.profile_happenings import Happenings
from cpplan_sim.caseload.profile_parts import (
    Attempts,
    Child,
    Content,
    Days,
    Figure,
    First,
    Happening,
    Punctual,
    Source,
    Team,
)

CATEGORIES = (*enum_values(HarmCategory), "multiple")
OLDEST = 18
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

PUNCTUAL: Mapping[str, Limits] = {
    "on_time": SHARE,
    "share_of_time": SHARE,
    "days_late": DAYS,
    "never": SHARE,
    "unstated_days": DAYS,
}

OTHERS = ""
"""Stands for all duties beside those of topics in :attr:`Parts.topics`."""


@attrs.frozen(kw_only=True)
class Parts:
    """The parts of a profile, checked.

    Attributes:
        draft: what the file says.
        topics, duties: the figures given for each; all five under :data:`OTHERS`.
        found: every figure by its path.
        places: the keys that lead to its number in the file.
    """

    draft: ProfileDraft
    sources: Mapping[str, Source]
    opened_per_month: float
    child: Child
    topics: Mapping[str, Mapping[str, float]]
    duties: Mapping[str, Mapping[str, float]]
    happenings: Mapping[str, Happening]
    contents: Mapping[str, tuple[Content, ...]]
    attempts: Attempts
    preparation: Days
    team: Team
    found: Mapping[str, Figure]
    places: Mapping[str, KeyPath]


def built(document: Document, known: Known) -> Parts:
    """Return the parts of a profile.

    Args:
        document: the profile.
        known: names that may stand in it beside those of the shipped packs.

    Raises:
        InvalidFileError: with every mistake in it, each with its file, line and column.
    """
    draft = structure(document, ProfileDraft)
    checks = Checks(document, draft.sources, known)
    parts = _Building(checks).parts(draft)
    if checks.problems:
        raise InvalidFileError(checks.problems)
    return parts


class _Building:
    """Builds the parts of one profile, and collects what is wrong."""

    def __init__(self, checks: Checks) -> None:
        self.checks = checks
        self.figures = Figures(checks)

    def parts(self, draft: ProfileDraft) -> Parts:
        self._check_names(draft)
        happenings = Happenings(self.checks, self.figures)
        topics, duties = self._punctuality(draft.punctuality)
        return Parts(
            draft=draft,
            sources={
                name: Source(name, source.table, source.year, source.says)
                for name, source in draft.sources.items()
            },
            opened_per_month=self.figures.figure(
                draft.opened.per_month, ("opened", "per-month"), CASES
            ),
            child=self._child(draft.child),
            topics=topics,
            duties=duties,
            happenings=happenings.happenings(draft.happenings),
            contents=happenings.contents(draft.contents),
            attempts=self._attempts(draft.attempts),
            preparation=self.figures.days(draft.preparation, ("preparation",)),
            team=self._team(draft.team),
            found=self.figures.found,
            places=self.figures.places,
        )

    def _check_names(self, draft: ProfileDraft) -> None:
        self.checks.number(draft.year, ("year",), YEAR)
        for name, source in draft.sources.items():
            self.checks.number(source.year, ("sources", name, "year"), YEAR)
        for key in ("sources", "happenings"):
            for name in getattr(draft, key):
                if not NAME.fullmatch(name):
                    hint = "use small letters, digits and hyphens"
                    self.checks.note((key, name), f"{name!r} is no name", hint)

    def _child(self, draft: ChildDraft) -> Child:
        self._check_bands(draft.ages.bands)
        for name in draft.categories.shares:
            path = ("child", "categories", "shares", name)
            self.checks.named(name, CATEGORIES, path, "category")
        siblings = self.figures.shares(draft.siblings, ("child", "siblings"))
        return Child(
            ages=self.figures.bands(draft.ages, ("child", "ages")),
            unborn=self.figures.figure(draft.unborn, ("child", "unborn")),
            categories=self.figures.shares(draft.categories, ("child", "categories")),
            siblings=dict(self._numbered(siblings)),
            earlier_plan=self.figures.figure(draft.earlier_plan, ("child", "earlier-plan")),
            birth_recorded=self.figures.figure(draft.birth_recorded, ("child", "birth-recorded")),
        )

    def _check_bands(self, bands: list[BandDraft]) -> None:
        path = ("child", "ages", "bands")
        for index, band in enumerate(bands):
            if not 0 <= band.from_ < band.to <= OLDEST:
                hint = f"go up from one birthday to a later one, at most the {OLDEST}th"
                self.checks.note((*path, index), "is no band of ages", hint)
            for other in bands[:index]:
                if band.from_ < other.to and other.from_ < band.to:
                    told = f"overlaps the band from {other.from_} to {other.to}"
                    self.checks.note((*path, index), told, "to is not part of a band")

    def _numbered(self, shares: Mapping[str, float]) -> Iterator[tuple[int, float]]:
        for name, share in shares.items():
            if re.fullmatch("[1-9][0-9]?", name):
                yield int(name), share
            else:
                path = ("child", "siblings", "shares", name)
                self.checks.note(path, f"{name!r} is no number of children", 'write "1", "2" ...')

    def _punctuality(
        self, draft: PunctualityDraft
    ) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
        path = ("punctuality",)
        topics = {OTHERS: self._given(draft.others, (*path, "others"))}
        duties = {}
        for name in PUNCTUAL.keys() - topics[OTHERS].keys():
            self.checks.note((*path, "others"), f"the key {key_of(name)!r} is missing")
        for name, one in draft.topics.items():
            self.checks.topic(name, (*path, "topics", name))
            topics[name] = self._given(one, (*path, "topics", name))
            self._check_punctual({**topics[OTHERS], **topics[name]}, (*path, "topics", name))
        for name, one in draft.duties.items():
            self.checks.duty(name, (*path, "duties", name))
            duties[name] = self._given(one, (*path, "duties", name))
            of_topic = topics.get(self.checks.known.topic_of(name), {})
            whole = {**topics[OTHERS], **of_topic, **duties[name]}
            self._check_punctual(whole, (*path, "duties", name))
        self._check_punctual(topics[OTHERS], (*path, "others"))
        return topics, duties

    def _given(self, draft: PunctualDraft, path: KeyPath) -> dict[str, float]:
        return {
            name: self.figures.figure(figure, (*path, key_of(name)), limits)
            for name, limits in PUNCTUAL.items()
            if (figure := getattr(draft, name)) is not None
        }

    def _check_punctual(self, figures: Mapping[str, float], path: KeyPath) -> None:
        total = figures.get("on_time", 0) + figures.get("never", 0)
        if total > 1 + ROUNDING:
            told = f"on-time and never add up to {total:.6g}, which is more than 1"
            self.checks.note(path, told)

    def _attempts(self, draft: AttemptsDraft) -> Attempts:
        path = ("attempts",)
        return Attempts(
            too_early=self.figures.figure(draft.too_early, (*path, "too-early")),
            left_out=self.figures.figure(draft.left_out, (*path, "left-out")),
            at_random=self.figures.figure(draft.at_random, (*path, "at-random"), MONTHLY),
            ending=self.figures.figure(draft.ending, (*path, "ending")),
        )

    def _team(self, draft: TeamDraft) -> Team:
        path = ("team",)
        for key in ("takes-a-visit", "takes-a-meeting"):
            for index, kind in enumerate(getattr(draft, key.replace("-", "_"))):
                self.checks.event(kind, (*path, key, index))
        for index, kind in enumerate(draft.takes_a_meeting):
            if kind in draft.takes_a_visit:
                told = f"{kind} takes the time of a visit already"
                self.checks.note((*path, "takes-a-meeting", index), told, "keep it in one list")
        rules = enum_values(First)
        known = self.checks.named(draft.first, rules, (*path, "first"), "rule of who is first")
        return Team(
            visits_per_day=self.figures.figure(
                draft.visits_per_day, (*path, "visits-per-day"), A_DAY
            ),
            meetings_per_day=self.figures.figure(
                draft.meetings_per_day, (*path, "meetings-per-day"), A_DAY
            ),
            absent=self.figures.figure(draft.absent, (*path, "absent")),
            first=First(draft.first) if known else First.MOST_OVERDUE,
            takes_a_visit=tuple(draft.takes_a_visit),
            takes_a_meeting=tuple(draft.takes_a_meeting),
        )


def punctual(topic: Mapping[str, float], duty: Mapping[str, float], parts: Parts) -> Punctual:
    """Return how a duty is kept, each figure from the duty, else the topic, else the others."""
    return Punctual(**{**parts.topics[OTHERS], **topic, **duty})
