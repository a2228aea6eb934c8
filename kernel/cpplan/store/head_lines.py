"""Head lines: where plans stand, to be kept where nobody who can write to the store can.

After the heads comes a line with their number, so that a file cut off is noticed. One export may
follow another in a file: each ends with its number, and a plan may have a head in each.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cpplan.store.canonical import written
from cpplan.store.lines import InvalidLinesError, object_in
from cpplan.store.rows import Head, InvalidRowError, require_plan

HEAD = ("plan", "version", "hash")
COUNT = "heads"
_HASH = re.compile("[0-9a-f]{64}")


def lines_of_heads(heads: Iterable[Head]) -> Iterator[str]:
    """Yield heads as lines, without their ends, and then the line with their number."""
    number = 0
    for head in heads:
        number += 1
        yield written({name: getattr(head, name) for name in HEAD})
    yield written({COUNT: number})


def heads_in(lines: Iterable[str]) -> Iterator[Head]:
    """Yield every head in lines that :func:`lines_of_heads` wrote, in their order.

    Raises:
        InvalidLinesError: at the first line that holds no head, or a number of heads that is not
            that of those before it; or at the end, if heads were cut off.
    """
    number, seen, whole = 0, 0, False
    for number, line in enumerate(lines, start=1):
        try:
            data = object_in(line)
            whole = data.keys() == {COUNT}
            if whole:
                _require_count(data[COUNT], seen)
                seen = 0
            else:
                seen += 1
                yield _head(data)
        except (ValueError, RecursionError) as error:
            raise InvalidLinesError([f"line {number}: {error}"]) from error
    if not whole:
        missing = written({COUNT: seen})
        raise InvalidLinesError([f"line {number + 1}: the last line should be {missing}"])


def _require_count(said: Any, seen: int) -> None:
    if type(said) is not int or said != seen:
        raise InvalidRowError(f"{COUNT} is {said!r:.60}, and {seen} stand before it")


def _head(data: Mapping[str, Any]) -> Head:
    if data.keys() != set(HEAD):
        raise InvalidRowError(f"a head has the keys {', '.join(HEAD)}")
    head = Head(**data)
    require_plan(head.plan)
    if type(head.version) is not int or head.version < 1:
        raise InvalidRowError(f"version is {head.version!r:.60}, not a whole number from 1")
    if type(head.hash) is not str or not _HASH.fullmatch(head.hash):
        raise InvalidRowError(f"hash is {head.hash!r:.60}, not a SHA-256 as 64 hexadecimal digits")
    return head
