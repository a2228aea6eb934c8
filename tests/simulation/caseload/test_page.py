"""The page: words first, every chart with its figures in a table, and nothing that is loaded."""

import re
import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest

from cpplan_sim.caseload.findings import DutyFinding
from cpplan_sim.caseload.numerals import numbers, percents
from cpplan_sim.caseload.page import page, write_page
from cpplan_sim.caseload.page_tables import (
    bands_table,
    capacity_table,
    differences_table,
    duties_table,
    duty_differences_table,
    escalations_table,
    owed_table,
    refusals_table,
    survival_table,
)
from cpplan_sim.caseload.svg import COLOURS, ChartsMissingError
from cpplan_sim.caseload.wording import comparison_in_words, partly, summary_of, verdict
from tests.simulation.caseload.made_counts import made, nothing, procedure, results, whole
from tests.simulation.caseload.test_charts import teams
from tests.simulation.caseload.test_comparison import compared

VOID = {"meta", "br"}
LOADS = {"src", "href", "xlink:href", "srcset", "data", "action", "poster", "background"}


class Read(HTMLParser):
    """Notes tags, addresses, ids, titles and text, and fails on a tag that is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.said: dict[str, list[str]] = {}
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attributes:
            if name in LOADS:
                self.addresses.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text += data
            self.said.setdefault(self.open[-1] if self.open else "", []).append(data)


@cache
def full() -> str:
    return page(whole(), compared=compared(), capacity=teams())


@cache
def read() -> Read:
    return Read(full())


def test_nothing_leaves_the_page() -> None:
    found = read()
    assert all(address.startswith("#") for address in found.addresses)
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(found.tags)
    assert "@import" not in full()
    assert "url(http" not in full()
    assert len(found.ids) == len(set(found.ids))


def test_words_come_first_all_of_them() -> None:
    text = read().text
    places = [text.index(sentence) for sentence in summary_of(whole())]
    assert places == sorted(places)
    assert places[-1] < text.index("What was done on time")
    assert places[-1] < text.index(compared().other.label + ", against ")
    for sentence in comparison_in_words(compared()):
        assert sentence in text


def test_each_chart_has_a_table_after_it() -> None:
    found = [tag for tag in read().tags if tag in ("h2", "svg", "table")]
    sections = " ".join(found).split("h2")[1:]
    drawn = [section.split() for section in sections if "svg" in section]
    assert sum(section.count("svg") for section in drawn) == 7
    assert all(section.index("table") > section.index("svg") for section in drawn)
    assert all(section.count("table") >= section.count("svg") for section in drawn)


def test_titles_are_those_of_the_parts() -> None:
    assert read().said["h2"] == [
        "standards, against standards",
        "How many social workers",
        "What was done on time",
        "How long plans last",
        "How plans end",
        "The workload",
        "Where the time goes",
        "What the rules refused",
    ]


def test_every_row_has_a_cell_under_each_head_that_a_phone_shows_beside_it() -> None:
    tables = re.findall(r"<table>.*?</table>", full(), flags=re.S)
    assert len(tables) == read().tags.count("table") > 12
    for table in tables:
        heads = re.findall(r"<th(?: class=\"n\")?>(.*?)</th>", table)
        rows = re.findall(r"<tr><td.*?</tr>", table)
        assert rows
        assert all(re.findall('data-head="([^"]*)"', row) == heads for row in rows)


def test_every_colour_of_a_chart_is_set_by_day_and_by_night() -> None:
    day, night = re.findall(r":root \{([^}]*)\}", full())
    for name in COLOURS:
        assert f"--{name}:" in day
        assert f"--{name}:" in night
    assert "@media print" in full()
    assert "prefers-color-scheme: dark" in full()
    assert 'name="viewport"' in full()


def test_a_page_without_comparison_or_capacity_has_no_such_part() -> None:
    text = Read(page(whole())).text
    assert "against" not in text
    assert "How many social workers" not in text


def test_a_run_that_was_stopped_is_told_on_top_and_once() -> None:
    stopped = results(made(procedure()), procedure(), asked=1_000_000)
    text = page(stopped)
    assert text.count(partly(stopped)) == 1
    assert text.index('<p class="stopped">') < text.index("synthetic cases were run")
    assert 'class="stopped"' not in full()


def test_a_run_of_no_case_has_a_page_too() -> None:
    text = page(results(nothing(procedure()), procedure(), asked=100))
    assert "No case was run to its end, so there is nothing to tell." in text
    assert Read(text).tags.count("svg") == 1  # the months, all of them at none


def test_a_silent_procedure_has_no_endings_to_show() -> None:
    text = Read(page(whole("lead-social-worker"))).text
    assert "The procedure says nothing of how a plan ends." in text
    assert "Every ending" not in text


def test_what_is_given_is_escaped() -> None:
    sly = attrs.evolve(whole(), label="<script>alert(1)</script>", title="<b>&", profile="'\">")
    assert "<script" not in page(sly)
    assert "<b>&" in Read(page(sly)).text


def test_the_page_is_the_same_each_time_and_written_where_it_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "new" / "page.html"
    write_page(path, whole(), compared=compared(), capacity=teams())
    assert path.read_text(encoding="utf-8") == full()


def test_without_matplotlib_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ChartsMissingError, match=r"pip install 'cpplan\[caseload\]'"):
        write_page(tmp_path / "new" / "page.html", whole())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_matplotlib_is_imported_only_when_something_is_drawn() -> None:
    code = "import sys, cpplan_sim.caseload.page; sys.exit('matplotlib' in sys.modules)"
    environment = {"PYTHONPATH": ":".join(sys.path)}
    assert (
        subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
    )


# ------------------------------------------------------------------------------- the tables


def test_a_duty_is_told_with_share_clauses_counts_and_days() -> None:
    duty = whole().duties[0]
    row = duties_table([duty]).rows[0]
    assert row == (
        f"{duty.id}: {duty.says}",
        "must",
        ", ".join(duty.clauses),
        percents(duty.share),
        f"{duty.on_time:,}",
        f"{duty.late:,}",
        f"{duty.missed:,}",
        "3, 3, 3",
    )


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        ({"timed": False, "share": None}, 3, "no time stated: none decided"),
        ({"clauses": ()}, 2, "our choice"),
        ({"late_days": ()}, 7, "none late"),
        ({"late_days": (1, 2, 91)}, 7, "1, 2, 91 or more"),
    ],
)
def test_what_a_duty_lacks_is_told_in_words(
    change: dict[str, object], column: int, told: str
) -> None:
    duty: DutyFinding = attrs.evolve(whole().duties[0], **change)  # type: ignore[arg-type]
    assert duties_table([duty]).rows[0][column] == told


def test_all_that_was_owed_is_accounted_for() -> None:
    for row in owed_table(whole().duties).rows:
        owed, decided, lapsed, undated, still, overdue = (
            int(cell.replace(",", "")) for cell in row[1:]
        )
        assert owed == decided + lapsed + undated + still
        assert overdue == 2 <= still


def test_survival_is_told_every_so_many_weeks() -> None:
    rows = survival_table(whole().survival, 13, 52).rows
    assert [row[0] for row in rows] == ["0", "13", "26", "39", "52"]
    assert rows[1][1] == percents(whole().survival[13].share)
    assert len(survival_table(whole().survival, 1, 52).rows) == 53


def test_bands_are_told_for_ended_and_open_plans_of_each_year() -> None:
    rows = bands_table(whole().years).rows
    assert [row[1] for row in rows] == ["ended", "open"] * 3
    assert rows[2] == ("31 March 2023", "ended", "5", "6", "7", "8", "9")


def test_an_escalation_says_whence_or_whither() -> None:
    told = {row[1].partition(" ")[0] for row in escalations_table(whole().escalations).rows}
    assert told == {"from", "to"}


def test_a_refusal_is_told_with_every_sentence_of_its_code() -> None:
    one = next(each for each in whole().refusals if len(each.says) > 1)
    assert refusals_table([one]).rows[0][1] == " Or: ".join(one.says)


def test_differences_are_told_with_what_to_make_of_them() -> None:
    visits = compared().means[1]
    row = differences_table(compared()).rows[1]
    assert row[:2] == ("visits", verdict(visits))
    assert row[4] == numbers(visits.by)


def test_a_duty_of_another_name_is_told_with_both() -> None:
    changed = attrs.evolve(compared().duties[0], other_duty="home-visit")
    found = attrs.evolve(compared(), duties=(changed,))
    assert duty_differences_table(found).rows[0][0] == (
        "visit (must); the other's home-visit (must)"
    )
    assert duty_differences_table(compared()).rows[0][0] == "visit (must)"


def test_teams_are_told_from_the_smallest_on() -> None:
    rows = capacity_table(reversed(teams())).rows
    assert [row[0] for row in rows] == ["6", "10", "14"]
    assert rows[0][2:] == ("2.00", "1.00")
