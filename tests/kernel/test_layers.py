"""Layers: a pack that is based on another has what that one has, but for what it says itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from cpplan import InvalidFileError, Procedure, load
from cpplan.clauses import Strength
from cpplan.needs import StepNeed
from cpplan.packs import PROCEDURES, read_pack

HEAD = """\
pack: mine
title: Mine
edition: of today
jurisdiction: england-and-wales
says: As another, with what stands here instead.
"""


def based(folder: Path, base: str, **files: str) -> Path:
    """Write a pack that is based on another; ``pack`` is added to its ``pack.yaml``."""
    folder.mkdir(exist_ok=True)
    more = files.pop("pack", "")
    (folder / "pack.yaml").write_text(f"{HEAD}based-on: {base}\n{more}", encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(f"{name}:\n{text}", encoding="utf-8")
    return folder


def steps_needed(procedure: Procedure, rule: str) -> list[str]:
    return [need.step for need in procedure.rules[rule].needs if isinstance(need, StepNeed)]


def wanted(procedure: Procedure) -> dict[str, list[str]]:
    return {kind: [one.path for one in records] for kind, records in procedure.records.items()}


@pytest.mark.parametrize("name", PROCEDURES)
def test_a_pack_that_says_nothing_of_its_own_is_as_the_one_that_it_is_based_on(
    name: str, tmp_path: Path
) -> None:
    mine, base = load(based(tmp_path / "mine", name), calendar=load(name).jurisdiction), load(name)
    assert (mine.name, mine.title) == ("mine", "Mine")
    assert mine.rules.keys() == base.rules.keys()
    for key, rule in base.rules.items():
        assert [(n.code, n.says) for n in mine.rules[key].needs] == [
            (n.code, n.says) for n in rule.needs
        ]
        assert (mine.rules[key].sets, mine.rules[key].clears) == (rule.sets, rule.clears)
    assert mine.duties.keys() == base.duties.keys()
    assert wanted(mine) == wanted(base)
    assert mine.requirements.keys() == base.requirements.keys()
    assert (mine.silent, mine.excused, mine.steps) == (base.silent, base.excused, base.steps)
    assert mine.clauses == base.clauses
    assert mine.digest != base.digest


def test_what_is_taken_over_is_marked_as_inherited_and_what_is_said_is_not(tmp_path: Path) -> None:
    rules = "  plan-ended-by-death:\n    cites: [standards/11i]\n"
    mine = load(based(tmp_path / "mine", "standards", rules=rules))
    assert mine.rules["plan-ended-by-death"].origin == "own"
    assert mine.rules["plan-ended-by-letter"].origin == "inherited"
    assert mine.duties["first-core-group"].origin == "inherited"
    assert mine.values["letter-notice"].origin == "inherited"
    assert mine.requirements["letter-agreed-by-all"].origin == "inherited"
    assert read_pack(tmp_path / "mine").rules["letter-sent"].filled_from == "standards"


def test_a_rule_stands_as_the_pack_states_it_with_nothing_of_the_one_below(tmp_path: Path) -> None:
    rules = """\
  plan-ended-by-move:
    cites: [standards/11d]
    needs:
      - {step: move-notified, cites: [standards/11d]}
"""
    mine = load(based(tmp_path / "mine", "standards", rules=rules))
    assert steps_needed(load("standards"), "plan-ended-by-move") == [
        "move-notified",
        "receiving-conference-held",
    ]
    assert steps_needed(mine, "plan-ended-by-move") == ["move-notified"]
    assert mine.rules["plan-ended-by-move"].target == "ended.move"


def test_a_rule_stated_whole_has_nothing_of_the_shared_one(tmp_path: Path) -> None:
    rules = """\
  child-no-longer-looked-after:
    whole: true
    says: The child stops being looked after.
    topic: noting
    event: child-no-longer-looked-after
    from: [active]
    to: same
    clears: [looked-after]
    origin: choice
    why: Made up.
"""
    mine = load(based(tmp_path / "mine", "standards", rules=rules))
    rule = mine.rules["child-no-longer-looked-after"]
    assert rule.clears == {"looked-after"}
    assert rule.sources == ("active",)
    assert len(load("standards").rules["child-no-longer-looked-after"].clears) > 1


def test_a_rule_stated_whole_still_asks_the_same_of_the_rule_that_is_like_it(
    tmp_path: Path,
) -> None:
    rules = """\
  plan-put-into-effect:
    whole: true
    says: The plan is put into effect.
    topic: effect
    event: plan-put-into-effect
    from: [outline, detailed]
    to: active
    needs:
      - {step: core-group-held, cites: [standards/3b]}
    sets: [plan-in-effect]
    cites: [standards/3b]
