from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from cpplan import Procedure, load
from cpplan.codec import event_to_dict
from cpplan.entry_checks import OUTSIDE_CALENDAR
from cpplan.events import AssessmentStarted
from tests.kernel.histories import STANDARDS, START, day, decided, opened, visit
from tests.kernel.ledgering import WELL
from tests.kernel.service.asgi import TODAY, Service, happened, opening_changes, withdrawn

LUTON = load("luton")


def test_the_first_entry_opens_a_plan_under_the_procedure_it_names(service: Service) -> None:
    answer = service.record("p1", happened("e1", opened()), 0, procedure="standards")
    head = service.store.head("p1")
    assert answer.status == 201
    assert answer.data == {
        "plan": "p1",
        "version": 1,
        "hash": head.hash,
        "entry": {
            "entry": "happened",
            "id": "e1",
            "recorded_on": str(TODAY),
            "procedure": "standards",
            "digest": STANDARDS.digest,
            "event": event_to_dict(opened()),
        },
        "repeated": False,
        "state": "before-plan",
        "consequences": opening_changes(),
    }


def test_what_is_recorded_is_answered_with_what_it_opens_and_leaves_out(service: Service) -> None:
    answer = service.tell("p1", *WELL[:2])
    assert answer.data["state"] == "outline"
    assert all(duty["after"] for duty in answer.data["consequences"]["duties"])
    assert answer.data["omissions"] == [
        {"field": one.field, "says": one.says, "cites": list(one.cites)}
        for one in STANDARDS.omissions(WELL[1], {})
    ]


@pytest.mark.parametrize(
    ("procedure", "code"), [("", "procedure-needed"), ("jersey", "unknown-procedure")]
)
def test_a_plan_needs_a_procedure_that_is_served(
    service: Service, procedure: str, code: str
) -> None:
    answer = service.record("p1", happened("e1", opened()), 0, procedure=procedure)
    assert (answer.status, answer.codes) == (409, [code])
    assert answer.data["plans"] == [{"plan": "p1", "version": 0}]


def test_a_plan_stays_under_the_procedure_that_it_was_opened_under(service: Service) -> None:
    service.tell("p1", opened())
    answer = service.record("p1", happened("e2", decided()), 1, procedure="jersey")
    assert answer.codes == ["other-procedure"]


def test_a_new_plan_is_under_the_last_edition_of_its_procedure(tmp_path: Path) -> None:
    made = load("standards", values={"visit-interval": 3})
    answer = Service.new(tmp_path, STANDARDS, made).tell("p1", opened())
    assert answer.data["entry"]["digest"] == made.digest


def test_a_refusal_gives_every_reason_with_its_clauses_and_where_the_plan_stands(
    service: Service,
) -> None:
    service.tell("p1", opened())
    event = decided(plan=None, lead_social_worker=None)
    answer = service.record("p1", happened("e2", event), 1)
    assert (answer.status, answer.data["code"]) == (409, "refused")
    assert len(answer.codes) > 2
    assert all(reason["cites"] for reason in answer.data["reasons"])
    head = service.store.head("p1")
    assert answer.data["plans"] == [{"plan": "p1", "version": 1, "hash": head.hash}]
    assert head.version == 1


def test_what_was_decided_on_another_version_is_a_conflict_with_the_new_head(
    service: Service,
) -> None:
    service.tell("p1", *WELL[:2])
    for expected in (0, 1, 3):
        answer = service.record("p1", happened("e3", WELL[2]), expected)
        assert (answer.status, answer.data["code"]) == (409, "version-conflict")
        assert answer.codes == ["version-conflict"]
        assert answer.data["plans"][0]["version"] == 2
        assert answer.data["plans"][0]["hash"] == service.store.head("p1").hash


def test_a_conflict_tells_too_what_would_be_refused_now(service: Service) -> None:
    service.tell("p1", opened())
    answer = service.record("p1", happened("e2", visit(day(3))), 0)
    assert answer.codes[0] == "version-conflict"
    assert len(answer.codes) > 1


def test_the_same_entry_again_gets_the_same_answer_whatever_came_since(service: Service) -> None:
    first = service.tell("p1", *WELL[:2]).data
    service.record("p1", happened("e3", WELL[2]), 2)
    later = Service.over(service.store, today=day(300))
    again = later.record("p1", happened("e2", WELL[1]), 1)
    assert again.status == 201
    assert again.data == {**first, "repeated": True}
    assert service.store.head("p1").version == 3


def test_the_opening_entry_given_again_is_not_recorded_twice(service: Service) -> None:
    first, again = (service.tell("p1", opened()).data for _ in range(2))
    assert (first["repeated"], again["repeated"]) == (False, True)
    assert first["hash"] == again["hash"]


def test_an_entry_again_under_another_procedure_is_refused(service: Service) -> None:
    service.tell("p1", *WELL[:2])
    answer = service.record("p1", happened("e2", WELL[1]), 1, procedure="jersey")
    assert (answer.status, answer.data["code"], answer.codes) == (
        409,
        "refused",
        ["other-procedure"],
    )


def test_a_number_that_no_json_keeps_exactly_is_refused_with_its_field(service: Service) -> None:
    service.tell("p1", opened())
    entry = happened("e2", decided())
    for number in (2**53, 10**20, 0):
        entry["event"]["core_group_interval"] = number
        answer = service.record("p1", entry, 1)
        assert (answer.status, answer.data["code"]) == (422, "contradictory")
        assert f"core_group_interval is {number}, not" in answer.data["problems"][0]
    entry["event"]["core_group_interval"] = 2**53 - 1
    assert service.record("p1", entry, 1).status in (201, 409)


