"""From drafts to happenings and contents: what happens on its own, and what events then say.

Notes what can't be: a happening with no timing or with several, one in whose place nothing comes,
shares that come to more than the whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from cpplan.events import KINDS
from cpplan.reading import KeyPath
from cpplan.structuring import key_of
from cpplan_sim.caseload.profile_checks import AGE, MONTHLY, Checks
from cpplan_sim.caseload.profile_drafts import (
    ContentDraft,
    FigureDraft,
    HappeningDraft,
    TriggerDraft,
)
from cpplan_sim.caseload.profile_figures import ROUNDING, Figures
from cpplan_sim.caseload.profile_parts import Content, Days, Happening, Trigger

TIMINGS = ("each_month", "follows", "at_age", "instead_of")
MEANT_WITH = {
    "chance": ("follows", "at_age", "instead_of"),
    "otherwise": ("follows",),
    "days": ("follows", "at_age"),
}
"""The timings with which a key means something; with another it would be lost."""


class Happenings:
    """Builds the happenings and the contents of one profile."""

    def __init__(self, checks: Checks, figures: Figures) -> None:
        """Build with the checks and the figures of the profile."""
        self.checks = checks
        self.figures = figures

    def happenings(self, drafts: Mapping[str, HappeningDraft]) -> dict[str, Happening]:
        """Return the happenings by name, in the order of the file."""
        found = {}
        for name, draft in drafts.items():
            path = ("happenings", name)
            found[name] = self._happening(name, draft, path)
            self._check_timing(draft, path)
            if draft.otherwise:
                self._check_otherwise(name, drafts, (*path, "otherwise"))
        return found

    def _happening(self, name: str, draft: HappeningDraft, path: KeyPath) -> Happening:
        known = self.checks.event(draft.event, (*path, "event"))
        if draft.instead_of:
            self.checks.event(draft.instead_of, (*path, "instead-of"))
        if draft.at_age is not None:
            self.checks.number(draft.at_age, (*path, "at-age"), AGE)
        return Happening(
            id=name,
            says=draft.says,
            event=draft.event,
            when=self.checks.said(draft.event, draft.when, (*path, "when")) if known else {},
            states=self.checks.states(draft.in_, (*path, "in")),
            each_month=self._each_month(draft.each_month, (*path, "each-month")),
            follows=self._trigger(draft.follows, (*path, "follows")),
            at_age=draft.at_age,
            instead_of=draft.instead_of,
            chance=self._chance(draft, (*path, "chance")),
            otherwise=draft.otherwise,
            days=self.figures.days(draft.days, (*path, "days")) if draft.days else Days(),
            unless_duty=bool(draft.unless_duty),
            opened_by=self._opened_by(draft.unless_duty, (*path, "unless-duty")),
        )

    def _opened_by(self, kinds: bool | list[str], path: KeyPath) -> tuple[str, ...]:
        if isinstance(kinds, bool):
            return ()
        for index, kind in enumerate(kinds):
            self.checks.event(kind, (*path, index))
        return tuple(kinds)

    def _each_month(self, draft: FigureDraft | None, path: KeyPath) -> float | None:
        return None if draft is None else self.figures.figure(draft, path, MONTHLY)

    def _chance(self, draft: HappeningDraft, path: KeyPath) -> tuple[float, ...]:
        if draft.chance is None:
            return (1.0,)
        chances = self.figures.list_of(draft.chance, path)
        if len(chances) > 1 and draft.follows is None:
            hint = "only with follows can it change from one time to the next"
            self.checks.note(path, "has several chances", hint)
        return chances

    def _trigger(self, draft: TriggerDraft | None, path: KeyPath) -> Trigger | None:
        if draft is None:
            return None
        if bool(draft.event) is bool(draft.enters):
            told = "follows both an event and a state" if draft.event else "follows nothing"
            self.checks.note(path, told, "give event, or enters")
        if draft.enters and (draft.when or draft.without or draft.takes):
            self.checks.note(path, "when, without and takes are about an event", "give event")
        if draft.takes:
            self.checks.step(draft.takes, (*path, "takes"))
        known = bool(draft.event) and self.checks.event(draft.event, (*path, "event"))
        for index, name in enumerate(draft.without if known else ()):
            self.checks.field(draft.event, name, (*path, "without", index))
        when = (*path, "when")
        return Trigger(
            event=draft.event,
            when=self.checks.matched(draft.event, draft.when, when) if known else {},
            without=tuple(draft.without),
            takes=draft.takes,
            enters=self.checks.states(draft.enters, (*path, "enters")),
        )

    def _check_timing(self, draft: HappeningDraft, path: KeyPath) -> None:
        given = [name for name in TIMINGS if getattr(draft, name) not in (None, "")]
        if len(given) != 1:
            keys = ", ".join(map(key_of, given))
            told = f"has more than one timing: {keys}" if given else "has no timing"
            self.checks.note(path, told, f"give one of {', '.join(map(key_of, TIMINGS))}")
            return
        for name, timings in MEANT_WITH.items():
            if getattr(draft, name) and given[0] not in timings:
                hint = f"it goes with {' or '.join(map(key_of, timings))}"
                told = f"{name!r} means nothing beside {key_of(given[0])!r}"
                self.checks.note((*path, name), told, hint)
        if given == ["instead_of"] and draft.chance is None:
            told = f"would always come in the place of {draft.instead_of}"
            self.checks.note(path, told, "give chance")
        if not draft.in_:
            self.checks.note((*path, "in"), "is in no state, so it never happens")

    def _check_otherwise(
        self, name: str, drafts: Mapping[str, HappeningDraft], path: KeyPath
    ) -> None:
        draft, other = drafts[name], drafts.get(drafts[name].otherwise)
        if other is None:
            self.checks.named(draft.otherwise, drafts, path, "happening")
        elif other is draft:
            self.checks.note(path, "comes in its own place", "name another happening")
        elif other.follows != draft.follows:
            told = f"{draft.otherwise!r} does not follow the same"
            self.checks.note(path, told, "give both the same follows")
        elif other.otherwise:
            told = f"{draft.otherwise!r} itself comes in the place of {other.otherwise!r}"
            self.checks.note(path, told, "name a happening with a chance of its own")
        elif draft.chance is not None:
            told = f"has a chance, although it happens when {draft.otherwise!r} does not"
            self.checks.note((*path[:-1], "chance"), told, "leave the chance out")

    def contents(self, drafts: Mapping[str, list[ContentDraft]]) -> dict[str, tuple[Content, ...]]:
        """Return what the events of each kind say that are not at their best."""
        found = {}
        for kind, several in drafts.items():
            path = ("contents", kind)
            if self.checks.named(kind, KINDS, path, "event"):
                found[kind] = tuple(
                    self._content(kind, draft, (*path, index))
                    for index, draft in enumerate(several)
                )
                self._check_shares(found[kind], path)
        return found

    def _content(self, kind: str, draft: ContentDraft, path: KeyPath) -> Content:
        return Content(
            share=self.figures.figure(draft.share, (*path, "share")),
            with_=self.checks.said(kind, draft.with_, (*path, "with")),
            says=draft.says,
        )

    def _check_shares(self, contents: tuple[Content, ...], path: KeyPath) -> None:
        total = sum(content.share for content in contents)
        if total > 1 + ROUNDING:
            self.checks.note(path, f"the shares add up to {total:.6g}, which is more than 1")
