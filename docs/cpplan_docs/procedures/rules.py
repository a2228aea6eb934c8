"""The page of a procedure's rules: how an event moves a plan, what it needs, and every step.

Needs are put into sentences by :mod:`cpplan_docs.words.needs`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cpplan import Procedure
from cpplan.drafts import NOTING
from cpplan.procedures import Record, states_named
from cpplan.rules import Rule
from cpplan.states import ORIGIN, RETURNING, SAME
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.procedures.steps import steps
from cpplan_docs.words import linking, matches
from cpplan_docs.words.markdown import bullets, code, heading, link, page, plain
from cpplan_docs.words.needs import Sentences
from cpplan_docs.words.origins import by_topic, remark, stands_on
from cpplan_docs.words.wording import counted, titled

OPENING = """\
A rule says how the lifecycle moves when an event is recorded. Which rule is for an event is decided
by the state, by what the event says and by the steps that stand. Then all that the rule needs has
to hold, or the event is refused, with every reason at once. A date that was missed never refuses an
event: see [the duties](duties.md).
"""
NOTED = """\
These can be recorded in the states named and change nothing but the history. A duty may turn on
them.
"""
STEPS = """\
A step is a fact about a plan that rules set and clear. It stands from the day on which it was
taken.
"""


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of each procedure's rules."""
    for procedure in book.procedures.values():
        yield _page(procedure, addresses.rule(procedure.name, "").path)


def _page(procedure: Procedure, path: str) -> Page:
    title = f"Rules of {titled(procedure.name)}"
    return Page(
        path,
        title,
        page(
            heading(1, title),
            OPENING,
            f"There are {counted(len(procedure.rules), 'rule')}, by what they are about. At the"
            " foot of the page stands every [step](#steps).",
            *_topics(procedure, path),
            heading(2, "Steps", "steps"),
            STEPS,
            *steps(procedure, path),
        ),
    )


def _topics(procedure: Procedure, path: str) -> Iterator[str]:
    noted = noted_in(procedure)
    rules = [rule for name, rule in procedure.rules.items() if name not in noted]
    for topic, ones in by_topic(procedure, rules):
        yield heading(2, linking.capital(plain(procedure.topics.get(topic, topic))))
        for rule in ones:
            yield from _rule(procedure, rule, path)
    yield heading(2, "What is only noted", "only-noted")
    yield NOTED
    yield bullets(_note(procedure, procedure.rules[name], path) for name in noted_in(procedure))


def noted_in(procedure: Procedure) -> list[str]:
    """Return the rules by which an event is recorded and changes nothing else."""
    return [name for name, rule in procedure.rules.items() if _only_notes(rule)]


def _only_notes(rule: Rule) -> bool:
    plain_match = not (rule.match.when or rule.match.where)
    changes = rule.needs or rule.sets or rule.clears or rule.given or rule.given_none
    return rule.topic == NOTING and rule.target == SAME and plain_match and not changes


def _note(procedure: Procedure, rule: Rule, path: str) -> str:
    anchor = addresses.rule(procedure.name, rule.id).anchor
    event = linking.capital(matches.match(procedure, rule.match, path))
    told = f'<span id="{anchor}"></span>{event}: in {_states(procedure, rule.sources, path, "or")}'
    wanted = "; ".join(_wanted(procedure, rule, path))
    return told + (f". Told if left out: {wanted}" if wanted else "")


def _rule(procedure: Procedure, rule: Rule, path: str) -> Iterator[str]:
    yield heading(3, plain(rule.says.rstrip(".")), addresses.rule(procedure.name, rule.id).anchor)
    yield bullets(_facts(procedure, rule, path))
    if rule.needs:
        yield "It needs:"
        sentences = Sentences(procedure, rule, path)
        yield bullets(sentences.told(need) for need in rule.needs)
    if wanted := list(_wanted(procedure, rule, path)):
        yield "What is left out of these is told as not recorded, and refuses nothing:"
        yield bullets(wanted)
    if rule.why:
        yield f"Why so: {remark(rule)}"


def _facts(procedure: Procedure, rule: Rule, path: str) -> Iterator[str]:
    yield f"Rule {code(rule.id)}"
    yield f"When this is recorded: {matches.match(procedure, rule.match, path)}"
    yield f"From {_states(procedure, rule.sources, path, 'or')}, {_target(procedure, rule, path)}"
    yield from _routing(procedure, rule, path)
    yield from _changes(procedure, rule, path)
    yield stands_on(rule, path)


def _states(procedure: Procedure, names: Sequence[str], path: str, last: str) -> str:
    there = [state for state in states_named(tuple(names)) if state in procedure.states]
    *others, end = [_state(procedure, state, path) for state in there]
    return f"{', '.join(others)} {last} {end}" if others else end


def _state(procedure: Procedure, state: str, path: str) -> str:
    return link(plain(state), addresses.state(procedure.name, state), path)


def _target(procedure: Procedure, rule: Rule, path: str) -> str:
    if rule.target == SAME:
        return "and stays there"
    if rule.target == ORIGIN:
        origins = tuple(dict.fromkeys(o for s in rule.sources for o in RETURNING.get(s, ())))
        return f"back to where it came from: {_states(procedure, origins, path, 'or')}"
    return f"to {_state(procedure, rule.target, path)}"


def _routing(procedure: Procedure, rule: Rule, path: str) -> Iterator[str]:
    asked = (
        ("Only while it stands that", "and", rule.given),
        ("Only while it stands that", "or", rule.given_any),
        ("Only while it does not stand that", "or", rule.given_none),
    )
    for words, last, named in asked:
        if named:
            yield f"{words} {_listed(procedure, sorted(named), path, f'{last} that')}"


def _changes(procedure: Procedure, rule: Rule, path: str) -> Iterator[str]:
    for taken in rule.sets:
        told = matches.step(procedure, taken.step, path)
        dated = f", dated by {_dated(rule, taken.on_field)}" if taken.on_field else ""
        yield f"From then on it stands that {told}{dated}"
    if rule.clears:
        cleared = _listed(procedure, sorted(rule.clears), path, "or that")
        yield f"It no longer stands that {cleared}"


def _dated(rule: Rule, name: str) -> str:
    return matches.field(rule.match.event, name)


def _listed(procedure: Procedure, steps: Iterable[str], path: str, last: str) -> str:
    told = [matches.step(procedure, step, path) for step in steps]
    return f" {last} ".join(told)


def _wanted(procedure: Procedure, rule: Rule, path: str) -> Iterator[str]:
    for record in procedure.records.get(rule.match.event, ()):
        if not _apart(rule, record):
            told = linking.capital(matches.field(rule.match.event, record.path))
            cited = linking.clauses(record.cites, path)
            yield told + _where(procedure, record, path) + (f" ({cited})" if cited else "")


def _apart(rule: Rule, record: Record) -> bool:
    """Return whether what a record is for is never what a rule is for."""
    said = dict(rule.match.when)
    return any(
        path in said and set(said[path]).isdisjoint(allowed) for path, allowed in record.match.when
    )


def _where(procedure: Procedure, record: Record, path: str) -> str:
    said = [
        f"{matches.field(record.match.event, name)}: {matches.listed(allowed, 'or')}"
        for name, allowed in record.match.when
    ]
    said += [matches.tested(record.match.event, test) for test in record.match.where]
    said += [matches.step(procedure, one, path) for one in sorted(record.given)]
    said += [f"not: {matches.step(procedure, s, path)}" for s in sorted(record.given_none)]
    return f", if {'; '.join(said)}" if said else ""
