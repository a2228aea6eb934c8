"""The pages of told cases: made by running them, listed under their procedure."""

from __future__ import annotations

import re
from functools import cache

import attrs

from cpplan_docs.book import Book
from cpplan_docs.cases.scenarios import case_page, index
from cpplan_sim.running import Run, loaded, run
from cpplan_sim.scenarios import read_scenario, scenario_root

NAME = "lead-social-worker"


@cache
def told(file: str) -> Run:
    return run(read_scenario(scenario_root() / file))


@cache
def text(file: str) -> str:
    return case_page(told(file), Book({NAME: loaded(NAME)})).text


GOOD = f"good/{NAME}/reports-late-or-missing.yaml"
BAD = f"bad/{NAME}/plan-outside-a-core-group.yaml"


def test_a_page_stands_where_its_file_does_and_is_titled_with_its_procedure() -> None:
    page = case_page(told(GOOD), Book({NAME: loaded(NAME)}))
    assert page.path == f"scenarios/good/{NAME}/reports-late-or-missing.md"
    assert page.title == f"{told(GOOD).scenario.title} ({NAME})"
    assert page.text.startswith(f"# {page.title}\n")


def test_good_and_bad_cases_are_told_apart_in_words() -> None:
    assert "A good case:" in text(GOOD)
    assert "A bad case:" in text(BAD)
    assert "all accepted." in text(GOOD)
    assert re.search(r"\d+ events, \d+ refused\.", text(BAD))


def test_a_page_shows_its_timeline_its_events_and_its_end_in_that_order() -> None:
    headings = re.findall(r"^## (.+)$", text(GOOD), re.MULTILINE)
    assert headings == ["Timeline", "Event by event", "At the end"]
    assert "<svg" in text(GOOD)


def test_the_end_tells_the_state_and_what_is_owed_then() -> None:
    end = text(GOOD).partition("## At the end")[2]
    run_ = told(GOOD)
    assert f"The plan is in [`{run_.plan.state}`](" in end
    owed = run_.plan.due(run_.outcomes[-1].step.event.on)
    assert owed
    assert all(f"[`{one.duty.id}`](" in end for one, _ in owed)


def test_a_day_that_the_case_asks_about_is_told_as_the_kernel_has_it() -> None:
    run_ = told(GOOD)
    assert run_.scenario.due
    end = text(GOOD).partition("## At the end")[2]
    for asked in run_.scenario.due:
        for duty, expected in asked.duties.items():
            words = expected.status.replace("-", " ").capitalize()
            assert re.search(rf"\[{words}\].*\[?`{duty}`", end)


def test_a_case_that_goes_otherwise_than_its_file_expects_says_so() -> None:
    other = attrs.evolve(told(GOOD), failures=("ends in outline, expected active",))
    page = case_page(other, Book({NAME: loaded(NAME)}))
    assert "**Not as the case expects**: ends in outline, expected active" in page.text
    assert "Not as the case expects" not in text(GOOD)


def test_the_same_case_gives_the_same_page() -> None:
    again = case_page(run(read_scenario(scenario_root() / GOOD)), Book({NAME: loaded(NAME)}))
    assert again.text == text(GOOD)


def test_the_list_has_every_case_once_under_its_procedure_and_sort() -> None:
    page = index([NAME, "london"], [told(GOOD), told(BAD)])
    assert page.text.count("](good/") == page.text.count("](bad/") == 1
    under = page.text.index(f"## {NAME}")
    assert under < page.text.index("What can happen") < page.text.index("](good/")
    assert page.text.index("](good/") < page.text.index("What is refused")
    assert page.text.index("What is refused") < page.text.index("](bad/")
    assert "## london" not in page.text
