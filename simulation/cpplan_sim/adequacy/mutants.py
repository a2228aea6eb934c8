"""Mutants: a procedure with one thing taken out of its rules, by one operator.

Each mutant is a procedure of its own; the one given stays as it was. Here nothing is judged. A rule
that its pack states once for two ways on, alone or with other difficulties open, loses the thing in
both: that is one mutant, as it would be one mistake.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from functools import cached_property, partial

import attrs

from cpplan import Procedure
from cpplan.fields import includes
from cpplan.needs import (
    AnyNeed,
    CoversNeed,
    EarliestNeed,
    FieldNeed,
    LatestFieldNeed,
    Need,
    NoStepNeed,
    RoleNeed,
    StepNeed,
)
from cpplan.rules import OTHERS_OPEN, Rule
from cpplan_sim.adequacy.wording import told

Change = Callable[[Rule], Rule]


class Operator(enum.StrEnum):
    """What is taken out, in the order of the table."""

    STEP = "needed step"
    FORBIDDEN = "forbidden step"
    ROLE = "role condition"
    FIELD = "field condition"
    ITEM = "item of a list asked for"
    COVERS = "cover of an earlier list"
    LATEST = "latest date"
    SET = "set of alternatives"
    ALTERNATIVE = "one alternative"
    PERIOD = "earliest date, in whole"
    SHORTER = "earliest date, one unit"
    ON_THE_DAY = "earliest date, its last day"
    ROUTE = "condition of a route"
    CLEARING = "clearing"
    SOURCE = "source state"


TAKES_AWAY = frozenset({Operator.ALTERNATIVE, Operator.SOURCE})
"""Operators that leave less to be done: such a mutant does nothing that the procedure can't."""

MAY_TAKE_AWAY = TAKES_AWAY | {Operator.ROUTE, Operator.CLEARING}
"""With those that can close one way and open another. All others only ever let more through."""


@attrs.frozen(slots=False)
class Mutant:
    """A procedure with one thing taken out.

    Attributes:
        procedure: the whole procedure.
        operator: what kind of thing is taken out.
        rules: the rules that lose it, two where the pack states one for two ways on.
        what: the thing, in words.
        cites: the clauses that the thing stands on; those of the rule if it has none of its own.
        why: the reason given for it, where no clause is cited.
        change: takes it out of one rule.
        need: the need that is dropped or changed, if it is one.
        instead: what is needed in its place, if anything.
        step: the step that a route asks for or that is no longer cleared, if it is one.
        source: the source state, if it is one.
    """

    procedure: Procedure = attrs.field(repr=False)
    operator: Operator
    rules: tuple[str, ...]
    what: str
    cites: tuple[str, ...]
    why: str
    change: Change = attrs.field(repr=False, eq=False)
    need: Need | None = None
    instead: tuple[Need, ...] = ()
    step: str = ""
    source: str = ""

    @property
    def rule(self) -> Rule:
        """The rule that loses it, as it was; the first where there are two."""
        return self.procedure.rules[self.rules[0]]

    @property
    def name(self) -> str:
        """A name that no other mutant of the procedure has."""
        return f"{self.rules[0]}: {self.operator}: {self.what}"

    @cached_property
    def broken(self) -> Procedure:
        """The procedure without the thing, with a digest of its own."""
        rules = dict(self.procedure.rules)
        for name in self.rules:
            rules[name] = self.change(rules[name])
        digest = f"{self.procedure.digest} {self.name}"
        return attrs.evolve(self.procedure, rules=rules, digest=digest)


def mutants_of(procedure: Procedure) -> tuple[Mutant, ...]:
    """Return every mutant of a procedure, rule by rule."""
    return tuple(
        mutant
        for rule in procedure.rules.values()
        if not _is_half(rule, procedure)
        for mutant in _Maker(procedure, rule).mutants()
    )


def _is_half(rule: Rule, procedure: Procedure) -> bool:
    """Return whether a rule is the second half of one that its pack states once."""
    whole = rule.id.removesuffix(OTHERS_OPEN)
    return whole != rule.id and whole in procedure.rules


