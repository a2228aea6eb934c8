"""Where it is told what a case uses: on its procedure's pages, or on those it was filled from."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from cpplan import Procedure
from cpplan.duties import Duty
from cpplan.rules import Rule
from cpplan_docs import addresses
from cpplan_docs.addresses import Address
from cpplan_docs.book import Book
from cpplan_docs.words.markdown import code, link
from cpplan_sim.running import Run


@attrs.frozen
class Places:
    """Links from the page of one case.

    Attributes:
        path: the page.
        name: the procedure that the case is under.
        fill: the one that fills its silences, if any.
        filled: the topics that were filled, and from where.
        states: the states that the procedure has by itself.
    """

    path: str
    name: str
    fill: str
    filled: Mapping[str, str]
    states: tuple[str, ...]

    @classmethod
    def of(cls, run: Run, book: Book) -> Places:
        """Return the links of a case."""
        case, under = run.scenario, run.plan.procedure
        own: Procedure = book.procedures[case.procedure]
        return cls(path_of(run), case.procedure, case.fill, under.filled, own.states)

    def state(self, state: str) -> Address:
        """Return where a state is told."""
        return addresses.state(self.name if state in self.states else self.fill, state)

    def rule(self, rule: Rule) -> str:
        """Return a rule as a link."""
        told = addresses.rule(self.filled.get(rule.topic, self.name), rule.id)
        return link(code(rule.id), told, self.path)

    def duty_told(self, duty: Duty) -> Address:
        """Return where a duty is told."""
        return addresses.duty(self.filled.get(duty.topic, self.name), duty.id)

    def duty(self, duty: Duty) -> str:
        """Return a duty as a link."""
        return link(code(duty.id), self.duty_told(duty), self.path)

    def state_link(self, state: str) -> str:
        """Return a state as a link."""
        return link(code(state), self.state(state), self.path)


def path_of(run: Run) -> str:
    """Return the page of a case."""
    return addresses.scenario(run.scenario.file.removesuffix(".yaml")).path
