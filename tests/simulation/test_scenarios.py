"""Told cases: what a file says, what is usual, and every mistake in a file with its place."""

import datetime as dt
from pathlib import Path

import pytest

from cpplan import InvalidFileError, event_from_dict
from cpplan.events import KINDS, CoreGroupHeld, DetailedPlanAgreed, VisitMade
from cpplan.roles import Role
from cpplan_sim.scenarios import (
    Scenario,
    read_all,
    read_scenario,
    scenario_root,
    shipped,
    usual,
)

HEAD = "scenario: A case\nprocedure: standards\nsays: What it shows.\n"


def written(folder: Path, text: str, name: str = "case.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(folder: Path, *events: str) -> Scenario:
    lines = "".join(f"  - {{{event}}}\n" for event in events)
    return read_scenario(written(folder, f"{HEAD}events:\n{lines}"))


def mistakes(*paths: Path) -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        read_all(paths)
    return [str(problem) for problem in caught.value.problems]


def test_a_case_holds_what_its_file_says(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        HEAD
        + """\
fill: composite
values: {letter-notice: 15}
cites: [standards/12i]
events:
  - {on: 2026-01-05, event: initial-conference-opened, expect: {state: before-plan}}
due:
  - {on: 2026-02-01, duties: {visit: {status: overdue, due: 2026-01-19}}}
ends-in: before-plan
""",
    )
    case = read_scenario(path)
    assert (case.title, case.procedure, case.says) == ("A case", "standards", "What it shows.")
    assert (case.fill, case.values, case.cites) == (
        "composite",
        {"letter-notice": 15},
        ("standards/12i",),
    )
    assert case.steps[0].event.on == dt.date(2026, 1, 5)
    assert case.steps[0].expect.state == "before-plan"
    assert case.due[0].duties["visit"].due == dt.date(2026, 1, 19)
    assert (case.file, case.ends_in) == (str(path), "before-plan")


def test_an_event_is_as_usual_but_for_what_its_case_says(tmp_path: Path) -> None:
    plain, other, less = told(
        tmp_path,
        "on: 2026-01-15, event: core-group-held",
        "on: 2026-01-16, event: core-group-held, by: parents, with: {chair: police}",
        "on: 2026-01-17, event: core-group-held, without: [chair, action_points]",
    ).steps
    for step in (plain, other, less):
        assert isinstance(step.event, CoreGroupHeld)
        assert step.event.record_keeper is Role.LEAD_SOCIAL_WORKER
    assert isinstance(plain.event, CoreGroupHeld)
    assert (plain.event.by, plain.event.chair) == (None, Role.FIRST_LINE_MANAGER)
    assert isinstance(other.event, CoreGroupHeld)
    assert (other.event.by, other.event.chair) == (Role.PARENTS, Role.POLICE)
    assert isinstance(less.event, CoreGroupHeld)
    assert (less.event.chair, less.event.action_points) == (None, ())


def test_taking_out_a_part_of_the_usual_leaves_the_usual_itself_as_it_was(tmp_path: Path) -> None:
    less, again = told(
        tmp_path,
        "on: 2026-01-15, event: detailed-plan-agreed, without: [plan.aims]",
        "on: 2026-01-15, event: detailed-plan-agreed",
    ).steps
    assert isinstance(less.event, DetailedPlanAgreed)
    assert isinstance(again.event, DetailedPlanAgreed)
    assert less.event.plan is not None
    assert again.event.plan is not None
    assert (less.event.plan.aims, len(again.event.plan.aims)) == ((), 1)


def test_what_is_usual_is_sound_and_lacks_at_most_what_every_case_has_to_tell(
    tmp_path: Path,
) -> None:
    known = [kind for kind in KINDS if usual(kind)]
    assert len(known) > 50
    events = "".join(f"  - {{on: 2026-06-01, event: {kind}}}\n" for kind in known)
    found = mistakes(written(tmp_path, f"{HEAD}events:\n{events}"))
    assert 0 < len(found) < 15
    assert [line for line in found if "is missing" not in line] == []


def test_what_is_usual_of_an_event_that_is_not_told_of_is_nothing() -> None:
    assert usual("initial-conference-opened") == {}


def test_the_shipped_cases_are_found_by_procedure_and_the_usual_is_none_of_them() -> None:
    names = [path.name for path in shipped()]
    assert names
    assert "usual.yaml" not in names
    assert set(shipped("standards")) <= set(shipped())
    assert {path.parent.name for path in shipped("standards")} == {"standards"}
    assert {path.parent.parent.name for path in shipped("standards")} == {"good", "bad"}
    assert shipped("nowhere") == ()


def test_a_shipped_case_is_called_by_its_place_among_the_shipped_ones() -> None:
    path = scenario_root() / "good" / "standards" / "ending-by-letter.yaml"
    assert read_scenario(path).file == "good/standards/ending-by-letter.yaml"


# Mistakes


def test_every_mistake_in_the_form_of_a_file_is_told_with_its_line_and_column(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        HEAD
        + """\
surprise: 1
events:
  - {on: soon, event: visit-made}
  - {event: visit-made}
  - {on: 2026-01-07, event: visit-made, expect: {staet: outline}}
""",
    )
    first, *others = mistakes(path)
    assert first.startswith(f"{path}:4:1: unknown key 'surprise' (one of: cites, due, ends-in,")
    assert others == [
        f"{path}:6:6: 'soon' is not a date, as 2026-01-31",
        f"{path}:7:5: the key 'on' is missing",
        f"{path}:8:50: unknown key 'staet' (did you mean state?)",
    ]


def test_every_mistake_in_the_events_is_told_with_its_place_and_the_near_miss(
    tmp_path: Path,
) -> None:
    path = written(
        tmp_path,
        HEAD
        + """\
events:
  - {on: 2026-01-05, event: core-group-hold}
  - {on: 2026-01-06, event: core-group-held, with: {chair: first-line-manger, chairs: parents}}
  - {on: 2026-01-07, event: visit-made, without: [bedroom_seen, bedrom_seen, location.room]}
  - on: 2026-01-07
    event: visit-made
    with: {child_seen: "yes"}
    by: parent
  - on: 2026-01-08
    event: detailed-plan-agreed
    with:
      plan:
        actions:
          - {what: a flat, owner: the mother}
          - {what: a school, due: never}
""",
    )
    assert mistakes(path) == [
        f"{path}:5:22: unknown event 'core-group-hold' (did you mean core-group-held?)",
        f"{path}:6:53: chair: unknown value 'first-line-manger' (did you mean first-line-manager?)",
        f"{path}:6:79: chairs: unknown key 'chairs' (did you mean chair?)",
        f"{path}:7:65: visit-made has no usual 'bedrom_seen' (did you mean bedroom_seen?)",
        f"{path}:7:78: visit-made has no usual 'location.room' (did you mean location?)",
        f"{path}:10:12: child_seen: 'yes' is not true or false",
        f"{path}:11:5: by: unknown value 'parent' (did you mean parents?)",
        f"{path}:18:30: plan.actions[1].due: 'never' is not a date, as 2026-01-31",
    ]


def test_what_would_be_lost_in_with_is_told(tmp_path: Path) -> None:
    event = "{on: 2026-01-05, event: visit-made, with: {on: 2026-01-06, event: visit-failed}}"
    path = written(tmp_path, f"{HEAD}events:\n  - {event}\n")
    assert mistakes(path) == [
        f"{path}:5:48: 'on' in with would be lost (move it out)",
        f"{path}:5:64: 'event' in with would be lost (move it out)",
    ]


def test_a_missing_field_without_which_there_is_no_event_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        f"{HEAD}events:\n  - {{on: 2026-01-05, event: visit-made, without: [location]}}\n",
    )
    assert mistakes(path) == [f"{path}:5:5: the key 'location' is missing"]


