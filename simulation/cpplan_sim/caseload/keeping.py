"""Finished blocks kept in a folder or an object store, so that a run can go on where it stopped.

One file a block, written whole under a passing name and then moved: what has a block's name is
finished. Each file says which job and size of block it is of, and carries a checksum. What is found
is trusted only if all of that is right; what isn't is told, never left out in silence.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from contextlib import suppress

import attrs
import fsspec

from cpplan.reading import InvalidFileError, Place, Problem
from cpplan_sim.caseload.blocks import Block
from cpplan_sim.caseload.summaries import DamagedError, Summary, sealed, unsealed

_FORM = b"cpplan block 1\n"


class KeepError(RuntimeError):
    """A block can't be kept, as where the disk is full. Those kept before are as they were."""


@attrs.frozen
class Label:
    """What a kept block is good for: one job, cut into blocks of one size.

    Attributes:
        job: the digest of the job.
        size: cases in a block.
    """

    job: str
    size: int


class Keep:
    """A place for finished blocks."""

    def __init__(self, url: str) -> None:
        """Find the place, and make its folder if there is none.

        Args:
            url: a folder's path, or an address that fsspec knows, as ``s3://bucket/folder``.

        Raises:
            KeepError: nothing can be kept there.
        """
        self.url = url.rstrip("/")
        try:
            self._files, root = fsspec.core.url_to_fs(url)
            self._root = str(root).rstrip("/")
            self._files.makedirs(self._root, exist_ok=True)
        except (OSError, ValueError, ImportError) as error:
            raise KeepError(f"{url}: no blocks can be kept there: {_why(error)}") from error

    def read(self, label: Label, wanted: Iterable[Block]) -> Iterator[tuple[Block, Summary]]:
        """Give the blocks that are kept, one after the other, of those that are wanted.

        The last block of a run with another number of cases is shorter or longer than the one
        that is wanted; it is passed over, and replaced once the wanted one is done.

        Raises:
            InvalidFileError: the folder is of another job or size of block; or, after all that
                could be read were given, each file that is damaged or can't be read.
        """
        names = self._names()
        problems: list[Problem] = []
        for block in wanted:
            if _name(block) not in names:
                continue
            try:
                found = self._found(label, block)
            except DamagedError as error:
                hint = f"delete it; only {block} are then run again"
                problems.append(Problem(Place(self._shown(block)), str(error), hint))
            else:
                if found is not None:
                    yield block, found
        if problems:
            raise InvalidFileError(problems)

    def write(self, label: Label, block: Block, summary: Summary) -> None:
        """Keep a finished block, in place of what was kept of it before.

        Raises:
            KeepError: it could not be written; nothing is left of the attempt.
        """
        head = json.dumps({**attrs.asdict(label), **attrs.asdict(block)})
        data = sealed(_FORM + head.encode() + b"\n" + summary.to_bytes())
        passing = f"{self._root}/{uuid.uuid4().hex}.part"
        try:
            self._moved_whole(data, passing, f"{self._root}/{_name(block)}")
        except OSError as error:
            message = f"{self._shown(block)}: {block} can't be kept: {_why(error)}"
            raise KeepError(
                f"{message} (make room or mend the place, then run the same again: blocks kept"
                " before are good and are not run again)"
            ) from error

    def _moved_whole(self, data: bytes, passing: str, path: str) -> None:
        try:
            self._files.pipe_file(passing, data)
            self._files.mv(passing, path)
        except BaseException:
            # Most often it was never made, and whatever went wrong is what has to be told.
            with suppress(OSError):
                self._files.rm(passing)
            raise

    def _names(self) -> frozenset[str]:
        """Return the names in the folder: one question, however many blocks there are."""
        try:
            self._files.invalidate_cache()
            paths = self._files.ls(self._root, detail=False)
        except FileNotFoundError:
            # A store without folders has none before it has a file.
            return frozenset()
        except OSError as error:
            raise KeepError(f"{self.url}: can't be looked into: {_why(error)}") from error
        return frozenset(str(path).rpartition("/")[2] for path in paths)

    def _found(self, label: Label, block: Block) -> Summary | None:
        try:
            content = unsealed(self._files.cat_file(f"{self._root}/{_name(block)}"))
        except OSError as error:
            raise DamagedError(f"can't be read: {_why(error)}") from error
        if not content.startswith(_FORM):
            raise DamagedError("is no block that this version can read")
        head, _, summary = content.removeprefix(_FORM).partition(b"\n")
        told = json.loads(head)
        self._refuse_other(label, Label(told["job"], told["size"]))
        if Block(told["number"], told["first"], told["last"]) != block:
            return None
        return Summary.from_bytes(summary)

    def _refuse_other(self, wanted: Label, found: Label) -> None:
        """A block of another job or size has no place among these figures."""
        place, problems = Place(self.url), []
        if found.job != wanted.job:
            message = f"holds blocks of another job: {found.job}, where this is {wanted.job}"
            hint = "keep this run in a folder of its own"
            problems.append(Problem(place, message, hint))
        if found.size != wanted.size:
            message = f"holds blocks of {found.size:,} cases, where this run has {wanted.size:,}"
            hint = f"run with blocks of {found.size:,} cases, or keep this run in another folder"
            problems.append(Problem(place, message, hint))
        if problems:
            raise InvalidFileError(problems)

    def _shown(self, block: Block) -> str:
        return f"{self.url}/{_name(block)}"


def _name(block: Block) -> str:
    return f"block-{block.number:09}.summary"


def _why(error: Exception) -> str:
    """Return what went wrong in words; the system's own where it has some."""
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