class _Maker:
    """Makes the mutants of one rule, and of its half for when others are open."""

    def __init__(self, procedure: Procedure, rule: Rule) -> None:
        both = (rule.id, rule.id + OTHERS_OPEN)
        self.procedure = procedure
        self.rule = rule
        self.rules = tuple(name for name in both if name in procedure.rules)

    def mutants(self) -> Iterator[Mutant]:
        for number, need in enumerate(self.rule.needs):
            yield from self._of_need(number, need)
        yield from self._routes()
        for step in sorted(self.rule.clears):
            yield self._mutant(
                Operator.CLEARING,
                f"no longer clears {step}",
                _less("clears", step),
                step=step,
            )
        for source in self._sources():
            yield self._mutant(
                Operator.SOURCE,
                f"no longer applies in {source}",
                _less("sources", source),
                source=source,
            )

    def _sources(self) -> list[str]:
        """Return the states from which the procedure has an edge of the rule."""
        return list(
            dict.fromkeys(e.source for e in self.procedure.edges if e.rule.id in self.rules)
        )

    def _mutant(
        self,
        operator: Operator,
        what: str,
        change: Change,
        *,
        need: Need | None = None,
        instead: tuple[Need, ...] = (),
        step: str = "",
        source: str = "",
    ) -> Mutant:
        rule = self.rule
        own = need is not None and (need.cites or need.why)
        return Mutant(
            procedure=self.procedure,
            operator=operator,
            rules=self.rules,
            what=what,
            cites=need.cites if own and need is not None else rule.cites,
            why=need.why if own and need is not None else rule.why,
            change=change,
            need=need,
            instead=instead,
            step=step,
            source=source,
        )

    # Needs

    def _of_need(self, number: int, need: Need) -> Iterator[Mutant]:
        if isinstance(need, EarliestNeed):
            yield from self._loosened(number, need, need, lambda loose: loose)
            return
        yield self._needing(_DROPPED[type(need)], number, f"without {told(need)}", (), need)
        if isinstance(need, FieldNeed) and need.test.operator == "includes":
            yield from self._items(number, need)
        if isinstance(need, AnyNeed):
            yield from self._alternatives(number, need)

    def _needing(
        self, operator: Operator, number: int, what: str, instead: tuple[Need, ...], need: Need
    ) -> Mutant:
        """Return the mutant that needs something else, or nothing, in place of one need."""

        def change(rule: Rule) -> Rule:
            needs = (*rule.needs[:number], *instead, *rule.needs[number + 1 :])
            return attrs.evolve(rule, needs=needs)

        return self._mutant(operator, what, change, need=need, instead=instead)

    def _items(self, number: int, need: FieldNeed) -> Iterator[Mutant]:
        """Return, for a list that has to include several things, each of them left out."""
        items = need.test.operand
        for item in items if len(items) > 1 else ():
            rest = tuple(one for one in items if one != item)
            what = f"without {item} in {told(need)}"
            less = _including(need, rest)
            yield self._needing(Operator.ITEM, number, what, (less,), need)

    def _alternatives(self, number: int, need: AnyNeed) -> Iterator[Mutant]:
        for place, one in enumerate(need.needs):
            others = (*need.needs[:place], *need.needs[place + 1 :])
            if others:
                less = attrs.evolve(need, needs=others)
                what = f"without the way {place + 1}, {told(one)}, of {told(need)}"
                yield self._needing(Operator.ALTERNATIVE, number, what, (less,), need)
            if isinstance(one, EarliestNeed):

                def inside(loose: Need, place: int = place) -> Need:
                    ways = (*need.needs[:place], loose, *need.needs[place + 1 :])
                    return attrs.evolve(need, needs=ways)

                yield from self._loosened(number, need, one, inside)

    def _loosened(
        self, number: int, need: Need, earliest: EarliestNeed, inside: Callable[[Need], Need]
    ) -> Iterator[Mutant]:
        """Return an earliest date dropped, a unit shorter, and on its last day."""
        value = earliest.value
        assert value.amount is not None, "a rule that needs an unchosen figure does not load"
        period = f"{value} from {earliest.step}"
        bare = StepNeed(
            step=earliest.step, code=earliest.code, says=earliest.says, cites=earliest.cites
        )
        yield self._needing(Operator.PERIOD, number, f"without {period}", (inside(bare),), need)
        if value.amount > 0:
            less = attrs.evolve(value, amount=value.amount - 1)
            short = inside(attrs.evolve(earliest, value=less))
            what = f"{less} in place of {period}"
            yield self._needing(Operator.SHORTER, number, what, (short,), need)
        if earliest.day_after:
            early = inside(attrs.evolve(earliest, day_after=False))
            what = f"on the last day of {period}"
            yield self._needing(Operator.ON_THE_DAY, number, what, (early,), need)

    # Routes

    def _routes(self) -> Iterator[Mutant]:
        """Return each condition by which the rule is the one that applies, taken out.

        A step that sends an event to the half of a rule for when others are open is stated once,
        and so taken out of both halves.
        """
        for step in sorted(self.rule.given):
            yield self._mutant(
                Operator.ROUTE,
                f"whether or not {step} stands",
                _less("given", step),
                step=step,
            )
        for step in sorted(self.rule.given_none):
            yield self._mutant(
                Operator.ROUTE,
                f"even while {step} stands",
                partial(_unbarred, step=step),
                step=step,
            )
        if self.rule.given_any:
            some = ", ".join(sorted(self.rule.given_any))
            yield self._mutant(
                Operator.ROUTE,
                f"whether or not one of {some} stands",
                lambda rule: attrs.evolve(rule, given_any=frozenset()),
            )


_DROPPED: dict[type[Need], Operator] = {
    StepNeed: Operator.STEP,
    NoStepNeed: Operator.FORBIDDEN,
    RoleNeed: Operator.ROLE,
    FieldNeed: Operator.FIELD,
    CoversNeed: Operator.COVERS,
    LatestFieldNeed: Operator.LATEST,
    AnyNeed: Operator.SET,
}


def _less(field: str, item: str) -> Change:
    """Return what takes one item out of a field of a rule."""

    def change(rule: Rule) -> Rule:
        items = getattr(rule, field)
        return attrs.evolve(rule, **{field: type(items)(one for one in items if one != item)})

    return change


def _unbarred(rule: Rule, step: str) -> Rule:
    """Return a rule that applies even while a step stands, or no longer because it stands."""
    some = rule.given_any - {step}
    if rule.given_any and not some:
        return attrs.evolve(rule, sources=())
    return attrs.evolve(rule, given_none=rule.given_none - {step}, given_any=some)


def _including(need: FieldNeed, items: tuple[object, ...]) -> FieldNeed:
    """Return a need for a list that includes these items, in place of those it asks for."""
    test = attrs.evolve(need.test, holds_for=includes(items), operand=items)
    return attrs.evolve(need, test=test)
