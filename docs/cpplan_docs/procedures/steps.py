"""Every step of a procedure: what it means, and which rules set and clear it.

A step that is only asked for is told as well: that nothing sets it is worth knowing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cpplan import Procedure
from cpplan.needs import AnyNeed, EarliestNeed, LatestFieldNeed, Need, NoStepNeed, StepNeed
from cpplan.rules import Rule, Tally
from cpplan_docs import addresses
from cpplan_docs.words import linking, matches
from cpplan_docs.words.markdown import bullets, code, heading, plain
from cpplan_docs.words.wording import spaced

_ON_A_STEP = (StepNeed, NoStepNeed, EarliestNeed, LatestFieldNeed)


def steps(procedure: Procedure, path: str) -> Iterator[str]:
    """Yield every step that is spoken of, for the page at ``path``."""
    for step in spoken_of(procedure):
        words = plain(procedure.steps.get(step, spaced(step)))
        yield heading(3, linking.capital(words), addresses.step(procedure.name, step).anchor)
        yield bullets(_step(procedure, step, path))


def spoken_of(procedure: Procedure) -> list[str]:
    """Return the steps that rules, duties and fields wanted turn on, in the pack's order."""
    found = {step for rule in procedure.rules.values() for step in _of_rule(rule)}
    found |= {one.step for edge in procedure.edges for one in edge.sets}
    found |= {step for edge in procedure.edges for step in edge.clears}
    found |= {tally.reaches for tally in procedure.tallies}
    for duty in procedure.duties.values():
        matches = (*duty.opens, *duty.expected, *duty.due_at, *duty.met_by, *duty.until)
        found |= {match.takes for match in matches if match.takes}
    for records in procedure.records.values():
        found |= {step for one in records for step in one.given | one.given_none}
    known = [step for step in procedure.steps if step in found]
    return [*known, *sorted(found.difference(known))]


def _of_rule(rule: Rule) -> Iterator[str]:
    yield from rule.given | rule.given_any | rule.given_none
    for need in rule.needs:
        yield from _of_need(need)


def _of_need(need: Need) -> Iterator[str]:
    if isinstance(need, AnyNeed):
        for one in need.needs:
            yield from _of_need(one)
    elif isinstance(need, _ON_A_STEP):
        yield need.step


def _step(procedure: Procedure, step: str, path: str) -> Iterator[str]:
    edges = procedure.edges
    setters = [e.rule.id for e in edges if any(one.step == step for one in e.sets)]
    clearers = [e.rule.id for e in edges if step in e.clears]
    counts = [tally for tally in procedure.tallies if tally.reaches == step]
    yield f"Step {code(step)}"
    for tally in counts:
        yield _count(procedure, tally, path)
    if setters:
        yield f"Set by {_rules(procedure, setters, path)}"
    elif not counts:
        yield "No rule here sets it"
    if clearers:
        yield f"Cleared by {_rules(procedure, clearers, path)}"


def _rules(procedure: Procedure, names: Iterable[str], path: str) -> str:
    return linking.rules(procedure.name, dict.fromkeys(names), path)


def _count(procedure: Procedure, tally: Tally, path: str) -> str:
    counts = matches.match(procedure, tally.counts, path)
    resets = matches.match(procedure, tally.resets, path)
    per = matches.field(tally.counts.event, tally.per)
    cited = linking.clauses(tally.cites, path)
    return (
        f"Stands for an event that is number {tally.at} of {plain(tally.says)}: {counts}, counted"
        f" apart by {per}; {resets} begins the count anew" + (f" ({cited})" if cited else "")
    )
