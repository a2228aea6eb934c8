"""Kept blocks come back whole or are told as what is wrong with them."""

from __future__ import annotations

import errno
import subprocess
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

import fsspec
import numpy as np
import pytest

from cpplan.reading import InvalidFileError
from cpplan_sim.caseload.blocks import Block, blocks
from cpplan_sim.caseload.keeping import Keep, KeepError, Label
from cpplan_sim.caseload.summaries import Summary

LABEL = Label("dice-1", 10)
BLOCKS = blocks(35, 10)


def counted(block: Block) -> Summary:
    return Summary({"cases": np.array([block.cases, block.first])})


def filled(url: str) -> Keep:
    keep = Keep(url)
    for block in BLOCKS:
        keep.write(LABEL, block, counted(block))
    return keep


@pytest.fixture(params=["folder", "file://", "memory://"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    places = {
        "folder": str(tmp_path / "run" / "kept"),
        "file://": f"file://{tmp_path}/kept/",
        "memory://": f"memory://{uuid.uuid4().hex}/kept",
    }
    return places[request.param]


def test_what_was_kept_is_found_again_by_another_run(url: str) -> None:
    filled(url)
    assert list(Keep(url).read(LABEL, BLOCKS)) == [(block, counted(block)) for block in BLOCKS]


def test_an_empty_place_holds_nothing(url: str) -> None:
    assert list(Keep(url).read(LABEL, BLOCKS)) == []


def test_only_what_is_wanted_is_given(url: str) -> None:
    assert [block for block, _ in filled(url).read(LABEL, BLOCKS[1:3])] == list(BLOCKS[1:3])


def test_there_is_one_file_a_block_and_nothing_else(url: str) -> None:
    filled(url)
    files, root = fsspec.core.url_to_fs(url)
    assert [Path(path).name for path in sorted(files.ls(root, detail=False))] == [
        "block-000000000.summary",
        "block-000000001.summary",
        "block-000000002.summary",
        "block-000000003.summary",
    ]


def test_a_block_that_is_kept_again_takes_the_place_of_the_other(url: str) -> None:
    keep = filled(url)
    other = Summary({"cases": np.array([7, 7])})
    keep.write(LABEL, BLOCKS[2], other)
    assert dict(keep.read(LABEL, BLOCKS))[BLOCKS[2]] == other


def test_the_last_block_of_a_shorter_run_is_not_taken_for_a_whole_one(url: str) -> None:
    longer = blocks(60, 10)
    assert [block for block, _ in filled(url).read(LABEL, longer)] == list(longer[:3])


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (Label("dice-2", 10), ["another job: dice-1, where this is dice-2", "folder of its own"]),
        (Label("dice-1", 5), ["blocks of 10 cases, where this run has 5", "blocks of 10 cases,"]),
        (Label("dice-2", 5), ["another job", "blocks of 10 cases"]),
    ],
)
def test_blocks_of_another_job_or_size_are_refused_with_what_differs(
    url: str, label: Label, told: list[str]
) -> None:
    keep = filled(url)
    with pytest.raises(InvalidFileError) as raised:
        list(keep.read(label, blocks(35, label.size)))
    assert all(words in str(raised.value) for words in told)
    assert all(problem.place.file == url.rstrip("/") for problem in raised.value.problems)


def damage(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    if how == "flipped":
        data[len(data) // 2] ^= 1
    elif how == "flipped in the head":
        data[60] ^= 1
    path.write_bytes({"empty": b"", "cut": bytes(data[:-1])}.get(how, bytes(data)))


@pytest.mark.parametrize("how", ["flipped", "flipped in the head", "cut", "empty"])
def test_a_damaged_file_is_named_with_the_way_out_and_the_others_are_given(
    tmp_path: Path, how: str
) -> None:
    keep = filled(str(tmp_path))
    path = tmp_path / "block-000000001.summary"
    damage(path, how)
    given: list[Block] = []
    with pytest.raises(InvalidFileError) as raised:
        given += (block for block, _ in keep.read(LABEL, BLOCKS))
    assert str(raised.value) == (
        f"{path}: is damaged: its checksum is not that of its content"
        " (delete it; only cases 10 to 19 are then run again)"
    )
    path.unlink()
    assert [block for block, _ in keep.read(LABEL, BLOCKS)] == [BLOCKS[0], *BLOCKS[2:]]


def test_all_damaged_files_are_told_at_once(tmp_path: Path) -> None:
    keep = filled(str(tmp_path))
    for number in (0, 3):
        damage(tmp_path / f"block-00000000{number}.summary", "cut")
    with pytest.raises(InvalidFileError) as raised:
        list(keep.read(LABEL, BLOCKS))
    assert len(raised.value.problems) == 2


def test_the_good_ones_are_given_before_damage_is_told(tmp_path: Path) -> None:
    keep = filled(str(tmp_path))
    damage(tmp_path / "block-000000000.summary", "cut")
    reading = keep.read(LABEL, BLOCKS)
    assert [next(reading)[0] for _ in range(3)] == list(BLOCKS[1:])
    with pytest.raises(InvalidFileError):
        next(reading)


def test_a_file_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    keep = filled(str(tmp_path))
    path = tmp_path / "block-000000001.summary"
    path.unlink()
    path.mkdir()
    with pytest.raises(InvalidFileError, match=r"block-000000001.summary: can't be read: Is a dir"):
        list(keep.read(LABEL, BLOCKS))


def test_a_full_disk_in_the_middle_of_a_file_leaves_no_half_file_and_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = filled(str(tmp_path))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def half(path: str, value: bytes) -> None:
        Path(path).write_bytes(value[: len(value) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(keep._files, "pipe_file", half)
    with pytest.raises(KeepError) as raised:
        keep.write(LABEL, BLOCKS[0], counted(BLOCKS[1]))
    assert f"{tmp_path}/block-000000000.summary: cases 0 to 9" in str(raised.value)
    assert "No space left on device (make room" in str(raised.value)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_an_interrupted_file_is_taken_away_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Keep(str(tmp_path))

    def half(path: str, value: bytes) -> None:
        Path(path).write_bytes(value[: len(value) // 2])
        raise KeyboardInterrupt

    monkeypatch.setattr(keep._files, "pipe_file", half)
    with pytest.raises(KeyboardInterrupt):
        keep.write(LABEL, BLOCKS[0], counted(BLOCKS[0]))
    assert list(tmp_path.iterdir()) == []


def write_all(keep: Keep, many: Iterable[Block], summary: Summary) -> None:
    for block in many:
        keep.write(LABEL, block, summary)


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 KiB, where the system lets one be mounted."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_really_is_full_is_told_and_what_it_has_stays_good(tiny_disk: Path) -> None:
    keep, many = Keep(str(tiny_disk)), blocks(100, 10)
    large = Summary({"many": np.arange(1_500)})
    with pytest.raises(KeepError, match="No space left on device"):
        write_all(keep, many, large)
    kept = list(keep.read(LABEL, many))
    assert [block for block, _ in kept] == list(many[: len(kept)])
    assert len(kept) >= 2
    assert len(list(tiny_disk.iterdir())) == len(kept)


def test_a_place_where_nothing_can_be_kept_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(KeepError, match=f"{file}/kept: no blocks can be kept there: Not a dir"):
        Keep(f"{file}/kept")
    with pytest.raises(KeepError, match=r"nosuch://kept: .* Protocol not known: nosuch"):
        Keep("nosuch://kept")
