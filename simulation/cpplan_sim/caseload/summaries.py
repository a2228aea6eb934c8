"""What a block of cases comes to: named arrays of whole numbers, and the adding of them.

Holds the summary, its merging and its byte form. It must not know what is counted. Whole numbers
add up to the same in any order, which sums of floats don't: so the figures of a run can't depend
on how it was cut into blocks, nor on which was done first.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Mapping

import attrs
import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.int64]

_FORM = b"cpplan summary 1\n"
_CHECKSUM = hashlib.sha256().digest_size


class DamagedError(ValueError):
    """Bytes are not what was written."""


def _kept(counts: Mapping[str, Counts]) -> dict[str, Counts]:
    """Return the counts by name in order, copied so that nobody can change them any more."""
    kept = {}
    for name in sorted(counts):
        given = np.asarray(counts[name])
        if given.dtype != np.int64:
            raise TypeError(f"{name}: counts are int64, found {given.dtype}")
        kept[name] = np.array(given, order="C")
        kept[name].flags.writeable = False
    return kept


def _same(ours: Mapping[str, Counts], theirs: Mapping[str, Counts]) -> bool:
    return ours.keys() == theirs.keys() and all(
        np.array_equal(counts, theirs[name]) for name, counts in ours.items()
    )


@attrs.frozen
class Summary:
    """What some cases come to.

    Attributes:
        counts: arrays of ``int64`` by name, of any shape. They are copied, and can't be written to.

    Raises:
        TypeError: an array is not of ``int64``.

    Example:
        >>> one = Summary({"late": np.array([3, 0])})
        >>> two = Summary({"late": np.array([1, 2])})
        >>> one.merge(two).counts["late"].tolist()
        [4, 2]
    """

    counts: Mapping[str, Counts] = attrs.field(converter=_kept, eq=attrs.cmp_using(eq=_same))

    def merge(self, other: Summary) -> Summary:
        """Return the sum of two summaries, exact or not at all.

        Raises:
            ValueError: they don't count the same things.
            OverflowError: a sum is beyond ``int64``. Where some counts are negative, it may be
                so in one order of merging and not in another; a sum that is given is right.
        """
        ours, theirs = self._shapes(), other._shapes()
        differing = sorted(
            name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)
        )
        if differing:
            told = ", ".join(f"{n}: {ours.get(n)} and {theirs.get(n)}" for n in differing)
            raise ValueError(f"summaries of different things can't be merged ({told})")
        return Summary(
            {name: _added(name, mine, other.counts[name]) for name, mine in self.counts.items()}
        )

    @staticmethod
    def total(summaries: Iterable[Summary]) -> Summary:
        """Return the sum of several.

        Raises:
            ValueError: there are none, or they don't count the same things.
            OverflowError: a sum is beyond ``int64``.
        """
        left = iter(summaries)
        first = next(left, None)
        if first is None:
            raise ValueError("there is no summary to add up")
        return functools.reduce(Summary.merge, left, first)

    def to_bytes(self) -> bytes:
        """Return it as bytes: the same for the same counts, on any machine."""
        shapes = json.dumps([[name, list(shape)] for name, shape in self._shapes().items()])
        arrays = b"".join(counts.astype("<i8").tobytes() for counts in self.counts.values())
        return sealed(_FORM + shapes.encode() + b"\n" + arrays)

    @staticmethod
    def from_bytes(data: bytes) -> Summary:
        """Return the summary that was written as ``data``.

        Raises:
            DamagedError: these are not the bytes that were written, or not of this form.
        """
        content = unsealed(data)
        if not content.startswith(_FORM):
            raise DamagedError("is no summary that this version can read")
        shapes, _, arrays = content.removeprefix(_FORM).partition(b"\n")
        counts, begin = {}, 0
        for name, shape in json.loads(shapes):
            size = int(np.prod(shape, dtype=np.int64))
            found = np.frombuffer(arrays, "<i8", count=size, offset=begin)
            counts[name] = found.astype(np.int64).reshape(shape)
            begin += size * found.itemsize
        return Summary(counts)

    def _shapes(self) -> dict[str, tuple[int, ...]]:
        return {name: counts.shape for name, counts in self.counts.items()}


def _added(name: str, one: Counts, two: Counts) -> Counts:
    """Add two arrays. NumPy wraps round in silence, which shows as a sign that neither had."""
    total = np.add(one, two)
    if np.any(((one ^ total) & (two ^ total)) < 0):
        raise OverflowError(f"{name}: a count is beyond {np.iinfo(np.int64).max:,}")
    return np.asarray(total)


def sealed(content: bytes) -> bytes:
    """Return content behind its checksum (SHA-256)."""
    return hashlib.sha256(content).digest() + content


def unsealed(data: bytes) -> bytes:
    """Return the content of sealed bytes.

    Raises:
        DamagedError: they are not whole, or not as they were sealed.
    """
    content = data[_CHECKSUM:]
    if hashlib.sha256(content).digest() != data[:_CHECKSUM]:
        raise DamagedError("is damaged: its checksum is not that of its content")
    return content
