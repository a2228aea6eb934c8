from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from cpplan import Plan, load
from cpplan.codec import event_to_dict
from cpplan.obligations import Status
from tests.kernel.histories import STANDARDS, day, decided, opened
from tests.kernel.ledgering import WELL
from tests.kernel.service.asgi import Service, happened, withdrawn


@pytest.fixture
def begun(service: Service) -> Service:
    service.tell("p1", *WELL)
    return service


def test_every_edition_that_is_served_is_listed(tmp_path: Path) -> None:
    made = load("standards", values={"visit-interval": 3})
    found = Service.new(tmp_path, STANDARDS, made).get("/v1/procedures").data["procedures"]
    assert [one["digest"] for one in found] == [STANDARDS.digest, made.digest]
    assert {one["name"] for one in found} == {"standards"}


def test_a_procedure_is_shown_with_its_states_rules_and_duties(service: Service) -> None:
    found = service.get("/v1/procedures/standards").data
    assert [one["name"] for one in found["states"]] == list(STANDARDS.states)
    assert [one["id"] for one in found["rules"]] == list(STANDARDS.rules)
    assert [one["id"] for one in found["duties"]] == list(STANDARDS.duties)
    assert found["procedure"]["digest"] == STANDARDS.digest


def test_of_two_editions_the_last_is_shown_unless_another_is_named(tmp_path: Path) -> None:
    made = load("standards", values={"visit-interval": 3})
    service = Service.new(tmp_path, STANDARDS, made)
    last = service.get("/v1/procedures/standards").data["procedure"]["digest"]
    first = service.get("/v1/procedures/standards", f"digest={STANDARDS.digest}").data
    assert (last, first["procedure"]["digest"]) == (made.digest, STANDARDS.digest)


def test_a_procedure_that_is_not_served_is_not_found(service: Service) -> None:
    answer = service.get("/v1/procedures/jersey")
    assert (answer.status, answer.data["code"]) == (404, "unknown-procedure")
    assert "Served are: standards." in answer.data["detail"]
    assert service.get("/v1/procedures/standards/clauses", "digest=0").status == 404


def test_the_clauses_that_rules_cite_are_listed(service: Service) -> None:
    rules = service.get("/v1/procedures/standards").data["rules"]
    cited = {clause for rule in rules for clause in rule.get("cites", ())}
    clauses = service.get("/v1/procedures/standards/clauses").data["clauses"]
    assert cited
    assert cited <= {one["id"] for one in clauses}


def test_a_clause_is_shown_by_its_id(service: Service) -> None:
    found = service.get("/v1/clauses/standards/1a").data
    assert found["rule"] == STANDARDS.clauses["standards/1a"].rule
    answer = service.get("/v1/clauses/standards/999")
    assert (answer.status, answer.data["code"]) == (404, "unknown-clause")


def test_plans_are_listed_a_page_at_a_time(service: Service) -> None:
    for name in "cab":
        service.tell(name, opened())
    first = service.get("/v1/plans", "limit=2").data
    second = service.get("/v1/plans", f"limit=2&after={first['next']}").data
    assert [one["plan"] for one in (*first["plans"], *second["plans"])] == ["a", "b", "c"]
    assert (first["next"], second.get("next")) == ("b", None)
    head = service.store.head("a")
    assert first["plans"][0] == {"plan": "a", "version": 1, "hash": head.hash}


def test_a_plan_is_shown_as_its_ledger_has_it(begun: Service) -> None:
    ledger = begun.store.ledger("p1", [STANDARDS])
    assert ledger is not None
    assert begun.get("/v1/plans/p1").data == {
        "plan": "p1",
        "version": len(WELL),
        "hash": begun.store.head("p1").hash,
        "procedure": "standards",
        "digest": STANDARDS.digest,
        "state": "active",
        "ended": False,
        "last_day": str(WELL[-1].on),
        "steps": {step: str(on) for step, on in ledger.plan.steps.items()},
    }


def test_a_plan_of_which_nothing_is_stored_is_not_found(service: Service) -> None:
    for path in ("", "/entries", "/allowed", "/due"):
        answer = service.get(
            f"/v1/plans/p9{path}", "" if path in ("", "/entries") else "on=2026-01-01"
        )
        assert (answer.status, answer.data["code"]) == (404, "unknown-plan"), path


