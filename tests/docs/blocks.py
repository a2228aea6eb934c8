"""The blocks of code on a page: how each kind is tried, and what a page may say of one.

A comment just above a block says what the reader need not see:

    <!-- file: PATH -->           the block is this file, and is read as what it is
    <!-- part of: NAME in PACK --> the block is a part of the file NAME of a pack based on PACK
    <!-- exits with: 1 -->        the last command of the block ends so
    <!-- tried with: MORE -->     this is added to each ``cpplan``; on several lines, one for each
    <!-- not run: WHY -->         nobody tries it, for the reason given

Every block is of one of the kinds in :data:`KINDS`, or says why it isn't run.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path

import attrs
from sybil import Document, Example, Region, Sybil
from sybil.evaluators.doctest import DocTestEvaluator
from sybil.evaluators.python import PythonEvaluator
from sybil.parsers.abstract.doctest import DocTestStringParser
from sybil.parsers.markdown.lexers import RawFencedCodeBlockLexer

from cpplan import load
from cpplan_sim.scenarios import read_scenario
from tests.docs.workplace import Command, Workplace, commands, script

NOTES = ("file", "part of", "exits with", "tried with", "not run")

_ABOVE = re.compile(r"((?:<!--(?:(?!-->).)*-->\s*?\n)+)[ \t]*\Z", re.DOTALL)
_NOTE = re.compile(r"<!--\s*([a-z ]+):\s*(.*?)\s*-->", re.DOTALL)
_PYTHON = PythonEvaluator()
_SESSION = DocTestStringParser(DocTestEvaluator(ELLIPSIS | NORMALIZE_WHITESPACE))


class UntriedBlockError(ValueError):
    """A block that nothing would try."""


@attrs.frozen
class Block:
    """A block of code with what is said of it above."""

    language: str
    source: str
    notes: Mapping[str, str]


def notes_above(text: str) -> Mapping[str, str]:
    """Return what the comments at the end of a text say."""
    found = _ABOVE.search(text)
    notes = dict(_NOTE.findall(found.group(1))) if found else {}
    return {name: says for name, says in notes.items() if name in NOTES}


class BlockParser:
    """Finds every fenced block of a page, and what tries it."""

    def __init__(self) -> None:
        """Look for fences of any language, and of none."""
        self._lexer = RawFencedCodeBlockLexer(re.compile(r"(?P<language>[^\n]*)\n"))

    def __call__(self, document: Document) -> Iterable[Region]:
        """Yield what is to be tried, in its order."""
        for region in self._lexer(document):
            said = notes_above(document.text[: region.start])
            lexemes = region.lexemes
            block = Block(lexemes["language"].strip(), str(lexemes["source"]), said)
            check(block)
            yield from self._tried(document, region, block)

    def _tried(self, document: Document, region: Region, block: Block) -> Iterable[Region]:
        if "not run" in block.notes:
            return
        if block.language == "python" and block.source.lstrip().startswith(">>>"):
            for part in _SESSION(block.source, document.path):
                part.adjust(region, region.lexemes["source"])
                yield part
            return
        region.parsed = region.lexemes["source"] if block.language == "python" else block
        region.evaluator = KINDS[block.language]
        yield region


def check(block: Block) -> None:
    """Refuse a block that nothing would try.

    Raises:
        UntriedBlockError: its language is unknown, or a reason for not running it is none.
    """
    if "not run" in block.notes:
        if len(block.notes["not run"].split()) < 2:
            raise UntriedBlockError("a block that is not run says why")
    elif block.language not in KINDS:
        raise UntriedBlockError(f"nothing tries a block of the language {block.language!r}")


def _session(example: Example) -> str | None:
    block: Block = example.parsed
    return _given(example, commands(block.source))


def _script(example: Example) -> str | None:
    block: Block = example.parsed
    return _given(example, script(block.source))


def _given(example: Example, given: list[Command]) -> str | None:
    block: Block = example.parsed
    place: Workplace = example.namespace["workplace"]
    exits = [0] * (len(given) - 1) + [int(block.notes.get("exits with", 0))]
    quick = _quickened(given, block.notes.get("tried with", ""))
    wrong = (place.give(command, code) for command, code in zip(quick, exits, strict=True))
    return "\n".join(filter(None, wrong)) or None


def _quickened(given: list[Command], more: str) -> list[Command]:
    """Return the commands, each ``cpplan`` among them with what makes it quick."""
    asked = [command for command in given if command.text.startswith("cpplan ")]
    lines = more.splitlines()
    added = iter(lines if len(lines) > 1 else [more] * len(asked))
    quick = [_with(one, next(added)) if one in asked else one for one in given]
    if next(added, ""):
        raise UntriedBlockError(f"more is said to be added than there are commands: {more!r}")
    return quick


def _with(command: Command, more: str) -> Command:
    if more and command.shown:
        raise UntriedBlockError(f"what is shown is tried as it stands: {command.text}")
    return Command(f"{command.text} {more.strip()}".strip(), command.shown)


def _file(example: Example) -> str | None:
    """Write a file, and read it as what it is: a told case or a part of a pack."""
    block: Block = example.parsed
    place: Workplace = example.namespace["workplace"]
    if "part of" in block.notes:
        _part(block, place)
        return None
    if "file" not in block.notes:
        return "say which file this is, or of what it is a part"
    path = place.write(block.notes["file"], block.source)
    if block.source.startswith("scenario:"):
        read_scenario(path)
    else:
        load(path.parent)
    return None


PACK = """\
pack: {based_on}-and-more
title: A pack with a part of a page
edition: for a test
jurisdiction: england-and-wales
based-on: {based_on}
says: It holds what the page shows.
"""


def _part(block: Block, place: Workplace) -> None:
    name, _, based_on = block.notes["part of"].partition(" in ")
    text = PACK.format(based_on=based_on)
    path = place.write(f"{based_on}-and-more/pack.yaml", text)
    indented = "".join(f"  {line}\n" for line in block.source.splitlines())
    place.write(f"{path.parent.name}/{name}.yaml", f"{name}:\n{indented}")
    load(path.parent)


KINDS: Mapping[str, Callable[[Example], str | None]] = {
    "python": _PYTHON,
    "console": _session,
    "bash": _script,
    "yaml": _file,
}
"""What tries a block, by its language."""

SYBIL = Sybil(parsers=[BlockParser()])


def tried(page: Path, place: Workplace) -> int:
    """Try every block of a page in its order, and return how many things were tried.

    Raises:
        SybilFailure: a block does not do what the page shows.
        UntriedBlockError: a block would be tried by nothing.
    """
    document = SYBIL.parse(page)
    document.namespace["workplace"] = place
    examples = list(document.examples())
    for example in examples:
        example.evaluate()
    return len(examples)
