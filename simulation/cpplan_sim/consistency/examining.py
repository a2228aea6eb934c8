"""Examining a procedure: every opening, each duty on its own, then all that stand together.

Begin here: :func:`examine`. What it judges and what it leaves out is told in
``docs/choices/deadlines.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from cpplan import Procedure
from cpplan.clauses import Strength
from cpplan_sim.consistency.cells import TooManyCellsError
from cpplan_sim.consistency.findings import Consistency, Contradiction, Counts, Margin
from cpplan_sim.consistency.judging import Certainty, Judged, judge, squeezed
from cpplan_sim.consistency.lengths import OutsideTableError
from cpplan_sim.consistency.margins import margin
from cpplan_sim.consistency.networks import Network, Side
from cpplan_sim.consistency.openings import openings
from cpplan_sim.consistency.scopes import Owed, Scope, is_dated
from cpplan_sim.consistency.showing import Shown, show
from cpplan_sim.consistency.ways import TooManyWaysError, Way

_TOO_MUCH = (TooManyCellsError, TooManyWaysError, OutsideTableError)
_GIVES_WAY = (Strength.MAY, Strength.SHOULD, Strength.MUST, Strength.FACT)
"""Of the duties of a contradiction, the weakest is set aside before others are looked for."""


def examine(procedure: Procedure) -> Consistency:
    """Examine whether the dated duties of a procedure can be met in time, alone and together.

    Args:
        procedure: whose duties, rules and calendar.
    """
    return _Examination(procedure).result()


class _Examination:
    """Looks at one opening after another and gathers what it finds."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.contradictions: list[Contradiction] = []
        self.margins: dict[str, Margin] = {}
        self.undecided: list[str] = []
        self.pairs: set[frozenset[str]] = set()
        calendar = procedure.calendar
        self.first, self.last = calendar.first, calendar.last
        duties = procedure.duties.values()
        unchosen = [d for d in duties if d.value is not None and d.value.amount is None]
        dated = [duty for duty in duties if is_dated(duty)]
        self.counts = Counts(
            duties=len(duties),
            dated=len(dated),
            unstated=len(duties) - len(dated) - len(unchosen),
            unchosen=len(unchosen),
            dates=(self.last - self.first).days + 1,
        )

    def result(self) -> Consistency:
        try:
            for opening in openings(self.procedure):
                self._look_at(Scope(opening))
        except TooManyCellsError as error:
            self.undecided.append(f"Not looked at to the end: {error}.")
        for duty in self.procedure.duties.values():
            if is_dated(duty) and duty.id not in self.margins:
                self._undecided(duty.id, "no history was found in which it is opened and dated")
        return Consistency(
            procedure=self.procedure,
            contradictions=tuple(self.contradictions),
            margins=tuple(self.margins[n] for n in self.procedure.duties if n in self.margins),
            undecided=tuple(dict.fromkeys(self.undecided)),
            counts=attrs.evolve(self.counts, pairs=len(self.pairs)),
        )

    def _undecided(self, what: str, why: object) -> None:
        self.undecided.append(f"Undecided on {what}: {why}.")

    def _count(self, **more: int) -> None:
        old = {name: getattr(self.counts, name) for name in more}
        evolved = {name: old[name] + number for name, number in more.items()}
        self.counts = attrs.evolve(self.counts, **evolved)

    def _look_at(self, scope: Scope) -> None:
        self._count(openings=1)
        together = [owed for owed in scope.roots if self._look_alone(scope, owed)]
        if not scope.opening.renews:
            self._look_together(scope, together)

    def _look_alone(self, scope: Scope, owed: Owed) -> bool:
        """Look at one duty, and return whether it can be met in time from every start date."""
        if not owed.dated:
            return True
        judged = self._judged(scope, [owed])
        if judged is None:
            return False
        self._margin(scope, owed)
        if judged.certainty is Certainty.NONE:
            return True
        if judged.certainty is Certainty.UNDECIDED:
            self._undecided(owed.duty.id, "the calendar's table is too short")
            return False
        self._contradicts(scope, judged, {owed.duty.id})
        return False

    def _look_together(self, scope: Scope, roots: Sequence[Owed]) -> None:
        left = list(roots)
        while True:
            owed = [o for o in scope.chained(left) if o.dated or o.duty.due_at]
            dated = [one for one in owed if one.dated]
            if len(owed) < 2 or not dated:
                return
            judged = self._judged(scope, owed)
            if judged is None:
                return
            self.pairs |= {
                frozenset({one.duty.id, other.duty.id})
                for one in dated
                for other in owed
                if one.duty.id != other.duty.id
            }
            if judged.certainty is Certainty.NONE:
                return
            if judged.certainty is Certainty.UNDECIDED:
                names = ", ".join(one.duty.id for one in owed)
                self._undecided(f"{names} together", "the calendar's table is too short")
                return
            duties = {bound.duty for way in judged.conflicts for bound in way if bound.duty}
            self._contradicts(scope, judged, duties)
            left = self._less(left, duties)

    def _less(self, left: Sequence[Owed], duties: Iterable[str]) -> list[Owed]:
        """Return the duties without the weakest in a contradiction, or without its opener."""
        weakest = sorted(
            (owed for owed in left if owed.duty.id in duties),
            key=lambda owed: _GIVES_WAY.index(owed.duty.strength),
        )
        gone = weakest[0] if weakest else left[-1]
        return [owed for owed in left if owed is not gone]

    def _judged(self, scope: Scope, owed: Sequence[Owed]) -> Judged | None:
        try:
            networks = scope.networks(owed)
            judged = judge(networks, self.first, self.last)
        except _TOO_MUCH as error:
            self._undecided(", ".join(one.duty.id for one in owed), error)
            return None
        self._counted(networks, judged)
        return judged

    def _counted(self, networks: Sequence[Network], judged: Judged) -> None:
        bounds = [bound for network in networks for bound in network.bounds]
        limits = [bound for bound in bounds if bound.duty]
        waits = [bound for bound in bounds if bound.weighs]
        self._count(
            networks=len(networks),
            limits=len(set(limits)),
            waits=len(set(waits)),
            orders=len({b for b in bounds if b.side is Side.AT_LEAST and not b.weighs}),
            by_date=len(networks) if judged.by_date else 0,
        )

    def _margin(self, scope: Scope, owed: Owed) -> None:
        found = margin(scope, owed, self.first, self.last)
        known = self.margins.get(owed.duty.id)
        if known is not None:
            kinds = tuple(dict.fromkeys((*known.openings, *found.openings)))
            worse = found.days is not None and (known.days is None or found.days < known.days)
            found = attrs.evolve(found if worse else known, openings=kinds)
        self.margins[owed.duty.id] = found

    def _contradicts(self, scope: Scope, judged: Judged, duties: set[str]) -> None:
        """Note a contradiction; one that is known from another state only gets the state added."""
        ways = _different(judged.conflicts)
        state = scope.opening.edge.source
        for number, known in enumerate(self.contradictions):
            same = {duty.id for duty in known.duties} == duties
            if same and known.opening == _kind(scope) and _said(known.ways) == _said(ways):
                states = tuple(dict.fromkeys((*known.states, state)))
                self.contradictions[number] = attrs.evolve(known, states=states)
                return
        roots = frozenset(owed.duty.id for owed in scope.roots) & duties
        shown = show(self.procedure, scope.opening, roots, judged.on or self.first)
        later = judged.later
        if shown.why and shown.possible and later is not None:
            judged = attrs.evolve(judged, on=later)
            shown = show(self.procedure, scope.opening, roots, later)
        if shown.possible and shown.why:
            told = "; ".join(sorted({bound.says for way in ways for bound in way}))
            self._undecided(
                f"{', '.join(sorted(duties))} after {scope.origin} in {state}",
                f"these clash ({told}), but no history was found that opens them: {shown.why}",
            )
        elif shown.possible:
            self.contradictions.append(self._told(scope, judged, duties, ways, shown))

    def _told(
        self, scope: Scope, judged: Judged, duties: set[str], ways: tuple[Way, ...], shown: Shown
    ) -> Contradiction:
        return Contradiction(
            certainty=judged.certainty,
            duties=tuple(d for d in self.procedure.duties.values() if d.id in duties),
            opening=_kind(scope),
            states=(scope.opening.edge.source,),
            first=not scope.opening.renews,
            ways=ways,
            on=judged.on,
            squeezed=squeezed(scope.origin, ways[0], judged.on) if ways and judged.on else None,
            failing=judged.failing,
            tried=judged.tried,
            history=shown.history,
            due=shown.due,
        )


def _kind(scope: Scope) -> str:
    return scope.opening.edge.rule.match.event


def _said(ways: Iterable[Way]) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(bound.says for bound in way) for way in ways)


def _different(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Return ways of which no two say the same, as two rules that ask the same do."""
    found: dict[frozenset[str], Way] = {}
    for way in ways:
        found.setdefault(frozenset(bound.says for bound in way), way)
    return tuple(found.values())