def test_the_mistakes_of_several_files_are_told_together(tmp_path: Path) -> None:
    one = written(tmp_path, HEAD, "one.yaml")
    two = written(tmp_path, HEAD + "events: none\n", "two.yaml")
    good = written(tmp_path, HEAD + "events: []\n", "three.yaml")
    assert mistakes(one, good, two, tmp_path / "four.yaml") == [
        f"{tmp_path}/four.yaml: can't be read: No such file or directory",
        f"{one}:1:1: the key 'events' is missing",
        f"{two}:4:1: 'none' is not a list",
    ]


def test_nothing_is_coerced(tmp_path: Path) -> None:
    event = "on: 2026-01-05, event: visit-made, with: {child_seen: 1, meals: 2}"
    path = written(tmp_path, f"{HEAD}events:\n  - {{{event}}}\n")
    assert mistakes(path) == [
        f"{path}:5:48: child_seen: 1 is not true or false",
        f"{path}:5:63: meals: 2 is not text",
    ]


def test_a_visit_is_usually_one_that_meets_the_duty() -> None:
    event = event_from_dict({**usual("visit-made"), "event": "visit-made", "on": "2026-01-05"})
    assert isinstance(event, VisitMade)
    assert event.child_seen
    assert event.agency is Role.CHILDRENS_SOCIAL_CARE
