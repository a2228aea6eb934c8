"""The reference of the pack format: each file, each part and key of it, from the JSON Schemas.

Types, closed lists and what is required come from the schemas, so that a new key is told without
an edit here. What a key means stands in ``pack_keys.yaml``.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import attrs
from ruamel.yaml import YAML

from cpplan.drafts import UNSTATED
from cpplan.requirements import POSSIBLE, Possibility, Template
from cpplan.states import GROUPS, STATES
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.reference import pack_example
from cpplan_docs.reference.pack_types import A_SCALAR, PLACES, shape_says, title_of
from cpplan_docs.words.linking import capital
from cpplan_docs.words.markdown import bullets, code, heading, page, plain
from cpplan_sim.monitors import Monitor

PATH = "reference/pack-format.md"
SCHEMAS = Path(inspect.getfile(Template)).parent / "schemas"
MEANINGS = Path(__file__).parent / "pack_keys.yaml"
EVERYWHERE = "everywhere"
NOTES = "notes"
FIRST = ("pack", "rules", "duties", "records", "requirements")
"""The files of a pack in the order in which it is written; any other comes after them."""

OPENING = f"""\
A pack is a folder with a procedure in it, as YAML. `pack.yaml` has to be there; any other file may
be left out. What all procedures share stands in `lifecycle.yaml`, which is no part of a pack.

States, roles, kinds of event, topics, sources and units are closed lists. What else has a name is
named by the pack or by the shared lifecycle. Every name is looked up when the pack is loaded: what
is misspelt is told with its file, line and column. A statement cites the clauses that it stands on,
or says why it was chosen. Where a source is silent, the pack is; a duty whose clause gives no
figure says `{UNSTATED}` in its place.

Below, {A_SCALAR} is text, a whole number, `true` or `false`. What is not required may be left out.
"""
EXAMPLE = "To see a rule changed, a proof fail and the pack mended: [a worked example]({}).".format
TEMPLATES = """\
A requirement speaks of whole histories. Its template says how its sides may stand in one.
"""


@attrs.frozen
class File:
    """A file of a pack, as its schema has it.

    Attributes:
        name: its name without the ending.
        top: the part that the file as a whole is.
        parts: all its parts by name.
    """

    name: str
    top: str
    parts: Mapping[str, Mapping[str, Any]]


def pages(_: Book) -> Iterator[Page]:
    """Yield the page of the format, and that of the worked example."""
    yield format_page()
    yield from pack_example.pages()


def format_page() -> Page:
    """Return the page of the format."""
    told: set[str] = set()
    sections = [text for file in files() for text in _section(file, told)]
    example = EXAMPLE(pack_example.ADDRESS.seen_from(PATH))
    text = page(heading(1, "Pack format"), OPENING, example, *sections, *_places())
    return Page(PATH, "Pack format", text)


def files() -> tuple[File, ...]:
    """Return the files that a schema is published of."""
    found = [_file(path) for path in sorted(SCHEMAS.glob("*.schema.json"))]
    first = [one for name in FIRST for one in found if one.name == name]
    return (*first, *(one for one in found if one.name not in FIRST))


def _file(path: Path) -> File:
    schema = json.loads(path.read_text(encoding="utf-8"))
    top = str(schema["$ref"]).rpartition("/")[2]
    return File(path.name.removesuffix(".schema.json"), top, schema["$defs"])


@cache
def meanings() -> Mapping[str, Mapping[str, str]]:
    """Return what each key means, by part."""
    found: Mapping[str, Mapping[str, str]] = YAML(typ="safe").load(MEANINGS)
    return found


def meaning(part: str, key: str) -> str:
    """Return what a key of a part means; empty if nobody has said."""
    return meanings().get(part, {}).get(key) or meanings()[EVERYWHERE].get(key, "")


def _section(file: File, told: set[str]) -> Iterator[str]:
    """Yield what is told of a file: its own keys, then each part that no file before it has."""
    name = f"{file.name}.yaml"
    yield heading(2, code(name), addresses.pack_part(file.top).anchor)
    yield from _part(file, file.top, _described(file.parts[file.top]).removeprefix(f"`{name}`: "))
    told.add(file.top)
    for part in _reached(file, file.top):
        if part not in told:
            told.add(part)
            yield heading(3, title_of(part), addresses.pack_part(part).anchor)
            yield from _part(file, part, _described(file.parts[part]))
            yield from _templates() if part == "RequirementDraft" else ()


def _part(file: File, part: str, says: str) -> Iterator[str]:
    yield capital(says)
    yield meanings()[NOTES].get(part, "")
    yield bullets(_key(file, part, key) for key in file.parts[part]["properties"])


def _key(file: File, part: str, key: str) -> str:
    """Return one key: its name, whether it is required, what it means and what it holds."""
    schema = file.parts[part]
    required = ", required" if key in schema["required"] else ""
    holds = shape_says(schema["properties"][key], PATH)
    says = [one for one in (meaning(part, key), capital(holds)) if one]
    return f"{code(key)}{required}: {'. '.join(says)}."


def _described(part: Mapping[str, Any]) -> str:
    """Return the sentence that a part has in the schema, with its names in the letters of code."""
    return re.sub(r"``(.+?)``", r"`\1`", " ".join(str(part["description"]).split()))


def _reached(file: File, part: str) -> Iterator[str]:
    """Yield the parts that a part is made of, each before those inside it."""
    names: Iterable[str] = re.findall(r"#/\$defs/(\w+)", json.dumps(file.parts[part]))
    for name in dict.fromkeys(names):
        if name != part:
            yield name
            yield from _reached(file, name)


def _places() -> Iterator[str]:
    """Yield the states that a pack may name, and the groups that stand for several."""
    yield heading(2, "States", PLACES.anchor)
    yield bullets(f"{code(name)}: {plain(says)}" for name, says in STATES.items())
    yield "Groups, each of which stands for several states:"
    yield bullets(f"{code(name)}: {', '.join(map(code, of))}" for name, of in GROUPS.items())


def _templates() -> Iterator[str]:
    yield heading(4, "Templates")
    yield TEMPLATES
    yield bullets(f"{code(name)}: {plain(says)}" for name, says in templates().items())


def templates() -> Mapping[str, str]:
    """Return what each template asks for, as what judges it says."""
    found = {one.value: getattr(Monitor, one.value.replace("-", "_")) for one in Template}
    return {
        name: (inspect.getdoc(one) or "").partition("\n\n")[0]
        for name, one in {**found, POSSIBLE: Possibility}.items()
    }
