"""Needs from their drafts: what a rule asks for, and the code, sentence and clauses of a refusal.

Names are looked up by the compiler that is passed in, which also collects the mistakes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

import attrs

from cpplan import fields
from cpplan.drafts import CoversDraft, NeedDraft, WithinDraft
from cpplan.events import KINDS
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
from cpplan.roles import Role
from cpplan.structuring import enum_values

if TYPE_CHECKING:
    from cpplan.compiling import Compiler
    from cpplan.layers import Where
    from cpplan.values import Value


def compile_need(compiler: Compiler, draft: NeedDraft, event: str, where: Where) -> Need | None:
    """Return what a rule asks for.

    Args:
        compiler: looks names up and collects the mistakes.
        draft: what the pack says.
        event: the kind of event that the rule is for.
        where: the draft's place in the pack.

    Returns:
        The need; ``None`` if it could not be built, and then the compiler knows why.
    """
    asked = [key for key in _MAKERS if getattr(draft, key)]
    if len(asked) != 1:
        told = ", ".join(key.rstrip("_") for key in _MAKERS)
        compiler.note(where, f"a need has exactly one of: {told}")
        return None
    cites = compiler.cites(draft.cites, where)
    return _MAKERS[asked[0]](_Ask(compiler, draft, event, where, cites))


class _Common(TypedDict):
    """What every kind of need has."""

    code: str
    says: str
    cites: tuple[str, ...]
    why: str


@attrs.frozen
class _Ask:
    """One need being compiled."""

    compiler: Compiler
    draft: NeedDraft
    event: str
    where: Where
    cites: tuple[str, ...]

    def common(self, code: str, says: str) -> _Common:
        """Return the draft's own code and sentence, else those given."""
        draft = self.draft
        return _Common(
            code=draft.code or code, says=draft.says or says, cites=self.cites, why=draft.why
        )

    def read(self) -> fields.Read | None:
        """Return the reader of the field."""
        return self.compiler.read(self.event, self.draft.field, self.where.at("field"))

    @property
    def slug(self) -> str:
        """The field's path as it stands in a code."""
        return self.draft.field.replace("[]", "").replace(".", "-").replace("_", "-")

    @property
    def label(self) -> str:
        """The field's words, as they begin a sentence."""
        words = fields.label(KINDS[self.event], self.draft.field)
        return words[:1].upper() + words[1:]


def _step(ask: _Ask) -> Need:
    step = ask.compiler.step(ask.draft.step, ask.where.at("step"))
    says = f"Not done: {ask.compiler.step_says(step)}."
    return StepNeed(step=step, **ask.common(f"{step}-missing", says))


def _without(ask: _Ask) -> Need:
    step = ask.compiler.step(ask.draft.without, ask.where.at("without"))
    says = f"In the way: {ask.compiler.step_says(step)}."
    return NoStepNeed(step=step, **ask.common(f"{step}-stands", says))


def _by(ask: _Ask) -> Need:
    names, valid = ask.draft.by, enum_values(Role)
    for index, role in enumerate(names):
        ask.compiler.named(role, valid, ask.where.at("by", index), "role")
    roles = tuple(Role(role) for role in names if role in valid)
    told = " or ".join(role.replace("-", " ") for role in names)
    return RoleNeed(roles=roles, **ask.common("not-authorised", f"Only the {told} can do this."))


def _after(ask: _Ask) -> Need | None:
    return _earliest(ask, ask.draft.after, "after", day_after=True)


def _from(ask: _Ask) -> Need | None:
    return _earliest(ask, ask.draft.from_, "from", day_after=False)


def _earliest(ask: _Ask, name: str, key: str, *, day_after: bool) -> Need | None:
    step = ask.compiler.step(ask.draft.of, ask.where.at("of"))
    value = _run_out(ask, name, ask.where.at(key))
    if value is None:
        return None
    says = f"{value.says[:1].upper()}{value.says[1:]} ({value}) has not run"
    says += f" since: {ask.compiler.step_says(step)}."
    return EarliestNeed(
        step=step,
        value=value,
        day_after=day_after,
        calendar=ask.compiler.calendar,
        **ask.common(f"{name}-not-run", says),
    )


def _run_out(ask: _Ask, name: str, where: Where) -> Value | None:
    """Return a period that the program can count: its figure has been chosen."""
    value = ask.compiler.period(name, where)
    if value is not None and value.amount is None:
        ask.compiler.not_chosen(value, where)
        return None
    return value


def _any(ask: _Ask) -> Need:
    found = [
        compile_need(ask.compiler, one, ask.event, ask.where.at("any", index))
        for index, one in enumerate(ask.draft.any_)
    ]
    needs = tuple(one for one in found if one is not None)
    says = "One of these is needed: " + " ".join(need.says for need in needs)
    common = ask.common("-or-".join(need.code for need in needs), says)
    common["cites"] = ask.cites or tuple(dict.fromkeys(c for need in needs for c in need.cites))
    return AnyNeed(needs=needs, **common)


def _field(ask: _Ask) -> Need | None:
    if ask.draft.within is not None:
        return _within(ask, ask.draft.within)
    if ask.draft.covers is not None:
        return _covers(ask, ask.draft.covers)
    test = ask.compiler.field_test(ask.event, ask.draft, ask.where)
    if test is None:
        return None
    missing = test.operator == "given" and test.operand
    code = f"{ask.slug}-not-recorded" if missing else f"{ask.slug}-unmet"
    return FieldNeed(test=test, **ask.common(code, f"{ask.label} {test.says}."))


def _within(ask: _Ask, within: WithinDraft) -> Need | None:
    where = ask.where.at("within")
    read = ask.read()
    if read is not None:
        ask.compiler.single(ask.event, ask.draft.field, dt.date, ask.where.at("field"))
    value = _run_out(ask, within.value, where.at("value"))
    step = ask.compiler.step(within.of, where.at("of"))
    if read is None or value is None:
        return None
    says = f"{ask.label} is later than {value} after: {ask.compiler.step_says(step)}."
    return LatestFieldNeed(
        path=ask.draft.field,
        step=step,
        value=value,
        read=read,
        calendar=ask.compiler.calendar,
        **ask.common(f"{ask.slug}-too-late", says),
    )


def _covers(ask: _Ask, covers: CoversDraft) -> Need | None:
    read = ask.read()
    where = ask.where.at("covers")
    ask.compiler.named(covers.event, KINDS, where.at("event"), "event")
    read_earlier = ask.compiler.read(covers.event, covers.field, where.at("field"))
    if read is None or read_earlier is None:
        return None
    ask.compiler.several(ask.event, ask.draft.field, ask.where.at("field"))
    ask.compiler.several(covers.event, covers.field, where.at("field"))
    says = f"{ask.label} leaves out something of the earlier {covers.event.replace('-', ' ')}."
    return CoversNeed(
        path=ask.draft.field,
        event=covers.event,
        field=covers.field,
        read=read,
        read_earlier=read_earlier,
        **ask.common(f"{ask.slug}-incomplete", says),
    )


_MAKERS: dict[str, Callable[[_Ask], Need | None]] = {
    "step": _step,
    "without": _without,
    "by": _by,
    "after": _after,
    "from_": _from,
    "any_": _any,
    "field": _field,
}
"""What makes a need, by the key that says which kind it is."""
