from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from litestar.typing import FieldDefinition

from cpplan.entries import ENTRIES
from cpplan.events import KINDS
from cpplan.service import description
from cpplan.service.asking import Question
from cpplan.service.transfer import Strict
from tests.kernel.histories import day, opened
from tests.kernel.ledgering import WELL
from tests.kernel.service.asgi import Service, happened, withdrawn

ROOT = Path(__file__).parents[3]
COMMITTED = ROOT / "docs" / "openapi.json"


def test_the_committed_description_is_the_one_that_is_given(service: Service) -> None:
    given = service.get("/openapi.json").body.decode()
    assert given == description(service.app)
    assert given == COMMITTED.read_text("utf-8"), "draw it: python tools/service_description.py"


def test_the_tool_draws_what_is_committed() -> None:
    spec = importlib.util.spec_from_file_location("drawn", ROOT / "tools/service_description.py")
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert tool.text() == COMMITTED.read_text("utf-8")


@pytest.fixture(scope="module")
def described() -> Any:
    return json.loads(COMMITTED.read_text("utf-8"))


def test_it_is_openapi_that_needs_a_token_but_for_health(described: Any) -> None:
    assert described["openapi"].startswith("3.1")
    assert described["security"] == [{"bearer": []}]
    free = [path for path, ops in described["paths"].items() if ops.get("get", {}).get("security")]
    assert free == ["/health"]


def test_it_names_no_other_server_and_there_is_no_page(service: Service, described: Any) -> None:
    assert "http" not in json.dumps(described).replace('"scheme": "bearer", "type": "http"', "")
    for path in ("/schema", "/schema/swagger", "/docs", "/redoc", "/.none"):
        assert service.get(path).status == 404


def test_every_kind_of_event_and_entry_is_in_it_and_nothing_else_is_let_through(
    described: Any,
) -> None:
    schemas = described["components"]["schemas"]
    events = {schemas[cls.__name__]["properties"]["event"]["const"] for cls in KINDS.values()}
    assert events == set(KINDS)
    assert len(schemas["Event"]["oneOf"]) == len(KINDS)
    asked = {one["properties"]["entry"]["const"] for one in schemas["Said"]["oneOf"]}
    assert asked == set(ENTRIES)
    shut = [name for name, one in schemas.items() if "properties" in one]
    assert all(schemas[name]["additionalProperties"] is False for name in shut)


def test_answers_are_as_it_describes_them(service: Service, described: Any) -> None:
    service.tell("p1", *WELL)
    refused = service.record("p1", withdrawn("w", "e3"), len(WELL))
    question = {"entry": happened("x", opened(day(20)))}
    answers = {
        "ProcedureList": service.get("/v1/procedures"),
        "ProcedureShown": service.get("/v1/procedures/standards"),
        "ClauseList": service.get("/v1/procedures/standards/clauses"),
        "ClauseShown": service.get("/v1/clauses/standards/1a"),
        "PlanList": service.get("/v1/plans"),
        "PlanShown": service.get("/v1/plans/p1"),
        "EntryList": service.get("/v1/plans/p1/entries"),
        "AllowedList": service.get("/v1/plans/p1/allowed", f"on={day(20)}"),
        "DueList": service.get("/v1/plans/p1/due", f"on={day(90)}"),
        "Considered": service.ask("POST", "/v1/plans/p1/why-not", question),
        "Recorded": service.record("p1", happened("e1", WELL[0]), 0),
        "Problem": refused,
        "Health": service.get("/health"),
    }
    for name, answer in answers.items():
        schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
        told = [error.message for error in Draft202012Validator(schema).iter_errors(answer.data)]
        assert told == [], name
        assert answer.data, name


def test_no_class_stands_between_what_is_asked_and_the_handler() -> None:
    assert list(Strict.generate_field_definitions(Question)) == []
    assert not Strict.detect_nested_field(FieldDefinition.from_annotation(Question))


def test_numbers_that_count_have_their_least_and_their_most(described: Any) -> None:
    schemas = described["components"]["schemas"]
    needed = schemas["VisitIntervalChanged"]["properties"]["visit_interval"]
    assert (needed["minimum"], needed["maximum"]) == (1, 2**53 - 1)
    optional = schemas["InitialConferenceDecided"]["properties"]["core_group_interval"]["oneOf"]
    assert {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}.items() <= optional[0].items()
