"""The site as it is built: nothing in it leads nowhere or outside, and it is the same each time."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.docs.conftest import built

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("site")]

LOADED = {
    "script",
    "link",
    "img",
    "iframe",
    "source",
    "video",
    "audio",
    "object",
    "embed",
    "use",
    "image",
}
"""Elements whose address is asked for without anybody's doing."""


class Read(HTMLParser):
    """The links, what is loaded, and the ids of a page; those inside pictures too."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            elif name in ("href", "src", "xlink:href", "data", "poster"):
                (self.loaded if tag in LOADED else self.links).append(value or "")


@cache
def read(page: Path) -> Read:
    return Read(page.read_text(encoding="utf-8"))


def pages(site: Path) -> list[Path]:
    return sorted(page for page in site.rglob("*.html") if page.name != "404.html")


def broken(site: Path, page: Path) -> Iterator[str]:
    for link in (*read(page).links, *read(page).loaded):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        if target.is_dir():
            target /= "index.html"
        if not target.is_relative_to(site) or not target.is_file():
            yield f"{link}: there is no such file"
        elif parts.fragment and target.suffix == ".html":
            anchor = unquote(parts.fragment)
            if anchor not in read(target).ids and not anchor.startswith("__"):
                yield f"{link}: there is no such place on the page"


def test_every_link_anchor_and_picture_resolves_those_inside_pictures_too(site: Path) -> None:
    found = {str(page.relative_to(site)): list(broken(site, page)) for page in pages(site)}
    assert {page: links for page, links in found.items() if links} == {}
    assert sum(len(read(page).links) for page in pages(site)) > 10_000


def test_no_page_loads_anything_from_outside(site: Path) -> None:
    outside = {
        f"{page.relative_to(site)}: {one}"
        for page in site.rglob("*.html")
        for one in read(page).loaded
        if urlsplit(one).scheme not in ("", "data") or urlsplit(one).netloc
    }
    assert outside == set()


def test_no_page_has_an_id_twice(site: Path) -> None:
    twice = {
        str(page.relative_to(site)): [one for one, n in Counter(read(page).ids).items() if n > 1]
        for page in pages(site)
    }
    assert {page: ids for page, ids in twice.items() if ids} == {}


def test_every_column_of_a_table_says_what_it_holds(site: Path) -> None:
    empty = re.compile(r"<th\b[^>]*>\s*</th>")
    assert [p for p in pages(site) if empty.search(p.read_text(encoding="utf-8"))] == []


def test_every_page_has_one_first_heading(site: Path) -> None:
    wrong = [p for p in pages(site) if p.read_text(encoding="utf-8").count("<h1") != 1]
    assert wrong == []


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_two_builds_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    again = built(tmp_path, hash_seed="7")
    one, other = digests(site), digests(again)
    assert one.keys() == other.keys()
    assert [path for path, digest in one.items() if other[path] != digest] == []
