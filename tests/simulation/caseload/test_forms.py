"""Forms: what is read back from CSV, Parquet and XES is what was written."""

from __future__ import annotations

import csv
import datetime as dt
import importlib
import io
import re
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, BinaryIO
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cpplan_sim.caseload import forms
from cpplan_sim.caseload.forms import Csv, Form, Parquet, UnwritableError, Xes
from cpplan_sim.caseload.rows import CaseRows, Coded, EventRows, Kind, Rows
from tests.simulation.caseload.chunks import (
    ANY_TEXT,
    cases,
    drawn_cases,
    drawn_events,
    events,
    told,
)

parquet = importlib.import_module("pyarrow.parquet")

Make = Callable[[BinaryIO], Form[Any]]
FORMS: dict[str, Make] = {
    "csv": partial(Csv, kind=EventRows),
    "parquet": partial(Parquet, kind=EventRows),
    "xes": partial(Xes, refused=True),
}
ALL_ROWS = drawn_cases() | drawn_events(ANY_TEXT)


def content(make: Make, rows: Iterable[Rows]) -> bytes:
    file = io.BytesIO()
    form = make(file)
    for one in rows:
        form.add(one)
    form.finish()
    return file.getvalue()


def texts(rows: Rows) -> list[dict[str, str]]:
    """Return what CSV must say of rows."""
    flags = {True: "true", False: "false", None: ""}
    return [
        {
            name: flags[value] if value is None or isinstance(value, bool) else str(value)
            for name, value in row.items()
        }
        for row in told(rows)
    ]


@given(ALL_ROWS)
def test_csv_reads_back(rows: Rows) -> None:
    found = content(partial(Csv, kind=type(rows)), [rows])
    reader = csv.DictReader(io.StringIO(found.decode(), newline=""), strict=True)
    assert list(reader) == texts(rows)
    assert reader.fieldnames == [column.name for column in rows.columns()]


@given(ALL_ROWS)
def test_parquet_reads_back(rows: Rows) -> None:
    table = parquet.read_table(io.BytesIO(content(partial(Parquet, kind=type(rows)), [rows])))
    assert table.to_pylist() == told(rows)
    for column, field in zip(rows.columns(), table.schema, strict=True):
        assert field.name == column.name
        assert field.nullable == column.maybe
        assert (str(field.type) == "date32[day]") == (column.kind is Kind.DAY)


def test_a_case_number_has_64_bits_in_parquet() -> None:
    schema = parquet.read_schema(io.BytesIO(content(partial(Parquet, kind=CaseRows), [cases()])))
    assert str(schema.field("case").type) == "int64"
    assert str(schema.field("visits").type) == "int32"


@pytest.mark.parametrize("form", FORMS)
def test_without_rows_a_file_is_whole(form: str) -> None:
    found = content(FORMS[form], [])
    match form:
        case "csv":
            assert found.decode().startswith("case,number,on,")
            assert found.count(b"\n") == 1
        case "parquet":
            assert parquet.read_table(io.BytesIO(found)).num_rows == 0
        case _:
            assert ElementTree.fromstring(found).findall(f"{NAMESPACE}trace") == []


@pytest.mark.parametrize("form", FORMS)
@given(rows=drawn_events(), most=st.integers(1, 7))
def test_the_bytes_do_not_depend_on_how_rows_are_cut(form: str, rows: EventRows, most: int) -> None:
    whole = content(FORMS[form], [rows])
    assert content(FORMS[form], rows.parts(most)) == whole
    assert content(FORMS[form], [rows]) == whole


