"""Sayings hold what rules ask of an event itself, spoil what they are to, and can be moved."""

from __future__ import annotations

import datetime as dt
from functools import cache

import pytest

from cpplan import PROCEDURES
from cpplan.codec import event_from_dict, event_to_dict
from cpplan.events import KINDS
from cpplan.needs import AnyNeed, FieldNeed, LatestFieldNeed, RoleNeed
from cpplan_sim.caseload.sayings import (
    BIRTH,
    BORN,
    NAMED,
    REFERENCE,
    Speaker,
    day_fields,
    naming_fields,
    put_on,
    settled,
    stand_in,
)
from cpplan_sim.fabricating import ABSENT
from cpplan_sim.running import loaded

DECIDER = {"interval-not-set-by-conference", "plan-not-changed-by-review-conference"}
"""Codes of needs for who decided, which an event can't leave out: a profile says other deciders."""


class Nothing:
    """The facts of a plan of which nothing is known."""

    steps: dict[str, dt.date] = {}  # noqa: RUF012  # never changed
    events = ()


@cache
def speaker(name: str) -> Speaker:
    return Speaker(loaded(name))


@pytest.mark.parametrize("name", PROCEDURES)
def test_for_every_rule_something_can_be_said_that_meets_all_it_asks_of_the_event(
    name: str,
) -> None:
    for rule in loaded(name).rules.values():
        said = {path: values[0] for path, values in rule.match.when}
        saying = speaker(name).proper(rule.match.event, said, (rule,))
        assert saying is not None, rule.id
        assert rule.match.holds(saying), rule.id
        unmet = [
            one.code for one in rule.needs if settled(one) and not one.holds(saying, Nothing())
        ]
        assert unmet == [], rule.id


@pytest.mark.parametrize("name", PROCEDURES)
def test_every_need_that_the_event_decides_can_be_left_unmet(name: str) -> None:
    for rule in loaded(name).rules.values():
        said = {path: values[0] for path, values in rule.match.when}
        saying = speaker(name).proper(rule.match.event, said, (rule,))
        assert saying is not None
        for need in (one for one in rule.needs if settled(one) and one.code not in DECIDER):
            spoilt = speaker(name).spoilt(saying, need)
            ways = list(speaker(name).spoilings(saying, need))
            assert spoilt is not None, (rule.id, need.code)
            assert spoilt in ways
            for one in ways:
                assert not need.holds(one, Nothing()), (rule.id, need.code)
                assert event_from_dict(event_to_dict(one)) == one


def test_a_need_that_turns_on_a_day_is_put_at_risk_by_a_late_one() -> None:
    rules = loaded("luton").rules["review-date-changed"]
    (need,) = [one for one in rules.needs if isinstance(one, LatestFieldNeed)]
    saying = speaker("luton").proper("review-date-changed", {}, (rules,))
    assert saying is not None
    assert speaker("luton").spoilt(saying, need) is None
    (late,) = speaker("luton").spoilings(saying, need)
    assert need.read(late) == REFERENCE + dt.timedelta(days=400)


def test_needs_are_settled_by_the_event_or_are_not() -> None:
    needs = [need for rule in loaded("composite").rules.values() for need in rule.needs]
    assert {type(one) for one in needs if settled(one)} == {FieldNeed, RoleNeed, AnyNeed}
    assert any(isinstance(one, AnyNeed) and not settled(one) for one in needs)


def test_what_can_not_be_said_is_not_said() -> None:
    assert speaker("standards").proper("visit-made", {"child_seen": "perhaps"}, ()) is None
    assert (
        speaker("standards").proper("review-conference-decided", {"plan_continues": ABSENT}, ())
        is None
    )


def test_an_unborn_child_has_no_date_of_birth() -> None:
    kind = "initial-conference-decided"
    saying = speaker("standards").proper(kind, {"child_unborn": True}, ())
    born = speaker("standards").proper(kind, {"child_unborn": False}, ())
    assert getattr(saying, BIRTH) is None
    assert getattr(born, BIRTH) == BORN


def test_the_same_words_are_made_once() -> None:
    one, other = (speaker("standards").proper("visit-made", {}, ()) for _ in range(2))
    assert one is other


@pytest.mark.parametrize("kind", KINDS)
def test_each_day_of_a_saying_has_its_place(kind: str) -> None:
    for name in day_fields(kind):
        day = stand_in(name, ("about",))
        assert (day == BORN) is (name == BIRTH)
        assert abs((day - REFERENCE).days) < 100 or name == BIRTH


def test_a_saying_is_put_on_a_day_with_all_its_days_but_birth_and_naming() -> None:
    naming = naming_fields(loaded("composite"))
    assert naming
    on, born, named = dt.date(2020, 5, 4), dt.date(2010, 1, 1), dt.date(2020, 4, 30)
    moved = on - REFERENCE
    seen = set()
    for kind in KINDS:
        saying = speaker("composite").proper(kind, {}, ())
        assert saying is not None
        put = put_on(saying, on, born, named, naming)
        assert put.on == on
        for name in day_fields(kind):
            was, now = getattr(saying, name), getattr(put, name)
            if was is None:
                assert now is None
            elif name == BIRTH:
                assert now == born
            elif name in naming:
                assert (was, now) == (NAMED, named)
            else:
                assert now == was + moved
            seen.add(name)
    assert BIRTH in seen
    assert seen >= naming
