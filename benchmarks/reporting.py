"""Reporting: what was measured as a table for a terminal, as plain text, or as JSON."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from importlib import metadata

from rich.console import Console
from rich.table import Table

from benchmarks.measuring import Group, Measured, spread

COLUMNS = ("", "median", "quartiles", "ratio", "quartiles", "target")
LIBRARIES = ("cpplan", "attrs", "transitions", "python-statemachine", "sismic")


def setting() -> dict[str, str]:
    """Return what the figures depend on: the interpreter, the machine and the versions."""
    versions = {name: _version(name) for name in LIBRARIES}
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors",
        **{name: version for name, version in versions.items() if version},
    }


def rows(group: Group, measured: Iterable[Measured]) -> list[tuple[str, ...]]:
    """Return a row of text for each contender, in the order of :data:`COLUMNS`."""
    return [_row(group.unit, number, one) for number, one in enumerate(measured)]


def print_table(group: Group, measured: Sequence[Measured]) -> None:
    """Print a group: by rich in a terminal, else with spaces alone."""
    heading = f"{group.title} ({group.unit}, {group.rounds} rounds)"
    found = rows(group, measured)
    if sys.stdout.isatty():
        table = Table(title=heading, title_justify="left")
        for number, column in enumerate(COLUMNS):
            table.add_column(column, justify="right" if number else "left")
        for row in found:
            table.add_row(*row)
        Console().print(table)
    else:
        _write(heading)
        widths = [max(map(len, column)) for column in zip(COLUMNS, *found, strict=True)]
        for row in (COLUMNS, *found):
            first, *rest = (
                cell.rjust(width) if number else cell.ljust(width)
                for number, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            _write("  " + "  ".join([first, *rest]).rstrip())
    for line in group.skipped:
        _write(f"  skipped: {line}")
    _write("")


def as_json(results: Iterable[tuple[Group, Sequence[Measured]]]) -> str:
    """Return everything that was measured, every round of it."""
    groups = [
        {
            "title": group.title,
            "unit": group.unit,
            "contenders": [
                {
                    "name": one.name,
                    "median": spread(one.figures)[1],
                    "ratio": spread(one.ratios)[1],
                    "target": one.at_most,
                    "figures": one.figures,
                    "ratios": one.ratios,
                }
                for one in measured
            ],
            "skipped": group.skipped,
        }
        for group, measured in results
    ]
    return json.dumps({"setting": setting(), "groups": groups}, indent=2)


def print_setting() -> None:
    """Print what the figures depend on."""
    _write(", ".join(f"{name} {value}" for name, value in setting().items()) + "\n")


def _row(unit: str, number: int, one: Measured) -> tuple[str, ...]:
    low, middle, high = spread(one.figures)
    low_ratio, ratio, high_ratio = spread(one.ratios)
    between = "" if len(one.figures) == 1 else f"{_figure(low)} to {_figure(high)}"
    if number == 0:
        return (one.name, f"{_figure(middle)} {unit}", between, "1", "", "")
    return (
        one.name,
        f"{_figure(middle)} {unit}",
        between,
        f"{ratio:.2f}",
        "" if len(one.ratios) == 1 else f"{low_ratio:.2f} to {high_ratio:.2f}",
        "" if one.at_most is None else f"at most {one.at_most:g}",
    )


def _figure(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 100 else f"{value:.2f}"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _write(line: str) -> None:
    sys.stdout.write(line + "\n")
