"""Addresses: where each thing that pages speak of is told, so that all pages link alike.

The one place that knows which page tells what. A page that tells a thing gives it the anchor that
stands here; a test follows every link.
"""

from __future__ import annotations

import posixpath
import re

import attrs


@attrs.frozen
class Address:
    """A place on a page.

    Attributes:
        path: the page, below the root of the tree.
        anchor: the place on it; empty for the page as a whole.
    """

    path: str
    anchor: str = ""

    def seen_from(self, path: str) -> str:
        """Return the link to here from another page; on the same page, the anchor alone."""
        place = f"#{self.anchor}" if self.anchor else ""
        if path == self.path and place:
            return place
        return posixpath.relpath(self.path, posixpath.dirname(path) or ".") + place

    def seen_from_site(self, path: str) -> str:
        """Return the same for what the builder does not rewrite, as a link inside a picture."""
        page = attrs.evolve(self, path=re.sub(r"\.md$", ".html", self.path))
        return page.seen_from(re.sub(r"\.md$", ".html", path))


def anchor(kind: str, name: str) -> str:
    """Return an anchor for a thing: letters, digits and hyphens."""
    return f"{kind}-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"


def procedure(name: str) -> Address:
    """Return where a procedure is told as a whole, with its picture."""
    return Address(f"procedures/{name}/index.md")


def state(name: str, of: str) -> Address:
    """Return where a state is told; ``name`` is the procedure's."""
    return Address(f"procedures/{name}/index.md", anchor("state", of))


def stays(name: str, of: str) -> Address:
    """Return where the rules are listed that a plan stays in a state by."""
    return Address(f"procedures/{name}/index.md", anchor("stays", of))


def move(name: str, source: str, target: str) -> Address:
    """Return where the rules are listed that lead from one state, or group of them, to another."""
    return Address(f"procedures/{name}/index.md", anchor("move", f"{source}-{target}"))


def rule(name: str, of: str) -> Address:
    """Return where a rule is told."""
    return Address(f"procedures/{name}/rules.md", anchor("rule", of))


def step(name: str, of: str) -> Address:
    """Return where a step is told."""
    return Address(f"procedures/{name}/rules.md", anchor("step", of))


def duty(name: str, of: str) -> Address:
    """Return where a duty is told."""
    return Address(f"procedures/{name}/duties.md", anchor("duty", of))


def last_days(name: str) -> Address:
    """Return where plans are told on which each duty is met on its last day."""
    return Address(f"procedures/{name}/last-days.md")


def last_day(name: str, plan: int, of: str) -> Address:
    """Return where a day of such a plan is told; ``plan`` is its number, ``of`` the day in ISO."""
    return Address(last_days(name).path, anchor("day", f"{plan}-{of}"))


def requirement(name: str, of: str) -> Address:
    """Return where a requirement, or what must stay possible, is told with its proof."""
    return Address(f"procedures/{name}/proofs.md", anchor("requirement", of))


def ending(name: str, of: str) -> Address:
    """Return where it is told what an ending can't be reached without."""
    return Address(f"procedures/{name}/endings.md", anchor("ending", of))


def value(of: str) -> Address:
    """Return where a value is told for all procedures side by side."""
    return Address("procedures/comparison.md", anchor("value", of))


def side_by_side(one: str, other: str) -> Address:
    """Return where it is told what differs between two procedures, in the order of the book."""
    return Address(f"procedures/two-at-a-time/{one}-and-{other}.md")


def due_under(one: str, other: str, of: str) -> Address:
    """Return where it is told when a duty falls due under each of two procedures."""
    return Address(side_by_side(one, other).path, anchor("due", of))


def source(of: str) -> Address:
    """Return where a source's clauses are told."""
    return Address(f"clauses/{of}.md")


def clause(of: str) -> Address:
    """Return where a clause is told, by its id, as ``luton/1.2.4a``."""
    where, _, number = of.partition("/")
    return Address(f"clauses/{where}.md", anchor("clause", number))


def clause_topic(of: str, topic: str) -> Address:
    """Return where a source's clauses on a topic are told."""
    return Address(f"clauses/{of}.md", anchor("topic", topic))


def scenario(of: str) -> Address:
    """Return where a told case is told, by the path of its file without its ending."""
    return Address(f"scenarios/{of}.md")


def event(kind: str) -> Address:
    """Return where a kind of event is told."""
    return Address("reference/events.md", anchor("event", kind))


def code(of: str) -> Address:
    """Return where a code of refusal is told."""
    return Address("reference/refusals.md", anchor("code", of))


GLOSSARY = Address("reference/glossary.md")
"""Where all terms are told."""


def term(of: str) -> Address:
    """Return where a term is told."""
    return Address(GLOSSARY.path, anchor("term", of))


def part(of: str) -> Address:
    """Return where a part of an event is told, as a plan's content or a member."""
    return Address("reference/events.md", anchor("part", of))


def choice(of: str) -> Address:
    """Return where the values are told of which a field is to hold one."""
    return Address("reference/events.md", anchor("choice", of))


def command(of: str) -> Address:
    """Return where a command of the command line is told."""
    return Address("reference/command-line.md", anchor("command", of))


def pack_part(of: str) -> Address:
    """Return where a part of a pack's files is told, by the name of its draft."""
    return Address("reference/pack-format.md", anchor("pack", of))
