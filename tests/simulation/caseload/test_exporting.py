"""Exporting: files are there whole or not at all, and memory doesn't grow with the cases."""

from __future__ import annotations

import csv
import errno
import gc
import importlib
import os
import resource
import stat
import sys
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cpplan import InvalidFileError
from cpplan_sim.caseload import exporting, forms
from cpplan_sim.caseload.exporting import ExportError, Exports, write_cases, write_events
from cpplan_sim.caseload.rows import Coded
from tests.simulation.caseload.chunks import Made, cases, chunks, events, made, numbers, told

arrow = importlib.import_module("pyarrow")
parquet = importlib.import_module("pyarrow.parquet")

EVENT_FILES = ["events.csv", "events.parquet", "events.xes"]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as if the disk were full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_one_pass_fills_both_files(tmp_path: Path) -> None:
    with Exports(tmp_path / "cases.csv", tmp_path / "events.parquet") as exports:
        for chunk in chunks(3, 4):
            exports.add(chunk)
        assert not {"cases.csv", "events.parquet"} & set(names(tmp_path))
    assert names(tmp_path) == ["cases.csv", "events.parquet"]
    found = [row["case"] for row in table(tmp_path / "cases.csv")]
    assert found == [str(number) for number in range(12)]
    happened = parquet.read_table(tmp_path / "events.parquet").to_pylist()
    assert happened == [row for chunk in chunks(3, 4) for row in told(chunk.events)]


def test_the_form_is_known_by_the_ending_in_any_case_of_letters(tmp_path: Path) -> None:
    write_cases(chunks(2, 4), tmp_path / "Cases.PARQUET")
    write_events(chunks(2, 4), tmp_path / "Events.XES")
    found = parquet.read_table(tmp_path / "Cases.PARQUET").to_pylist()
    assert found == [row for chunk in chunks(2, 4) for row in told(chunk.cases)]
    assert ElementTree.parse(tmp_path / "Events.XES").getroot().tag.endswith("log")


def test_tables_have_refused_attempts_and_xes_when_asked(tmp_path: Path) -> None:
    write_events([made()], tmp_path / "events.csv")
    write_events([made()], tmp_path / "some.xes")
    write_events([made()], tmp_path / "all.xes", refused=True)
    accepted = [row["accepted"] for row in table(tmp_path / "events.csv")]
    assert accepted == ["true", "true", "false"] * 4
    counts = [(tmp_path / name).read_text().count("<event>") for name in ("some.xes", "all.xes")]
    assert counts == [8, 12]


@pytest.mark.parametrize("name", EVENT_FILES)
def test_the_same_rows_give_the_same_bytes(name: str, tmp_path: Path) -> None:
    one, two = tmp_path / f"one-{name}", tmp_path / f"two-{name}"
    write_events(chunks(6, 4), one)
    write_events(chunks(2, 12), two)
    assert one.read_bytes() == two.read_bytes()


def test_a_file_is_as_open_to_others_as_any_other_file(tmp_path: Path) -> None:
    write_cases([made()], tmp_path / "cases.csv")
    (tmp_path / "other").touch()
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in names(tmp_path)}
    assert len(modes) == 1


# -------------------------------------------------------------------- names that can't be


