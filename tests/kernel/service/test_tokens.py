from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cpplan.service import Caller, InvalidTokensError, Permission, Tokens, line_for

TOKEN = "t" * 20 + "k" * 20
OTHER = "o" * 40


@pytest.fixture(autouse=True)
def _nobody_else_writes() -> Iterator[None]:
    """Make files that others can't write to, whatever the machine's way."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def bearing(*values: str) -> dict[str, object]:
    return {"headers": [(b"Authorization", value.encode()) for value in values]}


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    file = tmp_path / "tokens"
    reader = line_for(TOKEN, Caller("reader", ["read"]))
    writer = line_for(OTHER, Caller("case-system", ["write", "read"]))
    file.write_text(f"# who may ask\n\n{reader}\n{writer}\n")
    return Tokens.read(file)


def test_whoever_bears_a_token_is_known_with_what_it_allows(tokens: Tokens) -> None:
    assert tokens(bearing(f"Bearer {TOKEN}")) == Caller("reader", [Permission.READ])
    both = tokens(bearing(f"bearer {OTHER}"))
    assert both is not None
    assert both.may == {Permission.READ, Permission.WRITE}


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("",),
        ("Bearer",),
        ("Bearer ",),
        (f"Bearer {TOKEN}x",),
        (f"Bearer {TOKEN[:-1]}",),
        (f"Basic {TOKEN}",),
        (f"Bearer {TOKEN}", f"Bearer {OTHER}"),
        ("Bearer " + "x" * 2000,),
    ],
)
def test_nobody_is_known_by_anything_else(tokens: Tokens, given: tuple[str, ...]) -> None:
    assert tokens(bearing(*given)) is None


def test_an_empty_token_is_none_even_if_its_hash_is_known(tmp_path: Path) -> None:
    nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    file = tmp_path / "tokens"
    file.write_text(f"sha256:{nothing} read nobody\n")
    assert Tokens.read(file)(bearing("Bearer ")) is None


def test_the_file_holds_no_token() -> None:
    line = line_for(TOKEN, Caller("reader", ["read"]))
    assert TOKEN not in line
    assert line.endswith(" read reader")


def test_a_short_token_is_refused() -> None:
    with pytest.raises(ValueError, match="needs 32 random ones"):
        line_for("short", Caller("reader", ["read"]))


def test_a_name_in_two_words_is_refused() -> None:
    with pytest.raises(ValueError, match="a line is"):
        line_for(TOKEN, Caller("two words", ["read"]))


def test_every_line_that_is_none_is_told_without_what_stands_in_it(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    good = line_for(TOKEN, Caller("reader", ["read"]))
    file.write_text(f"{TOKEN} read somebody\n{good}\nsha256:{'0' * 64} admin somebody\n")
    with pytest.raises(InvalidTokensError) as found:
        Tokens.read(file)
    places = [problem.partition(": ")[0] for problem in found.value.problems]
    assert places == [f"{file}:1", f"{file}:3"]
    assert TOKEN not in str(found.value)


def test_a_file_without_tokens_is_told(tmp_path: Path) -> None:
    file = tmp_path / "tokens"
    file.write_text("# nobody yet\n")
    with pytest.raises(InvalidTokensError, match="there is no token in it"):
        Tokens.read(file)


@pytest.mark.skipif(os.name != "posix", reason="no such bits")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_to_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "tokens"
    file.write_text(line_for(TOKEN, Caller("reader", ["read"])))
    file.chmod(mode)
    with pytest.raises(InvalidTokensError, match="others than its owner can write to it"):
        Tokens.read(file)
    file.chmod(0o644)
    assert Tokens.read(file).bearers


def test_tokens_are_not_shown(tokens: Tokens) -> None:
    assert repr(tokens) == "Tokens()"