@pytest.mark.parametrize("form", FORMS)
def test_parts_and_row_groups_hide_where_they_end(
    form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = events(many=50)
    whole = told_back(form, content(FORMS[form], [rows]))
    monkeypatch.setattr(forms, "PART", 7)
    monkeypatch.setattr(forms, "GROUP", 40)
    small = content(FORMS[form], rows.parts(11))
    assert told_back(form, small) == whole
    if form == "parquet":
        groups = parquet.ParquetFile(io.BytesIO(small)).metadata
        found = [groups.row_group(number).num_rows for number in range(groups.num_row_groups)]
        assert found == [40, 40, 40, 30]


def test_where_pages_of_parquet_end_does_not_tell_the_chunks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # More case numbers in a group than its dictionary takes, so that their pages end in its midst.
    monkeypatch.setattr(forms, "GROUP", 150_000)
    rows = cases(many=150_000)
    make = partial(Parquet, kind=CaseRows)
    assert content(make, rows.parts(1_999)) == content(make, [rows])


def told_back(form: str, found: bytes) -> Any:
    return parquet.read_table(io.BytesIO(found)).to_pylist() if form == "parquet" else found


# ----------------------------------------------------------------------------------- XES

NAMESPACE = "{http://www.xes-standard.org/}"
EXTENSIONS = {"concept", "time", "lifecycle"}
TYPES: dict[str, Callable[[str], Any]] = {
    "string": str,
    "int": int,
    "boolean": {"true": True, "false": False}.__getitem__,
    "date": dt.datetime.fromisoformat,
}
STANDARD_LIFECYCLE = {
    *("schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume"),
    *("pi_abort", "ate_abort", "complete", "autoskip", "manualskip", "unknown"),
}


def tags(element: ElementTree.Element) -> list[str]:
    assert all(child.tag.startswith(NAMESPACE) for child in element)
    return [child.tag.removeprefix(NAMESPACE) for child in element]


def attributes(element: ElementTree.Element) -> dict[str, Any]:
    """Return the attributes of a log, trace, event or global, each with a key of its own."""
    found: dict[str, Any] = {}
    for tag, child in zip(tags(element), element, strict=True):
        if tag in TYPES:
            assert set(child.attrib) == {"key", "value"}
            key = child.attrib["key"]
            assert key not in found
            assert re.fullmatch(r"[A-Za-z_][\w:]*", key, re.ASCII)
            assert ":" not in key or key.partition(":")[0] in EXTENSIONS
            found[key] = TYPES[tag](child.attrib["value"])
    return found


def checked_log(found: bytes) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the traces of an XES file, which is held against the standard's structure."""
    log = ElementTree.fromstring(found)
    assert log.tag == f"{NAMESPACE}log"
    assert log.attrib == {"xes.version": "1.0", "xes.features": ""}
    order = "".join(
        {"extension": "e", "global": "g", "classifier": "c", "trace": "t"}.get(tag, "a")
        for tag in tags(log)
    )
    assert re.fullmatch("e*g{0,2}c*a*t*", order)
    extensions = log.findall(f"{NAMESPACE}extension")
    assert {one.attrib["prefix"] for one in extensions} == EXTENSIONS
    for one in extensions:
        prefix = one.attrib["prefix"]
        assert one.attrib["name"].lower() == prefix
        assert one.attrib["uri"] == f"http://www.xes-standard.org/{prefix}.xesext"
    promised = {
        one.attrib["scope"]: set(attributes(one)) for one in log.findall(f"{NAMESPACE}global")
    }
    for one in log.findall(f"{NAMESPACE}classifier"):
        assert set(one.attrib["keys"].split()) <= promised["event"]
    assert attributes(log) == {"lifecycle:model": "standard"}
    return [checked_trace(one, promised) for one in log.findall(f"{NAMESPACE}trace")]


def checked_trace(
    trace: ElementTree.Element, promised: dict[str, set[str]]
) -> tuple[str, list[dict[str, Any]]]:
    assert re.fullmatch("(string )+(event )*", "".join(f"{tag} " for tag in tags(trace)))
    found = attributes(trace)
    assert found.keys() >= promised["trace"]
    happened = [attributes(one) for one in trace.findall(f"{NAMESPACE}event")]
    for one in happened:
        assert one.keys() >= promised["event"]
        assert one["lifecycle:transition"] in STANDARD_LIFECYCLE
        assert one["time:timestamp"].utcoffset() == dt.timedelta(0)
    return found["concept:name"], happened


def as_xes(row: dict[str, Any]) -> dict[str, Any]:
    """Return what XES must say of an event."""
    plain = {
        name: row[name]
        for name in ("number", "state_before", "state_after", "rule", "refusals")
        if row[name] is not None
    }
    return {
        "concept:name": row["event"],
        "time:timestamp": dt.datetime.combine(row["on"], dt.time(), dt.UTC),
        "lifecycle:transition": "complete" if row["accepted"] else "ate_abort",
        **plain,
    }


@given(drawn_events(), st.booleans())
def test_xes_reads_back_in_the_structure_of_the_standard(rows: EventRows, refused: bool) -> None:
    traces: dict[str, list[dict[str, Any]]] = {}
    for row in told(rows):
        trace = traces.setdefault(str(row["case"]), [])
        if row["accepted"] or refused:
            trace.append(as_xes(row))
    assert checked_log(content(partial(Xes, refused=refused), [rows])) == list(traces.items())


def test_xes_has_refused_attempts_only_when_asked() -> None:
    rows = events(many=2)
    without = checked_log(content(partial(Xes, refused=False), [rows]))
    having = checked_log(content(partial(Xes, refused=True), [rows]))
    assert [len(found) for _, found in without] == [2, 2]
    assert [len(found) for _, found in having] == [3, 3]
    assert having[0][1][-1]["refusals"] == "too-early;plan-ended"


def test_a_case_that_goes_on_in_the_next_chunk_stays_one_trace() -> None:
    found = checked_log(content(partial(Xes, refused=True), events(many=1).parts(1)))
    assert [(name, len(happened)) for name, happened in found] == [("0", 3)]


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff"])
def test_xes_refuses_a_character_that_xml_cannot_hold(character: str) -> None:
    with pytest.raises(ElementTree.ParseError):
        ElementTree.fromstring(f'<a b="{character}"/>')
    name = f"visit{character}"
    rows = events(event=Coded(np.zeros(12, np.int32), (name,)))
    with pytest.raises(UnwritableError, match="which XML can't") as raised:
        content(FORMS["xes"], [rows])
    assert repr(name) in str(raised.value)
