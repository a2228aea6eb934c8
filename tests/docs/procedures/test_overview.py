"""The page of a procedure as a whole: its states, figures and gaps, from the pack alone."""

from __future__ import annotations

from functools import cache

import pytest

from cpplan.states import STATES
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pictures import lifecycle
from cpplan_docs.procedures.overview import pages
from cpplan_sim.running import loaded

NAMES = ("luton", "jersey")


@cache
def text(name: str) -> str:
    book = Book({name: loaded(name)})
    vars(book)["runs"] = ()  # running every told case takes long, and is counted elsewhere
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lifecycle, "prepare", lambda _: None)
        patch.setattr(lifecycle, "picture", lambda *_: "<svg></svg>")
        found = {page.path: page.text for page in pages(book)}
    return found[addresses.procedure(name).path]


@pytest.mark.parametrize("name", NAMES)
def test_every_state_has_its_anchor_and_meaning(name: str) -> None:
    told = text(name)
    for state in loaded(name).states:
        assert f"{{#{addresses.state(name, state).anchor}}}" in told
        assert STATES[state][1:] in told


@pytest.mark.parametrize("name", NAMES)
def test_every_silent_topic_and_figure_is_told(name: str) -> None:
    procedure, told = loaded(name), text(name)
    silent = told.partition("{#silent}")[2].partition("\n## ")[0]
    assert silent.count("\n- ") == len(procedure.silent)
    figures = told.partition("{#figures}")[2].partition("\n## ")[0]
    assert figures.count("\n- ") == len(procedure.values)


def test_what_was_taken_over_and_what_was_chosen_stand_apart() -> None:
    told = text("jersey")
    assert "{#inherited}" in told
    assert "{#choices}" in told
    assert "{#inherited}" not in text("luton")
