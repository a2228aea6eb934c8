"""The book: what the pages are about, each found once and shared by all that tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import attrs

from cpplan import PROCEDURES, Procedure, load
from cpplan_sim.account import Account, account_of
from cpplan_sim.running import Run, run
from cpplan_sim.scenarios import read_all, shipped


# Without slots, for what is found once.
@attrs.frozen(slots=False)
class Book:
    """What pages are written of.

    Attributes:
        procedures: by name, in the order in which they are told.
    """

    procedures: Mapping[str, Procedure]

    @classmethod
    def shipped(cls) -> Book:
        """Return the book of the procedures that come with cpplan."""
        return cls({name: load(name) for name in PROCEDURES})

    @cached_property
    def accounts(self) -> Mapping[str, Account]:
        """What becomes of each clause, by procedure."""
        return {name: account_of(procedure) for name, procedure in self.procedures.items()}

    @cached_property
    def runs(self) -> tuple[Run, ...]:
        """The told cases, each as it went."""
        return tuple(run(scenario) for scenario in read_all(shipped()))
