"""``python -m cpplan_docs``: write the tree of pages, and the settings to build a site of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from cpplan_docs import shim
from cpplan_docs.book import Book
from cpplan_docs.cases import scenarios
from cpplan_docs.clauses import sources
from cpplan_docs.comparing import side_by_side
from cpplan_docs.figures import filled
from cpplan_docs.pages import Asset, Page
from cpplan_docs.procedures import duties, endings, last_days, overview, proofs, rules
from cpplan_docs.reference import api, commands, events, glossary, pack_format, refusal_codes
from cpplan_docs.site import write_settings
from cpplan_docs.writing import write_tree

WRITTEN = Path(__file__).parents[1]
"""The folder of written pages, which this package stands in."""

KINDS: tuple[Callable[[Book], Iterable[Page | Asset]], ...] = (
    overview.pages,
    rules.pages,
    duties.pages,
    last_days.pages,
    proofs.pages,
    endings.pages,
    side_by_side.pages,
    sources.pages,
    scenarios.pages,
    glossary.pages,
    events.pages,
    refusal_codes.pages,
    pack_format.pages,
    commands.pages,
    api.pages,
    shim.pages,
)
"""Makes each kind of page, in the order in which readers meet them."""


def made(book: Book) -> Iterator[Page | Asset]:
    """Yield every generated page and picture."""
    for kind in KINDS:
        yield from kind(book)


@click.command()
@click.option(
    "--to",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("build/docs"),
    show_default=True,
    help="Folder for the pages (in it `pages`) and the builder's settings (`mkdocs.yml`).",
)
@click.option(
    "--site",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("site"),
    show_default=True,
    help="Folder that the builder is to make.",
)
def main(to: Path, site: Path) -> None:
    """Write the pages of the documentation from the rules, the told cases and the code."""
    tree, book = to / "pages", Book.shipped()

    def fill(text: str, path: str) -> str:
        return filled(text, path, book.procedures)

    write_tree(tree, WRITTEN, fill, made(book))
    write_settings(WRITTEN / "mkdocs.yml", tree, to / "mkdocs.yml", site)


if __name__ == "__main__":
    main()
