"""Chunks of cases and events, made or drawn, and what files must say of them, cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
from hypothesis import strategies as st

from cpplan_sim.caseload.rows import NO_NAME, NO_VALUE, CaseRows, Coded, EventRows, Kind, Rows

DAY = 19_000
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\t\n\r\"'<>&,;"),
    min_size=1,
    max_size=8,
)
"""Names that any form can hold, however awkward."""
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@attrs.frozen
class Made:
    """Some cases, and what was attempted in them."""

    cases: CaseRows
    events: EventRows


def numbers(*values: int) -> Any:
    return np.array(values, np.int32)


def cases(first: int = 0, many: int = 4, **differing: Any) -> CaseRows:
    """Return cases of which every other one is open, has no age and no gap between visits."""
    place = np.arange(many, dtype=np.int32)
    even = place % 2 == 0
    usual: dict[str, Any] = {
        "case": np.arange(first, first + many, dtype=np.int64),
        "opened": DAY + place,
        "ended": np.where(even, DAY + 100 + place, NO_VALUE).astype(np.int32),
        "ending": Coded(np.where(even, 1, NO_NAME).astype(np.int32), ("ended.move", "ended.rcpc")),
        "category": Coded(place % 2, ("neglect", "physical")),
        "siblings": place % 4 + 1,
        "second_plan": ~even,
        "age_years": np.where(even, place % 18, NO_VALUE).astype(np.int32),
        "visits": place,
        "meetings": place + 1,
        "longest_gap_days": np.where(even, 30 + place % 9, NO_VALUE).astype(np.int32),
        "escalations": place % 3,
        "refused": place % 5,
        "duties_late": place % 7,
        "duties_missed": place % 2,
    }
    return CaseRows(**(usual | differing))


def events(first: int = 0, many: int = 4, each: int = 3, **differing: Any) -> EventRows:
    """Return events of cases, the last of each case refused for two reasons."""
    place = np.tile(np.arange(each, dtype=np.int32), many)
    accepted = place < each - 1
    usual: dict[str, Any] = {
        "case": np.repeat(np.arange(first, first + many, dtype=np.int64), each),
        "number": place,
        "on": DAY + place * 7,
        "event": Coded(place % 2, ("visit-made", "core-group-held")),
        "state_before": Coded(np.minimum(place, 1), ("outline", "active")),
        "state_after": Coded(np.minimum(place + 1, 1), ("outline", "active")),
        "rule": Coded(np.where(accepted, 0, NO_NAME).astype(np.int32), ("visit",)),
        "accepted": accepted,
        "refusals": Coded(
            np.where(accepted, NO_NAME, 0).astype(np.int32), ("too-early;plan-ended",)
        ),
    }
    return EventRows(**(usual | differing))


def made(first: int = 0, many: int = 4, each: int = 3) -> Made:
    return Made(cases(first, many), events(first, many, each))


def chunks(number: int, many: int, each: int = 3) -> Iterator[Made]:
    """Yield chunks one after the other, none of them kept."""
    for first in range(0, number * many, many):
        yield made(first, many, each)


def told(rows: Rows) -> list[dict[str, Any]]:
    """Return what a file must say: for each row its cells as plain values, ``None`` if empty."""
    found: list[dict[str, Any]] = [{} for _ in range(len(rows))]
    for column in rows.columns():
        values = getattr(rows, column.name)
        for number, row in enumerate(found):
            if column.kind is Kind.NAME:
                code = int(values.codes[number])
                row[column.name] = None if code == NO_NAME else values.names[code]
                continue
            value = values[number].item()
            if column.kind is Kind.DAY and value != NO_VALUE:
                value = dt.date(1970, 1, 1) + dt.timedelta(days=value)
            row[column.name] = None if value == NO_VALUE else value
    return found


def _some(draw: st.DrawFn, size: int, low: int = 0, high: int = 2**31 - 1) -> Any:
    values = draw(st.lists(st.integers(low, high), min_size=size, max_size=size))
    return np.array(values, np.int32)


def _coded(draw: st.DrawFn, size: int, text: st.SearchStrategy[str]) -> Coded:
    names = draw(st.lists(text, min_size=1, max_size=4))
    return Coded(_some(draw, size, 0, len(names) - 1), tuple(names))


@st.composite
def drawn_cases(draw: st.DrawFn) -> CaseRows:
    """Draw cases with awkward names and extreme values."""
    many = draw(st.integers(0, 6))
    over = np.array(draw(st.lists(st.booleans(), min_size=many, max_size=many)), np.bool_)
    opened = _some(draw, many, -700_000, 1_000_000)
    ending = _coded(draw, many, ANY_TEXT)
    return cases(
        draw(st.integers(-(2**63), 2**63 - 10)),
        many,
        opened=opened,
        ended=np.where(over, opened + _some(draw, many, 0, 9_999), NO_VALUE).astype(np.int32),
        ending=Coded(np.where(over, ending.codes, NO_NAME), ending.names),
        category=_coded(draw, many, ANY_TEXT),
        visits=_some(draw, many, NO_VALUE + 1),
    )


@st.composite
def drawn_events(draw: st.DrawFn, text: st.SearchStrategy[str] = XML_TEXT) -> EventRows:
    """Draw events with awkward names; a case may have none that was accepted."""
    each = draw(st.lists(st.integers(1, 4), max_size=5))
    size = sum(each)
    accepted = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)), np.bool_)
    refusals, rule = _coded(draw, size, text), _coded(draw, size, text)
    return EventRows(
        case=np.repeat(np.array(draw(st.permutations(range(len(each)))), np.int64), each),
        number=np.arange(size, dtype=np.int32),
        on=_some(draw, size, -700_000, 1_000_000),
        event=_coded(draw, size, text),
        state_before=_coded(draw, size, text),
        state_after=_coded(draw, size, text),
        rule=Coded(np.where(accepted, rule.codes, NO_NAME), rule.names),
        accepted=accepted,
        refusals=Coded(np.where(accepted, NO_NAME, refusals.codes), refusals.names),
    )
