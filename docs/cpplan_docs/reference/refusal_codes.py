"""The reference of refusals: every code, what it says, who gives it, and where it was given.

The codes are those of the needs of all procedures, and the machinery's own. What a code means is
the sentence of its need; the machinery's have theirs here, since no pack words them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from cpplan import Procedure, Reason, Refused, refusals
from cpplan.needs import Need
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words import linking
from cpplan_docs.words.markdown import code, heading, link, page, plain
from cpplan_docs.words.wording import day
from cpplan_sim.running import Run

PATH = "reference/refusals.md"

OPENING = """\
An event that a rule does not let through is refused, with *every* reason and not only the first.
Each reason has a code, which does not change when a sentence is put better, a sentence, and the
clauses that ask for what is missing. A program should act on the code and show the sentence.
"""
OWN = """\
These come from the machinery and not from a clause, so they are ours. Any procedure can give them.
"""
OF_NEEDS = """\
These come from what the rules of a procedure need. Below each sentence stand the procedures that
say it, the rules that they say it by, and the clauses that it stands on. A sentence that tells a
day gives the day of the plan in question.
"""

MEANINGS = {
    refusals.BEFORE_LAST_EVENT: "The event is dated before the latest event that is recorded.",
    refusals.PLAN_ENDED: "The plan has ended, and no rule takes such an event after that.",
    refusals.PROCEDURE_SILENT: "No rule of the procedure takes such an event in any state.",
    refusals.NOT_IN_THIS_STATE: "Rules take such an event, but in other states than the plan's.",
    refusals.NO_RULE_FOR_THESE_FIELDS: (
        "Rules take such an event in this state, but not with what its fields say, or not with the"
        " steps that stand."
    ),
}


@attrs.frozen
class Use:
    """A need that can give a code, and the rule that has it."""

    procedure: str
    rule: str
    need: Need


@attrs.frozen
class Given:
    """A reason that the kernel gave in a told case."""

    reason: Reason
    on: str
    run: Run


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of all codes."""
    used, given = uses(book.procedures), examples(book.runs)
    yield Page(
        PATH,
        "Refusal codes",
        page(
            heading(1, "Refusal codes"),
            OPENING,
            heading(2, "Codes of the machinery"),
            OWN,
            *(_own(one, given) for one in machinery()),
            heading(2, "Codes of the procedures"),
            OF_NEEDS,
            *(_of_needs(one, used[one], given) for one in sorted(used)),
        ),
    )


def machinery() -> tuple[str, ...]:
    """Return the codes that no pack gives."""
    found = vars(refusals).items()
    return tuple(value for name, value in found if name.isupper() and isinstance(value, str))


def uses(procedures: Mapping[str, Procedure]) -> dict[str, list[Use]]:
    """Return the needs of all procedures by their code."""
    found: dict[str, list[Use]] = {}
    for name, procedure in procedures.items():
        for rule in dict.fromkeys(edge.rule.id for edge in procedure.edges):
            for need in procedure.rules[rule].needs:
                found.setdefault(need.code, []).append(Use(name, rule, need))
    return found


def examples(runs: Iterable[Run]) -> dict[str, Given]:
    """Return for each code the first reason with it that the kernel gave in a told case."""
    found: dict[str, Given] = {}
    for run in runs:
        for outcome in run.outcomes:
            if isinstance(outcome.decision, Refused):
                for reason in outcome.decision.reasons:
                    given = Given(reason, day(outcome.step.event.on), run)
                    found.setdefault(reason.code, given)
    return found


def _own(one: str, given: Mapping[str, Given]) -> str:
    return page(_heading(one), MEANINGS.get(one, ""), _example(given.get(one)))


def _of_needs(one: str, used: Sequence[Use], given: Mapping[str, Given]) -> str:
    sentences = dict.fromkeys(use.need.says for use in used)
    told = (_sentence(says, [use for use in used if use.need.says == says]) for says in sentences)
    return page(_heading(one), *told, _example(given.get(one)))


def _heading(one: str) -> str:
    return heading(3, code(one), addresses.code(one).anchor)


def _sentence(says: str, used: Iterable[Use]) -> str:
    """Return a sentence with the procedures that say it, one line for each."""
    lines: dict[str, list[Use]] = {}
    for use in used:
        lines.setdefault(use.procedure, []).append(use)
    return "\n".join([plain(says), *(_line(name, of) for name, of in lines.items())])


def _line(procedure: str, used: Iterable[Use]) -> str:
    """Return by which rules a procedure says it, those that stand on the same together."""
    sources: dict[str, list[str]] = {}
    for use in used:
        source = linking.source(use.need.cites, use.need.why, PATH)
        sources.setdefault(source, []).append(use.rule)
    told = (f"{linking.rules(procedure, by, PATH)} ({on})" for on, by in sources.items())
    return f":   {linking.procedures([procedure], PATH)}: {'; '.join(told)}"


def _example(given: Given | None) -> str:
    if given is None:
        return ""
    case = given.run.scenario
    told = link(plain(case.title), addresses.scenario(case.file.removesuffix(".yaml")), PATH)
    return f"For example, on {given.on} in {told}: “{plain(given.reason.says)}”"