@pytest.mark.parametrize(
    ("option", "name", "message"),
    [
        ("cases", "a.xlsx", "cases can't be written as .xlsx (let the name end in .csv, .parquet)"),
        ("cases", "a.xes", "cases can't be written as .xes (let the name end in .csv, .parquet)"),
        ("events", "a.jsn", ".jsn (let the name end in .csv, .parquet, .xes)"),
        ("events", "a", "a name without an ending (let"),
        ("events", "folder.csv", "is a folder (name a file in it)"),
        ("events", "there.csv", "is there already (name another, or ask to overwrite it)"),
        ("events", "no/where.csv", "No such file or directory (name a file in a folder"),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_way_out(
    option: str, name: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "there.csv").write_text("kept")
    before = names(tmp_path)
    write = {"cases": write_cases, "events": write_events}[option]
    with pytest.raises(InvalidFileError) as raised:
        write([made()], tmp_path / name)
    assert str(raised.value).startswith(f"{tmp_path / name}: ")
    assert message in str(raised.value)
    assert names(tmp_path) == before
    assert (tmp_path / "there.csv").read_text() == "kept"


def test_everything_against_both_names_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError) as raised:
        Exports(tmp_path / "cases.txt", tmp_path / "events.txt")
    assert len(raised.value.problems) == 2


def test_one_file_cannot_hold_both(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="is named twice"):
        Exports(tmp_path / "one.csv", tmp_path / "." / "one.csv")


def test_nothing_is_left_if_the_second_file_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(InvalidFileError, match="No such file or directory"):
        Exports(tmp_path / "cases.csv", tmp_path / "no" / "events.csv")
    assert names(tmp_path) == []


def test_nothing_is_left_if_a_form_cannot_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(exporting, "Csv", broken)
    with pytest.raises(MemoryError):
        Exports(tmp_path / "cases.csv")
    assert names(tmp_path) == []


def test_parquet_without_pyarrow_tells_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(InvalidFileError, match=r"pip install 'cpplan\[parquet\]'"):
        write_cases([made()], tmp_path / "cases.parquet")
    write_cases([made()], tmp_path / "cases.csv")
    assert names(tmp_path) == ["cases.csv"]


def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("old")
    with pytest.raises(InvalidFileError, match="is there already"):
        write_cases([made()], path)
    assert path.read_text() == "old"
    write_cases([made()], path, overwrite=True)
    assert len(table(path)) == 4


def test_a_file_that_came_to_be_there_in_the_meantime_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    exports = Exports(path)
    exports.add(made())
    path.write_text("another's")
    with pytest.raises(ExportError, match=r"cases\.csv: has come to be there"):
        exports.close()
    assert names(tmp_path) == ["cases.csv"]
    assert path.read_text() == "another's"


# ------------------------------------------------------------------------ whole, or not there


@pytest.mark.parametrize("name", EVENT_FILES)
def test_an_exception_leaves_nothing(name: str, tmp_path: Path) -> None:
    def broken() -> Iterator[Made]:
        yield made()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_events(broken(), tmp_path / name)
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", EVENT_FILES)
def test_an_old_file_outlives_a_full_disk(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "GROUP", 1_000)
    path = tmp_path / name
    path.write_text("old")
    with (
        pytest.raises(ExportError, match="can't be written: File too large") as raised,
        room_for(2_000),
    ):
        write_events(chunks(20, 1_000), path, overwrite=True)
    assert str(raised.value).startswith(f"{path}: ")
    assert "free space" in str(raised.value)
    assert names(tmp_path) == [name]
    assert path.read_text() == "old"


@pytest.mark.parametrize("name", EVENT_FILES)
def test_a_disk_that_is_full_at_the_end_leaves_neither_file(name: str, tmp_path: Path) -> None:
    # So little that all of it waits in memory until the file is closed.
    little = Made(cases(many=0), events(many=1))
    full = pytest.raises(ExportError, match=rf"/{name}: can't be written: File too large")
    with full, room_for(200), Exports(tmp_path / "cases.csv", tmp_path / name) as exports:
        exports.add(little)
    assert names(tmp_path) == []


def test_a_disk_that_says_late_that_it_is_full_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"cases\.csv: can't be written: No space left"):
        write_cases([made()], tmp_path / "cases.csv")
    assert names(tmp_path) == []


def test_a_name_that_xes_cannot_hold_names_the_file_and_leaves_neither(tmp_path: Path) -> None:
    awkward = Made(cases(many=1), events(many=1, each=1, refusals=Coded(numbers(0), ("a\0b",))))
    refused = pytest.raises(ExportError, match=r"events\.xes: 'a\\x00b' holds")
    with refused, Exports(tmp_path / "cases.csv", tmp_path / "events.xes") as exports:
        exports.add(awkward)
    assert names(tmp_path) == []


def test_what_is_closed_takes_nothing_more(tmp_path: Path) -> None:
    with Exports(tmp_path / "cases.csv") as exports:
        exports.add(made())
    exports.close()
    exports.discard()
    with pytest.raises(ExportError, match="closed"):
        exports.add(made())
    assert len(table(tmp_path / "cases.csv")) == 4


# ----------------------------------------------------------------------------------- memory


def peak(path: Path, number: int) -> int:
    """Return the most memory held while so many chunks were written, in bytes."""
    most = 0

    def watched() -> Iterator[Made]:
        nonlocal most
        for chunk in chunks(number, 200):
            gc.collect()  # what waits for the collector is not held
            most = max(most, arrow.total_allocated_bytes())
            yield chunk

    gc.freeze()  # the collector needs not go through what other tests hold
    tracemalloc.start()
    try:
        write_events(watched(), path)
        return most + tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


@pytest.mark.parametrize("name", EVENT_FILES)
def test_memory_does_not_grow_with_the_chunks(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "GROUP", 2_000)
    peak(tmp_path / f"first-{name}", 1)  # what is imported at the first time counts for nothing
    few = peak(tmp_path / f"few-{name}", 6)
    many = peak(tmp_path / f"many-{name}", 60)
    assert (tmp_path / f"many-{name}").stat().st_size > 5 * (
        tmp_path / f"few-{name}"
    ).stat().st_size
    assert many < 1.3 * few + 50_000
