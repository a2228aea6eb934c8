"""Bearer tokens: kept as hashes in a file, compared in a time that tells nothing.

A token is long and random, so one SHA-256 is enough: a slow hash is for passwords that can be
guessed. A line of the file is the hash, what the token allows, and what the log calls its bearer::

    sha256:9f86d081... read,write case-system
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from cpplan.service.callers import Caller, Scope

SHORTEST = 32
"""Characters that a token must have at least: 128 bits and more, however it is written."""
_LINE = re.compile(r"sha256:([0-9a-f]{64}) +([a-z,]+) +(\S+)", re.ASCII)
_LONGEST = 1000


class InvalidTokensError(ValueError):
    """A file of tokens can't be read. Carries every problem found, with its line.

    Attributes:
        problems: the mistakes; what stands in a line is never part of one.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        """Keep the problems in their order."""
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@attrs.frozen
class Tokens:
    """The tokens that are valid: a guard (:data:`cpplan.service.callers.Guard`).

    Attributes:
        bearers: each token's SHA-256, and who bears it.
    """

    bearers: tuple[tuple[bytes, Caller], ...] = attrs.field(repr=False)

    def __call__(self, scope: Scope) -> Caller | None:
        """Return whose token a request bears.

        Every token is compared, so that how long it takes says nothing of which is like it.
        """
        token = _borne(scope)
        digest = hashlib.sha256(token).digest()
        found = [one for known, one in self.bearers if hmac.compare_digest(known, digest)]
        return found[0] if found and token else None

    @classmethod
    def read(cls, path: Path) -> Tokens:
        """Return the tokens of a file.

        Raises:
            InvalidTokensError: with every line that is none, or there is none at all; or others
                than its owner can write to the file, and let in whom they like.
            OSError: the file can't be read.
        """
        bearers, problems = [], list(_open_to_others(path))
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                bearers.append(_bearer(line))
            except ValueError as error:
                problems.append(f"{path}:{number}: {error}")
        if not bearers and not problems:
            problems.append(
                f"{path}: there is no token in it; `cpplan serve --new-token` makes one"
            )
        if problems:
            raise InvalidTokensError(problems)
        return cls(tuple(bearers))


def line_for(token: str, caller: Caller) -> str:
    """Return the line of a file by which a token is known.

    Raises:
        ValueError: the token is too short to be safe, or the caller's name has a space in it.
    """
    if len(token) < SHORTEST:
        raise ValueError(f"the token has {len(token)} characters; it needs {SHORTEST} random ones")
    line = f"sha256:{_hash(token).hex()} {','.join(sorted(caller.may))} {caller.name}"
    _bearer(line)
    return line


def _open_to_others(path: Path) -> Iterator[str]:
    # Windows has no such bits, and says that everybody may write.
    if os.name == "posix" and path.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        yield f"{path}: others than its owner can write to it; `chmod go-w` it"


def _bearer(line: str) -> tuple[bytes, Caller]:
    found = _LINE.fullmatch(line.rstrip())
    if found is None:
        raise ValueError("a line is sha256:HASH, then read, write or read,write, then a name")
    digest, may, name = found.groups()
    return bytes.fromhex(digest), Caller(name, may.split(","))


def _borne(scope: Scope) -> bytes:
    """Return the token of a request; empty if it bears none, or more than one."""
    given = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
    if len(given) != 1 or len(given[0]) > _LONGEST:
        return b""
    scheme, _, token = given[0].partition(b" ")
    return bytes(token) if scheme.lower() == b"bearer" else b""


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