def test_an_id_with_other_content_is_refused(service: Service) -> None:
    service.tell("p1", opened())
    answer = service.record("p1", happened("e1", opened(day(1))), 1)
    assert (answer.status, answer.codes) == (409, ["id-taken"])


def test_an_entry_that_changes_what_is_there_is_recorded_once_that_is_accepted(
    service: Service,
) -> None:
    service.tell("p1", *WELL)
    entry = withdrawn("w", "e3")
    refused = service.record("p1", entry, len(WELL))
    assert refused.codes == ["consequences-not-accepted"]
    stands = refused.data["plans"][0]
    assert stands["consequences"]["decisions"]
    accept = stands["accept"]
    wrong = service.record("p1", entry, len(WELL), accepting="0" * 64)
    assert wrong.codes == ["consequences-changed"]
    recorded = service.record("p1", entry, len(WELL), accepting=accept)
    assert recorded.status == 201
    assert recorded.data["consequences"] == stands["consequences"]
    assert recorded.data["version"] == len(WELL) + 1
    assert service.record("p1", entry, 0).data == {**recorded.data, "repeated": True}


def test_a_replacement_and_a_late_event_find_their_place(service: Service) -> None:
    service.tell("p1", *WELL)
    late = happened("late", visit(day(10)))
    answer = judged_and_recorded(service, late, len(WELL))
    assert answer["entry"]["event"]["on"] == str(day(10))
    instead = {
        "entry": "replaced",
        "id": "r",
        "of": "late",
        "event": event_to_dict(visit(day(11))),
        "why": "A day later.",
    }
    answer = judged_and_recorded(service, instead, len(WELL) + 1)
    assert answer["consequences"]["place"] == "late"


def judged_and_recorded(service: Service, entry: Any, expected: int) -> Any:
    asked = service.ask("POST", "/v1/plans/p1/why-not", {"entry": entry}).data
    rest = {"accepting": asked["accept"]} if "accept" in asked else {}
    recorded = service.record("p1", entry, expected, **rest)
    assert recorded.status == 201, recorded.data
    return recorded.data


def migrated(to: Procedure, **changed: str) -> dict[str, Any]:
    return {
        "entry": "migrated",
        "id": "m",
        "on": str(day(50)),
        "to_procedure": to.name,
        "to_digest": to.digest,
        **changed,
    }


def test_a_plan_is_put_under_another_edition_and_judged_by_it_from_that_day(
    tmp_path: Path,
) -> None:
    made = load("standards", values={"visit-interval": 3})
    service = Service.new(tmp_path, made, STANDARDS)
    service.tell("p1", *WELL)
    answer = judged_and_recorded(service, migrated(made), len(WELL))
    assert answer["entry"]["digest"] == STANDARDS.digest
    assert service.get("/v1/plans/p1").data["digest"] == made.digest
    after = judged_and_recorded(service, happened("v1", visit(day(60))), len(WELL) + 1)
    before = judged_and_recorded(service, happened("v2", visit(day(40))), len(WELL) + 2)
    gone = judged_and_recorded(service, withdrawn("w", "v2"), len(WELL) + 3)
    digests = [one["entry"]["digest"] for one in (after, before, gone)]
    assert digests == [made.digest, STANDARDS.digest, STANDARDS.digest]


@pytest.mark.parametrize("wrong", [{"to_digest": "0" * 64}, {"to_procedure": "jersey"}])
def test_an_edition_that_is_not_served_is_refused(service: Service, wrong: dict[str, str]) -> None:
    service.tell("p1", opened())
    answer = service.record("p1", migrated(STANDARDS, **wrong), 1)
    assert (answer.status, answer.codes) == (409, ["unknown-edition"])
    taken = service.record("p1", {**migrated(STANDARDS, **wrong), "id": "e1"}, 0)
    assert sorted(taken.codes) == ["id-taken", "unknown-edition", "version-conflict"]


@pytest.mark.parametrize("on", ["0001-01-01", "1850-06-01", "2007-12-31"])
def test_a_date_that_no_calendar_covers_is_refused_before_it_is_stored(
    tmp_path: Path, on: str
) -> None:
    service = Service.new(tmp_path, LUTON)
    entry = happened("e1", AssessmentStarted(on=dt.date.fromisoformat(on)))
    answer = service.record("p1", entry, 0, procedure=LUTON.name)
    assert (answer.status, answer.codes) == (409, [OUTSIDE_CALENDAR])
    assert service.store.head("p1").version == 0


# ------------------------------------------------------------------------------------ refused


def test_what_is_refused_is_kept_apart_if_the_host_wants_it(tmp_path: Path) -> None:
    service = Service.new(tmp_path, keeps_refused=True)
    entry = happened("e1", visit(START))
    service.record("p1", entry, 0, procedure="standards")
    service.ask("POST", "/v1/plans/p1/why-not", {"entry": entry, "procedure": "standards"})
    (attempt,) = service.store.refused("p1")
    assert attempt.draft.entry_id == "e1"
    assert attempt.reasons
    assert service.store.head("p1").version == 0


def test_what_is_refused_leaves_no_trace_otherwise(service: Service) -> None:
    service.record("p1", happened("e1", visit(START)), 0, procedure="standards")
    assert service.store.refused("p1") == []
