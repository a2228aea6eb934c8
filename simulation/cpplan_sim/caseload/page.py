"""The page: what a run comes to, in words, charts and tables, as one file that loads nothing.

Holds what stands on it and in which order: words first, then each chart with its figures. It must
not work out a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs
from jinja2 import Environment, PackageLoader, StrictUndefined

from cpplan_sim.caseload import bar_charts, charts, difference_charts, page_tables
from cpplan_sim.caseload.comparison import Comparison
from cpplan_sim.caseload.findings import Results
from cpplan_sim.caseload.numerals import day, percents
from cpplan_sim.caseload.page_tables import Table
from cpplan_sim.caseload.staffing import StaffFinding
from cpplan_sim.caseload.svg import Chart
from cpplan_sim.caseload.wording import (
    capacity_in_words,
    comparison_in_words,
    partly,
    summary_of,
)

QUARTER = 13
"""Weeks: how often survival is told at a glance."""


def _there(given: Iterable[Chart | None]) -> tuple[Chart, ...]:
    return tuple(one for one in given if one)


@attrs.frozen(kw_only=True)
class Section:
    """A part of the page.

    Attributes:
        title: what it is about.
        says: what to know before reading it.
        charts: drawn in it; those that have nothing to draw are left out.
        tables: the same figures, and more.
        folded: tables that are opened on request.
    """

    title: str
    says: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = attrs.field(default=(), converter=_there)
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()


def write_page(
    path: Path,
    results: Results,
    *,
    compared: Comparison | None = None,
    capacity: Sequence[StaffFinding] = (),
) -> None:
    """Write the page, and the folder it stands in if there is none.

    Raises:
        ChartsMissingError: matplotlib is not installed. Nothing is written then.
    """
    text = page(results, compared=compared, capacity=capacity)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def page(
    results: Results,
    *,
    compared: Comparison | None = None,
    capacity: Sequence[StaffFinding] = (),
) -> str:
    """Return the page.

    Args:
        results: the run that it is about.
        compared: this run beside another.
        capacity: what teams of different sizes keep up with.

    Raises:
        ChartsMissingError: matplotlib is not installed.
    """
    environment = Environment(
        loader=PackageLoader("cpplan_sim"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    before = [_compared(compared)] if compared else []
    if capacity:
        before.append(_capacity(capacity))
    return environment.get_template("caseload.html.j2").render(
        results=results,
        opens=day(results.opens),
        closes=day(results.closes),
        stopped=partly(results),
        words=[one for one in summary_of(results) if one != partly(results)],
        sections=[*before, *_sections(results)],
    )


def _compared(compared: Comparison) -> Section:
    return Section(
        title=f"{compared.other.label}, against {compared.one.label}",
        says=comparison_in_words(compared),
        charts=(
            difference_charts.differences_chart(compared),
            difference_charts.duty_differences_chart(compared.duties),
        ),
        tables=(
            page_tables.differences_table(compared),
            page_tables.duty_differences_table(compared),
        ),
    )


def _capacity(curve: Sequence[StaffFinding]) -> Section:
    return Section(
        title="How many social workers",
        says=capacity_in_words(curve),
        charts=(charts.capacity_chart(curve),),
        tables=(page_tables.capacity_table(curve),),
    )


def _sections(results: Results) -> Iterator[Section]:
    yield Section(
        title="What was done on time",
        says=(
            "The share is of what was decided: done, on time or late, or missed for good. What was"
            " still owed on the last day is not in it.",
        ),
        charts=(bar_charts.duties_chart(results.duties),),
        tables=(page_tables.duties_table(results.duties),),
        folded=(page_tables.owed_table(results.duties),),
    )
    yield _lengths(results)
    yield Section(
        title="How plans end",
        says=() if results.endings else ("The procedure says nothing of how a plan ends.",),
        charts=(bar_charts.endings_chart(results.endings),),
        tables=(page_tables.endings_table(results.endings),) if results.endings else (),
    )
    yield Section(
        title="The workload",
        charts=(charts.workload_chart(results.months),),
        tables=(page_tables.means_table(results.means),),
        folded=(page_tables.months_table(results.months),),
    )
    yield Section(
        title="Where the time goes",
        says=("Stays that went on after the last day are cut short by it.",),
        tables=(
            page_tables.states_table(results.states),
            page_tables.escalations_table(results.escalations),
        ),
    )
    yield Section(
        title="What the rules refused",
        says=("An attempt can be refused for several reasons, and is counted under each.",),
        tables=(page_tables.refusals_table(results.refusals),),
    )


def _lengths(results: Results) -> Section:
    last = charts.WEEKS
    says = (
        "Of plans open for three months or more on the last day, reviewed in time throughout:"
        f" {percents(results.reviewed)}."
    )
    return Section(
        title="How long plans last",
        says=(says,),
        charts=(charts.survival_chart(results),),
        tables=(
            page_tables.survival_table(results.survival, QUARTER, last),
            page_tables.years_table(results.years),
            page_tables.bands_table(results.years),
        ),
        folded=(page_tables.survival_table(results.survival, 1, last),),
    )
