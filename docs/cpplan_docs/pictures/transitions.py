"""The table of a lifecycle: what its picture shows, in words, and what the picture only counts."""

from __future__ import annotations

from collections.abc import Iterator

from cpplan import Procedure
from cpplan.rules import Rule
from cpplan_docs import addresses
from cpplan_docs.pictures.moves import Move, members, moves, said, staying, told
from cpplan_docs.words import markdown


def transitions(procedure: Procedure, path: str) -> str:
    """Return what leads from state to state, for the page at ``path``.

    A table with a row for each rule and where it leads, then for each state the rules by which a
    plan stays in it. Both hold the anchors that the picture leads to.
    """
    rows = (row for move in moves(procedure) for row in _rows(procedure, path, move))
    return markdown.page(
        markdown.table(("From", "To", "By the rule"), rows),
        "By these a plan stays in the state that it is in:",
        *_staying(procedure, path),
    )


def _rows(procedure: Procedure, path: str, move: Move) -> Iterator[tuple[str, str, str]]:
    start = _listed(procedure, move.source)
    into = _listed(procedure, move.target)
    back = len(members(move.target, procedure)) > 1
    here = addresses.move(procedure.name, move.source, move.target).anchor
    for number, rule in enumerate(move.rules):
        anchor = "" if number else f'<span id="{here}"></span>'
        target = f"back to {into}, wherever it came from" if back else into
        yield anchor + start, target, _cited(procedure, path, rule)


def _staying(procedure: Procedure, path: str) -> Iterator[str]:
    for state in procedure.states:
        if rules := staying(procedure, state):
            here = addresses.stays(procedure.name, state).anchor
            summary = f"{told(state).capitalize()}: {_count(len(rules))}"
            yield f'<details id="{here}" markdown="1">\n<summary>{summary}</summary>'
            yield markdown.bullets(_rule(procedure, path, rule) for rule in rules)
            yield "</details>"


def _listed(procedure: Procedure, place: str) -> str:
    *others, last = map(told, members(place, procedure))
    return f"{', '.join(others)} or {last}" if others else last


def _rule(procedure: Procedure, path: str, rule: Rule) -> str:
    words = markdown.plain(said(rule.id))
    return markdown.link(words, addresses.rule(procedure.name, rule.id), path)


def _cited(procedure: Procedure, path: str, rule: Rule) -> str:
    links = (markdown.link(markdown.plain(c), addresses.clause(c), path) for c in rule.cites)
    clauses = ", ".join(links)
    return _rule(procedure, path, rule) + (f"<br>{clauses}" if clauses else "")


def _count(rules: int) -> str:
    return "1 rule" if rules == 1 else f"{rules} rules"
