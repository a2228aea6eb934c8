"""What a timeline of a told case shows: each event, each state, and the duties it is about."""

from __future__ import annotations

import datetime as dt
from functools import cache

from cpplan_docs.book import Book
from cpplan_docs.cases.places import Places
from cpplan_docs.cases.timeline import asked, description, moments
from cpplan_docs.pictures.moments import Band, Kind, Mark
from cpplan_sim.running import Run, loaded, run
from cpplan_sim.scenarios import read_scenario, scenario_root


@cache
def told(file: str) -> Run:
    return run(read_scenario(scenario_root() / file))


def shown(file: str) -> list[Mark | Band]:
    one = told(file)
    name = one.scenario.procedure
    return moments(one, Places.of(one, Book({name: loaded(name)})))


def marks(file: str, *kinds: Kind) -> list[Mark]:
    return [one for one in shown(file) if isinstance(one, Mark) and one.kind in kinds]


DISPUTE = "good/london/dispute-up-the-ladder.yaml"
REFUSED = "bad/luton/access-without-authority.yaml"
LATE = "good/lead-social-worker/reports-late-or-missing.yaml"


def test_every_event_is_shown_on_its_day_in_its_order() -> None:
    events = [outcome.step.event for outcome in told(REFUSED).outcomes]
    found = marks(REFUSED, Kind.RECORDED, Kind.REFUSED)
    assert [(one.date, one.label.replace(" ", "-")) for one in found] == [
        (event.on, event.kind) for event in events
    ]


def test_a_refused_event_says_why_and_leads_to_its_kind_as_the_site_sees_it() -> None:
    first = marks(REFUSED, Kind.REFUSED)[0]
    assert first.note == "contact not delegated"
    assert first.link == "../../../reference/events.html#event-visit-made"


def test_the_states_follow_one_another_without_a_gap() -> None:
    bands = [one for one in shown(REFUSED) if isinstance(one, Band)]
    assert [one.label for one in bands] == ["before-plan", "outline", "escalated"]
    assert [one.last for one in bands[:-1]] == [one.first for one in bands[1:]]
    assert bands[-1].last == max(one.date for one in shown(REFUSED) if isinstance(one, Mark))


def test_only_the_duties_that_a_case_asks_about_are_shown() -> None:
    assert asked(told(DISPUTE)) == {"visit", "dispute-in-core-group"}
    duties = {one.label for one in marks(DISPUTE, Kind.DUE, Kind.MET, Kind.LAPSED)}
    assert duties == {"visit", "dispute in core group"}
    assert asked(told(REFUSED)) == frozenset()


def test_a_duty_met_in_time_is_shown_once_and_one_still_owed_on_its_last_day() -> None:
    met = [one.date for one in marks(DISPUTE, Kind.MET)]
    assert met == [dt.date(2026, 1, 15), dt.date(2026, 2, 17)]
    (due,) = marks(DISPUTE, Kind.DUE)
    assert (due.label, due.date) == ("visit", dt.date(2026, 1, 26))


def test_what_was_done_late_is_shown_on_its_last_day_and_on_the_day_it_was_done() -> None:
    late = marks(LATE, Kind.MET_LATE)
    assert late
    for one in late:
        days = [due.date for due in marks(LATE, Kind.DUE) if due.label == one.label]
        assert any(day < one.date for day in days)


def test_the_description_counts_what_is_shown() -> None:
    assert description(told(REFUSED)).startswith("37 events from Monday 5 January 2026 to Thursday")
    assert "27 of them refused" in description(told(REFUSED))
    assert "all of them accepted. At the end the plan is in outline." in description(told(DISPUTE))
