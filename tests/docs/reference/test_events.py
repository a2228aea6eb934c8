"""The page of events: every kind, what it holds, and the rules that take it."""

from __future__ import annotations

import json
import re
from functools import cache

import attrs

from cpplan import event_from_dict
from cpplan.events import KINDS, kind_of
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.reference import events
from cpplan_sim.running import loaded, run
from cpplan_sim.scenarios import read_scenario, scenario_root


@cache
def text() -> str:
    book = Book({name: loaded(name) for name in ("luton", "standards")})
    told = sorted((scenario_root() / "good" / "luton").glob("*.yaml"))[:4]
    vars(book)["runs"] = tuple(run(read_scenario(path)) for path in told)
    (page,) = events.pages(book)
    return page.text


def entry(kind: str) -> str:
    found = re.search(rf"^### `{kind}` .*?(?=^##|\Z)", text(), re.MULTILINE | re.DOTALL)
    assert found is not None, f"{kind} is not told"
    return found[0]


def test_every_kind_is_told_in_the_order_of_the_lifecycle() -> None:
    anchors = re.findall(r"^### `.*\{#(.+)\}$", text(), re.MULTILINE)
    assert anchors == [addresses.event(kind).anchor for kind in KINDS]


def test_a_kind_tells_its_meaning_and_its_own_fields() -> None:
    told = entry("initial-conference-decided")
    cls = KINDS["initial-conference-decided"]
    own = {field.name for field in attrs.fields(cls)} - {"on", "by", "id"}
    assert "whether to make a plan, and outlined it." in told
    assert set(re.findall(r"^- `(\w+)`[,:]", told, re.MULTILINE)) >= own
    assert "- `on`" not in told
    assert "Checked over its fields together: Refuse a date of birth" in told


def test_rules_are_told_with_the_procedures_that_have_them() -> None:
    told = entry("core-group-held")
    assert "[luton](../procedures/luton/rules.md#rule-core-group-held)" in told
    assert "[standards](../procedures/standards/rules.md#rule-core-group-held)" in told


def test_who_alone_may_do_it_is_told_and_otherwise_nobody_is_named() -> None:
    alone = "- `letter-sent`, only by [`conference-chair`](#choice-role): [standards]("
    assert alone in entry("chair-letter-sent")
    assert "only by" not in entry("core-group-held")


def test_a_procedure_without_a_rule_for_it_is_told_as_silent() -> None:
    silent = "No rule takes it in [luton](../procedures/luton/index.md) ([`procedure-silent`]("
    assert silent in entry("chair-letter-sent")
    assert "No rule takes it" not in entry("core-group-held")


def test_every_link_within_the_page_has_its_anchor() -> None:
    wanted = set(re.findall(r"\]\(#(.+?)\)", text()))
    there = set(re.findall(r"\{#(.+?)\}", text()))
    assert len(wanted) > 20
    assert wanted <= there


def test_every_part_and_choice_is_told_once() -> None:
    found = events.used_classes()
    assert len(found) == len(set(found)) > 20
    for cls in found:
        kind = "part" if attrs.has(cls) else "choice"
        assert text().count(f"{{#{addresses.anchor(kind, kind_of(cls))}}}") == 1


def test_the_event_shown_as_data_can_be_read_back() -> None:
    shown = re.search(r"```json\n(.*?)```", text(), re.DOTALL)
    assert shown is not None
    assert event_from_dict(json.loads(shown[1])).kind in KINDS
