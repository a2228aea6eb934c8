"""Entries as the store keeps them: what it could not give back is never written."""

from __future__ import annotations

from typing import Any

import pytest

from cpplan import Ledger
from cpplan.entries import InvalidEntryError
from cpplan.events import VisitMade
from cpplan.store import drafted, entry_of
from cpplan.store.canonical import NotCanonicalError
from cpplan.store.rows import nothing_of, sealed
from tests.kernel.histories import STANDARDS, START, visit
from tests.kernel.store.told import entries


def test_what_is_kept_is_given_back() -> None:
    for entry in entries():
        assert entry_of(sealed(drafted(entry), nothing_of("Ada"))) == entry


@pytest.mark.parametrize("value", [0.5, float("nan"), 2**53, "\ud800", "a\0b", {1}])
def test_what_no_store_could_give_back_is_refused_with_its_place(value: Any) -> None:
    event = visit(START, child_seen=value)
    assert isinstance(event, VisitMade)
    entry = Ledger.opened(STANDARDS).happened(event, id="v", recorded_on=START)
    with pytest.raises(NotCanonicalError, match=r"^\$\.event\.child_seen: "):
        drafted(entry)


def test_what_could_not_be_read_again_is_refused_with_its_place() -> None:
    event = visit(START, child_seen="yes")
    entry = Ledger.opened(STANDARDS).happened(event, id="v", recorded_on=START)
    with pytest.raises(InvalidEntryError, match="child_seen"):
        drafted(entry)