"""
    mine = load(based(tmp_path / "mine", "standards", rules=rules))
    alike = mine.rules["plan-put-into-effect-while-escalated"]
    assert alike.needs == mine.rules["plan-put-into-effect"].needs
    assert alike.sources == ("escalated",)
    assert alike.target == "same"
    assert "difficulty" in alike.says


def test_figures_duties_records_and_requirements_are_replaced_by_name(tmp_path: Path) -> None:
    pack = """\
values:
  letter-notice:
    says: the notice
    is: 20
    unit: working-days
    origin: choice
    why: Made up.
steps:
  told-twice: somebody was told twice
excused:
  standards/4a: made up
"""
    duties = """\
  first-core-group:
    says: The core group meets.
    topic: core-group
    strength: should
    opens: [{event: initial-conference-decided}]
    within: unstated
    met-by: [{event: core-group-held}]
    cites: [standards/3b]
"""
    records = "  visit-made:\n    - {field: bedroom_seen, cites: [standards/4a]}\n"
    requirements = """\
  one-ending:
    says: A plan ends.
    topic: ending.rcpc
    template: existence
    first: {enters: [ended]}
    cites: [standards/11b]
"""
    files = {"duties": duties, "records": records, "requirements": requirements}
    mine = load(based(tmp_path / "mine", "standards", pack=pack, **files))
    base = load("standards")
    assert (mine.values["letter-notice"].amount, base.values["letter-notice"].amount) == (20, 10)
    assert mine.duties["first-core-group"].strength is Strength.SHOULD
    assert mine.duties.keys() == base.duties.keys()
    assert [record.path for record in mine.records["visit-made"]] == ["bedroom_seen"]
    assert mine.records.keys() >= base.records.keys()
    assert mine.requirements["one-ending"].template == "existence"
    assert mine.requirements["letter-agreed-by-all"].first == (
        base.requirements["letter-agreed-by-all"].first
    )
    assert mine.steps["told-twice"] == "somebody was told twice"
    assert mine.excused["standards/4a"] == "made up"


def test_a_pack_that_speaks_on_a_topic_ends_the_silence_of_the_one_below(tmp_path: Path) -> None:
    rules = "  dispute-raised:\n    cites: [london/5.5.3a]\n"
    duties = """\
  visit-before-conference:
    says: The child is seen.
    topic: enquiry
    strength: must
    opens: [{event: enquiry-visit-made}]
    within: unstated
    met-by: [{event: enquiry-visit-made}]
    cites: [london/5.4.5a]
"""
    pack = "sources: [london]\nsilent:\n  hospital: nothing, as before\n"
    mine = load(based(tmp_path / "mine", "standards", pack=pack, rules=rules, duties=duties))
    assert load("standards").silent.keys() - mine.silent.keys() == {"disputes", "enquiry"}
    assert mine.silent["hospital"] == "nothing, as before"
    assert {clause.source for clause in mine.clauses.values()} == {"standards", "london"}


def test_a_pack_that_calls_a_topic_silent_and_speaks_on_it_is_refused(tmp_path: Path) -> None:
    rules = "  dispute-raised:\n    cites: [standards/1d]\n"
    pack = "silent:\n  disputes: nothing\n"
    with pytest.raises(InvalidFileError, match="'disputes' is said to be silent, and is not"):
        load(based(tmp_path / "mine", "standards", pack=pack, rules=rules))


def test_a_mistake_is_told_in_the_file_that_has_it(tmp_path: Path) -> None:
    rules = "  plan-ended-by-death:\n    cites: [standards/11z]\n"
    with pytest.raises(InvalidFileError) as caught:
        load(based(tmp_path / "mine", "standards", rules=rules))
    (problem,) = caught.value.problems
    assert str(problem).startswith("mine/rules.yaml:3:")


def test_a_pack_that_is_based_on_another_can_fill_its_silence(tmp_path: Path) -> None:
    mine = load(based(tmp_path / "mine", "london"), fill="composite")
    assert "plan-ended-by-letter" in mine.rules
    assert mine.filled["ending.letter"] == "composite"
