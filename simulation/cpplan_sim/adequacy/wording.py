"""What a need asks for, in the words of its pack."""

from __future__ import annotations

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


def told(need: Need) -> str:
    """Return what a need asks for, in the words of its pack."""
    if isinstance(need, StepNeed):
        return need.step
    if isinstance(need, NoStepNeed):
        return f"no {need.step}"
    if isinstance(need, RoleNeed):
        return f"by {' or '.join(need.roles)}"
    if isinstance(need, FieldNeed):
        return _tested(need)
    if isinstance(need, EarliestNeed):
        return f"{need.value} from {need.step}"
    if isinstance(need, LatestFieldNeed):
        return f"{need.path} within {need.value} of {need.step}"
    if isinstance(need, CoversNeed):
        return f"{need.path} that covers {need.field} of {need.event}"
    assert isinstance(need, AnyNeed), f"{type(need).__name__} has no words"
    return " or ".join(map(told, need.needs))


def _tested(need: FieldNeed) -> str:
    test = need.test
    if test.operator == "given":
        return f"{test.path} recorded" if test.operand else f"{test.path} not recorded"
    several = isinstance(test.operand, tuple)
    operand = ", ".join(map(str, test.operand)) if several else test.operand
    return f"{test.path} {test.operator.replace('-', ' ')} {operand}"
