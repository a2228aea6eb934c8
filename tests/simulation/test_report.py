"""The report: one page that loads nothing, holds everything, and escapes what it is given."""

from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from cpplan_sim.checks import Checked, check
from cpplan_sim.report import page, write_report
from cpplan_sim.running import loaded, run
from cpplan_sim.scenarios import read_scenario, shipped
from tests.breaking import without_citing, without_code
from tests.simulation.telling import OPENED, ran

VOID = {"meta", "br", "link", "img", "hr", "input"}
LOADS = {"src", "href", "srcset", "data", "action", "poster", "background"}


class Page(HTMLParser):
    """Notes text, addresses, ids and tags, and fails on a tag that is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name in LOADS:
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data


@cache
def sound() -> tuple[Checked, ...]:
    runs = tuple(run(read_scenario(path)) for path in shipped("standards")[:4])
    found = [
        check(loaded(name), runs if name == "standards" else (), cases=40)
        for name in ("standards", "lead-social-worker")
    ]
    # That enough cases exercise everything is told by the tests of the check.
    return tuple(
        attrs.evolve(one, tested=tuple(attrs.evolve(each, held=40) for each in one.tested))
        for one in found
    )


@cache
def sound_page() -> Page:
    return Page(page(list(sound())))


@cache
def broken_page() -> Page:
    procedure = without_code(loaded("standards"), "letter-route-agreed", "not-unanimous")
    return Page(page([check(without_citing(procedure, "standards/6c"), (), cases=60)]))


def test_the_page_is_whole_and_loads_nothing() -> None:
    assert sound_page().tags.isdisjoint({"script", "link", "img", "iframe", "object", "form"})
    assert sound_page().addresses
    assert all(address.startswith("#") for address in sound_page().addresses)
    assert "@import" not in page(list(sound()))
    assert "url(" not in page(list(sound()))


def test_the_page_leads_to_each_procedure() -> None:
    assert sound_page().ids == ["standards", "lead-social-worker"]
    assert sound_page().addresses == ["#standards", "#lead-social-worker"]
    for one in sound():
        assert one.procedure.title in sound_page().text
        assert one.procedure.edition in sound_page().text


def test_the_page_says_first_whether_everything_held() -> None:
    told = sound_page().text
    assert told.split("\n")[0:8].count("cpplan check") == 1
    assert "Check of 2 procedures" in told
    assert told.index("Everything held.") < told.index("Procedure")
    assert "Not everything held." in broken_page().text
    assert "Everything held." not in broken_page().text


@pytest.mark.parametrize("one", loaded("standards").requirements.values(), ids=lambda one: one.id)
def test_every_requirement_is_on_the_page_with_its_clauses(one: object) -> None:
    says, cites = (getattr(one, name) for name in ("says", "cites"))
    assert says in sound_page().text
    assert ", ".join(cites) in sound_page().text


def test_the_page_says_what_each_procedure_is_silent_on() -> None:
    assert "Silent on" in sound_page().text
    for topic, why in loaded("standards").silent.items():
        assert topic in sound_page().text
        assert why in sound_page().text


def test_told_cases_are_on_the_page_as_they_are_told_on_the_terminal() -> None:
    for told in sound()[0].runs:
        assert told.scenario.title in sound_page().text
        assert told.scenario.says in sound_page().text


def test_the_page_names_a_breach_and_a_missing_clause() -> None:
    assert "let through by the rule letter-route-agreed" in broken_page().text
    assert "Nothing stands on: standards/6c" in broken_page().text


def test_the_page_names_what_was_filled() -> None:
    filled = loaded("standards", "composite")
    told = Page(page([check(filled, (), cases=1)])).text
    assert "Filled from composite" in told


def test_what_a_pack_or_a_case_says_is_never_taken_for_markup(tmp_path: Path) -> None:
    nasty = "<script>alert(1)</script> & 'quoted' \"twice\""
    procedure = attrs.evolve(
        loaded("standards"),
        title=nasty,
        says=nasty,
        edition=nasty,
        excused={"standards/6c": nasty},
        silent={"visits": nasty},
    )
    told = ran(tmp_path, OPENED)
    told = attrs.evolve(told, scenario=attrs.evolve(told.scenario, title=nasty, says=nasty))
    made = Page(page([check(without_citing(procedure, "standards/6c"), (told,), cases=1)]))
    assert "script" not in made.tags
    assert made.text.count(nasty) >= 6


def test_the_report_is_written_where_asked_and_its_folder_made(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "report.html"
    write_report(path, list(sound()))
    assert path.read_text(encoding="utf-8") == page(list(sound()))