def test_a_plan_is_shown_as_it_was_known_on_a_day(tmp_path: Path) -> None:
    service = Service.new(tmp_path, today=day(3))
    service.tell("p1", *WELL[:2])
    later = Service.over(service.store, today=day(10))
    answer = later.record("p1", withdrawn("w", "e2"), 2, accepting=accepted(later, "e2"))
    assert answer.status == 201, answer.data
    assert later.get("/v1/plans/p1").data["state"] == "before-plan"
    then = later.get("/v1/plans/p1", f"known_on={day(9)}").data
    assert (then["state"], then["version"]) == ("outline", 2)
    known = later.get("/v1/plans/p1/entries", f"known_on={day(9)}").data["entries"]
    assert [one["entry"]["id"] for one in known] == ["e1", "e2"]
    before = later.get("/v1/plans/p1", f"known_on={day(2)}")
    assert (before.status, before.data["code"]) == (404, "unknown-plan")
    assert str(day(2)) in before.data["detail"]


def accepted(service: Service, of: str) -> str:
    """Return what accepts the withdrawal of an entry."""
    question = {"entry": withdrawn("w", of)}
    found = service.ask("POST", "/v1/plans/p1/why-not", question).data
    assert not found["accepted"]
    return str(found["accept"])


def test_entries_are_listed_a_page_at_a_time_with_their_hashes(begun: Service) -> None:
    first = begun.get("/v1/plans/p1/entries", "limit=4").data
    rest = begun.get("/v1/plans/p1/entries", f"after={first['next']}").data
    found = [*first["entries"], *rest["entries"]]
    assert "next" not in rest
    rows = begun.store.history("p1")
    assert [(one["version"], one["hash"]) for one in found] == [(r.version, r.hash) for r in rows]
    assert [one["entry"]["event"] for one in found] == [event_to_dict(event) for event in WELL]


def test_what_is_allowed_is_told_with_what_each_event_has_to_hold(service: Service) -> None:
    service.tell("p1", opened())
    found = service.get("/v1/plans/p1/allowed", f"on={day(1)}").data["allowed"]
    made = next(one for one in found if one["rule"] == "plan-made")
    assert (made["event"], made["target"]) == ("initial-conference-decided", "outline")
    assert all(reason["code"] and reason["says"] for reason in made["asks"])
    before = service.get("/v1/plans/p1/allowed", f"on={day(-1)}").data["allowed"]
    assert [one["rule"] for one in before] == [
        one.rule.id for one in Plan(STANDARDS).allowed(day(-1))
    ]


def test_what_is_recorded_for_a_later_day_is_not_so_yet(tmp_path: Path) -> None:
    to = load("standards", values={"visit-interval": 3})
    service = Service.new(tmp_path, to, STANDARDS)
    service.tell("p1", *WELL)
    change = {
        "entry": "migrated",
        "id": "m",
        "on": str(day(50)),
        "to_procedure": to.name,
        "to_digest": to.digest,
    }
    asked = service.ask("POST", "/v1/plans/p1/why-not", {"entry": change}).data
    accept = asked.get("accept", "")
    assert service.record("p1", change, len(WELL), accepting=accept).status == 201
    editions = {number: STANDARDS.digest if number < 50 else to.digest for number in (49, 50, 51)}
    for number, digest in editions.items():
        found = Service.over(service.store, to, STANDARDS, today=day(number)).get("/v1/plans/p1")
        assert found.data["digest"] == digest, number
    ledger = service.store.ledger("p1", [to, STANDARDS])
    assert ledger is not None
    for number in (20, 49, 50):
        plan = ledger.plan_on(day(number))
        allowed = service.get("/v1/plans/p1/allowed", f"on={day(number)}").data["allowed"]
        assert [one["rule"] for one in allowed] == [o.rule.id for o in plan.allowed(day(number))]
        due = service.get("/v1/plans/p1/due", f"on={day(number)}").data["due"]
        assert [(one["duty"]["id"], one.get("due_on")) for one in due] == [
            (one.duty.id, str(one.due_on) if one.due_on else None)
            for one, _ in plan.due(day(number))
        ]
        assert allowed != []
        assert due != []


