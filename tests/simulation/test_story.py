"""Stories: what the kernel answered, in words, with the days on which things fell overdue."""

from pathlib import Path

import pytest

from cpplan_sim.story import Line, Tone, story_of
from tests.simulation.telling import DECIDED, OPENED, ran

FINE = """\
A case
{file}: Child Protection Plans: thirteen standards
What it shows.

2026-01-05  initial conference opened  (before-plan)
2026-01-05  initial conference decided: REFUSED, still before-plan
            core-group-members-missing: The plan identifies both the professionals and the family\
 members of the core group. [standards/3b]
2026-01-05  initial conference decided  (before-plan -> outline) [standards/1a]
            now owed: visit (must), due 2026-01-19 [standards/4b]
            now owed: first-core-group (must), due 2026-01-15 [standards/10c]
            now owed: first-review (must), due 2026-03-30 [standards/10a]
            now owed: end-at-18 (should), due 2036-05-14 [standards/11g]
            not recorded: plan.strengths [standards/6c]
2026-01-16  overdue: first-core-group (must), due 2026-01-15 [standards/10c]
2026-01-20  overdue: visit (must), due 2026-01-19 [standards/4b]
2026-01-22  visit made  (outline)
            met late: visit (must), due 2026-01-19 [standards/4b]
            now owed: visit (must), due 2026-02-05 [standards/4b]
2026-01-23  core group held  (outline)
            met late: first-core-group (must), due 2026-01-15 [standards/10c]
2026-02-05  visit made  (outline)
            met: visit (must), due 2026-02-05 [standards/4b]
            now owed: visit (must), due 2026-02-19 [standards/4b]

            due at the end: visit (must), due 2026-02-19 [standards/4b]
            due at the end: first-review (must), due 2026-03-30 [standards/10a]
            due at the end: end-at-18 (should), due 2036-05-14 [standards/11g]
As expected. The plan is in outline."""


def lines(folder: Path, *events: str, end: str = "") -> list[Line]:
    return list(story_of(ran(folder, *events, end=end)))


def test_a_story_tells_each_day_event_refusal_duty_and_omission(tmp_path: Path) -> None:
    told = lines(
        tmp_path,
        OPENED,
        f"{DECIDED}, without: [core_group_members],"
        " expect: {refused: [core-group-members-missing]}",
        f"{DECIDED}, without: [plan.strengths]",
        "on: 2026-01-22, event: visit-made",
        "on: 2026-01-23, event: core-group-held",
        "on: 2026-02-05, event: visit-made",
    )
    text = "\n".join(line.text for line in told)
    assert text == FINE.format(file=tmp_path / "case.yaml")


def texts(told: list[Line], tone: Tone) -> list[str]:
    return [line.text.strip() for line in told if line.tone is tone]


def test_what_is_not_as_expected_is_told_where_it_happened_and_at_the_end(tmp_path: Path) -> None:
    told = lines(tmp_path, f"{OPENED}, expect: {{state: outline}}", end="ends-in: outline\n")
    assert texts(told, Tone.BAD) == [
        "NOT AS EXPECTED: the state is before-plan, expected outline",
        "NOT AS EXPECTED: ends in before-plan, expected outline",
        "Not as expected.",
    ]
    assert told[5].text.endswith("expected outline")
    assert texts(told, Tone.GOOD) == []


def test_what_ends_with_the_plan_is_told_as_missed_no_longer_owed_or_not_decidable(
    tmp_path: Path,
) -> None:
    told = lines(
        tmp_path,
        OPENED,
        DECIDED,
        "on: 2026-01-19, event: escalation-raised, with: {trigger: non-compliance}",
        "on: 2026-01-20, event: child-died, with: {date_of_death: 2026-01-20}",
    )
    assert "missed: visit (must), due 2026-01-19 [standards/4b]" in texts(told, Tone.BAD)
    assert texts(told, Tone.QUIET)[1:3] == [
        "no longer owed: first-review (must), due 2026-03-30 [standards/10a]",
        "no longer owed: end-at-18 (should), due 2036-05-14 [standards/11g]",
    ]
    assert (
        "can't be decided: review-after-non-compliance (must), its date can't be known"
        " [standards/9b]"
    ) in texts(told, Tone.WARNING)
    (raised,) = [
        line for line in told if "act-on-non-compliance" in line.text and "now" in line.text
    ]
    assert raised.text.strip().startswith(
        "now owed: act-on-non-compliance (should), no date stated"
    )


def test_each_day_is_told_once_as_overdue_however_many_events_follow(tmp_path: Path) -> None:
    told = lines(
        tmp_path,
        OPENED,
        DECIDED,
        "on: 2026-01-19, event: incident-occurred",
        "on: 2026-01-20, event: incident-occurred",
        "on: 2026-01-20, event: incident-occurred",
        "on: 2026-02-20, event: incident-occurred",
    )
    overdue = [line.text for line in told if "overdue: visit" in line.text]
    assert overdue == ["2026-01-20  overdue: visit (must), due 2026-01-19 [standards/4b]"]


def test_a_story_says_what_filled_the_silences(tmp_path: Path) -> None:
    told = lines(tmp_path, OPENED, end="fill: composite\n")
    assert told[1].text.endswith("thirteen standards, filled from composite")


def test_a_case_without_events_has_a_story(tmp_path: Path) -> None:
    told = lines(tmp_path, end="")
    assert told[-1].text == "As expected. The plan is in before-plan."


@pytest.mark.parametrize("tone", Tone)
def test_every_tone_is_used_in_some_story(tmp_path: Path, tone: Tone) -> None:
    told = lines(
        tmp_path,
        DECIDED,
        OPENED,
        DECIDED,
        "on: 2026-01-19, event: visit-made",
        "on: 2026-02-19, event: visit-made",
    )
    fine = lines(tmp_path, OPENED)
    assert texts([*told, *fine], tone)