def test_where_a_plan_stood_is_of_the_day_of_which_it_is_known(service: Service) -> None:
    for number, event in enumerate(WELL):
        then = Service.over(service.store, today=event.on)
        procedure = {} if number else {"procedure": STANDARDS.name}
        asked = then.record("p1", happened(f"e{number}", event), number, **procedure)
        assert asked.status == 201
        assert asked.data["state"] == then.get("/v1/plans/p1").data["state"]
        known = service.get("/v1/plans/p1", f"known_on={event.on}").data
        assert (known["state"], known["last_day"]) == (asked.data["state"], str(event.on))


def test_what_is_due_is_told_as_the_kernel_tells_it(begun: Service) -> None:
    ledger = begun.store.ledger("p1", [STANDARDS])
    assert ledger is not None
    on = day(200)
    owed = ledger.plan.due(on)
    found = begun.get("/v1/plans/p1/due", f"on={on}").data["due"]
    assert [(one["duty"]["id"], one["status"]) for one in found] == [
        (one.duty.id, status.value) for one, status in owed
    ]
    assert Status.OVERDUE.value in {one["status"] for one in found}
    dated = [one["due_on"] for one in found if one["status"] == Status.OVERDUE.value]
    assert dated == sorted(dated)


def test_what_stands_against_the_procedure_is_shown(begun: Service) -> None:
    question = {"entry": withdrawn("w", "e3")}
    accept = begun.ask("POST", "/v1/plans/p1/why-not", question).data["accept"]
    begun.record("p1", withdrawn("w", "e3"), len(WELL), accepting=accept)
    unlawful = begun.get("/v1/plans/p1").data["unlawful"]
    assert unlawful
    assert all(one["reasons"] for one in unlawful)


def test_the_team_is_said_and_shown(begun: Service) -> None:
    assert begun.ask("PUT", "/v1/plans/p1/team", {"team": "north"}).data == {"team": "north"}
    assert begun.get("/v1/plans/p1").data["team"] == "north"
    assert begun.ask("PUT", "/v1/plans/p9/team", {"team": "north"}).status == 404


@pytest.mark.parametrize(
    ("path", "query", "told"),
    [
        ("/v1/plans/p1/due", "", "parameter 'on'"),
        ("/v1/plans/p1/due", "on=yesterday", "on: "),
        ("/v1/plans/p1/due", "on=2026-02-30", "on: "),
        ("/v1/plans/p1/due", "on=2026-01-01&knwon_on=2026-01-01", "'knwon_on' is not known"),
        ("/v1/plans/p1/due", "on=2026-01-01&on=2027-01-01", "'on' is given twice"),
        ("/v1/plans/p1", "known_on=null", "known_on: "),
        ("/v1/plans", "limit=0", "limit: "),
        ("/v1/plans", "limit=1000000", "limit: "),
        ("/v1/plans", "after=a%00b", "after: "),
        ("/v1/plans/p1/entries", "after=-1", "after: "),
        ("/v1/plans/a b", "", "plan: "),
        ("/v1/plans/" + "a" * 201, "", "plan: "),
        ("/health", "verbose=1", "'verbose' is not known"),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_its_place(
    begun: Service, path: str, query: str, told: str
) -> None:
    answer = begun.get(path, query)
    assert answer.status == 400, answer.data
    assert any(told in problem for problem in answer.data["problems"]), answer.data


def test_an_end_of_line_ends_no_name(begun: Service) -> None:
    for answer in (
        begun.get("/v1/plans/p1\n"),
        begun.ask("POST", "/v1/plans/p1\n/why-not", {"entry": happened("e1", opened())}),
        begun.record("p1\n", happened("e1", opened()), 0, procedure="standards"),
    ):
        assert answer.status in (400, 404), answer.data
    assert begun.store.head("p1\n").version == 0


def test_a_day_is_asked_of_whatever_year(begun: Service) -> None:
    for on in (dt.date.min, dt.date.max):
        assert begun.get("/v1/plans/p1/due", f"on={on}").status == 200
        assert begun.get("/v1/plans/p1/allowed", f"on={on}").status == 200


def test_an_address_that_is_none_and_a_method_that_is_none_are_told(service: Service) -> None:
    nothing = service.get("/v1/nothing")
    assert (nothing.status, nothing.data["code"]) == (404, "not-found")
    deleting = service.ask("DELETE", "/v1/plans/p1")
    assert (deleting.status, deleting.data["code"]) == (405, "method-not-allowed")
    assert "GET" in deleting.headers["allow"]
    for answer in (nothing, deleting):
        assert answer.headers["content-type"].startswith("application/problem+json")
    assert decided().kind not in nothing.body.decode()
