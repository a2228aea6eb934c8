"""The page of a procedure's proofs: what no path may skip, what must stay possible, the verdicts.

The prover is asked when the page is made; nothing here knows what it will answer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cpplan import Procedure
from cpplan.requirements import Possibility, Requirement
from cpplan_docs import addresses
from cpplan_docs.book import Book
from cpplan_docs.pages import Page
from cpplan_docs.words import linking
from cpplan_docs.words.histories import unfolding
from cpplan_docs.words.markdown import bullets, code, heading, page, plain
from cpplan_docs.words.origins import by_topic, remark
from cpplan_docs.words.requirements import possible, says
from cpplan_docs.words.wording import counted, titled
from cpplan_sim.counterexamples import counterexample_of
from cpplan_sim.possibility import Shower, Shown, Way
from cpplan_sim.proving.prover import Proof, Proven, Prover

OPENING = """\
A requirement says what no path may skip. It is written from the clauses without the rules, and is
held against them on every history of any length. Proved means that no history breaks it. Broken
means that one does, and the shortest is shown. A search visits states in which only what matters to
the requirement is kept apart.
"""
POSSIBLE = """\
No history can show that something is impossible, so these are asked the other way round: for each
event in each state a history is looked for that has it recorded there, and the rules have to take
it.
"""
VERDICTS: Mapping[Proof, str] = {
    Proof.PROVED: "proved",
    Proof.BROKEN: "broken",
    Proof.UNDECIDED: "undecided",
}


def pages(book: Book) -> Iterator[Page]:
    """Yield the page of each procedure's proofs."""
    for procedure in book.procedures.values():
        yield _page(procedure, addresses.requirement(procedure.name, "").path)


def _page(procedure: Procedure, path: str) -> Page:
    prover = Prover(procedure)
    proofs = [prover.prove(one) for one in procedure.requirements.values()]
    shower = Shower(procedure, prover)
    shown = [shower.show(one) for one in procedure.possible.values()]
    title = f"Proofs of {titled(procedure.name)}"
    return Page(
        path,
        title,
        page(
            heading(1, title),
            OPENING,
            *_sums(proofs, shown),
            *_required(procedure, proofs, path),
            *_possible(procedure, shown, path),
        ),
    )


def _sums(proofs: Sequence[Proven], shown: Sequence[Shown]) -> Iterator[str]:
    visited = sum(one.states for one in proofs)
    yield bullets(
        [
            f"{counted(len(proofs), 'requirement')}: {_counts(one.proof for one in proofs)}."
            f" {counted(visited, 'state')} searched in all",
            f"{counted(len(shown), 'statement')} of what must stay possible:"
            f" {_counts(one.proof for one in shown)}",
        ]
    )


def _counts(found: Iterator[Proof]) -> str:
    counts = Counter(found)
    return ", ".join(f"{counts[proof]} {VERDICTS[proof]}" for proof in Proof if counts[proof])


def _required(procedure: Procedure, proofs: Sequence[Proven], path: str) -> Iterator[str]:
    found = {one.requirement.id: one for one in proofs}
    for topic, ones in by_topic(procedure, procedure.requirements.values()):
        yield heading(2, linking.capital(plain(procedure.topics.get(topic, topic))))
        for one in ones:
            yield _headed(procedure, one)
            told = [*says(procedure, one, path), *_verdict(found[one.id])]
            yield bullets([f"Requirement {code(one.id)}", *told])
            yield from _why(one)
            yield from _history(procedure, found[one.id], path)


def _headed(procedure: Procedure, one: Requirement | Possibility) -> str:
    anchor = addresses.requirement(procedure.name, one.id).anchor
    return heading(3, plain(one.says.rstrip(".")), anchor)


def _why(one: Requirement | Possibility) -> Iterator[str]:
    if one.why:
        yield f"Why so: {remark(one)}"


def _verdict(found: Proven) -> Iterator[str]:
    why = f": {plain(found.why)}" if found.why else ""
    yield f"Verdict: **{VERDICTS[found.proof]}**{why}"
    kept = sorted([*found.tracked.steps, *map(str, found.tracked.periods)])
    apart = f", with this kept apart: {', '.join(map(code, kept))}" if kept else ""
    yield f"{counted(found.states, 'state')} searched{apart}"
    if found.exercise:
        yield f"The shortest history that puts it to the test has {_events(found.exercise)}"
    elif found.proof is Proof.PROVED:
        yield "No history puts it to the test"


def _events(history: Sequence[object]) -> str:
    return counted(len(history), "event")


def _history(procedure: Procedure, found: Proven, path: str) -> Iterator[str]:
    broken = counterexample_of(procedure, found)
    if broken is not None:
        yield plain(broken.told)
        summary = f"The shortest history that breaks it: {_events(broken.history)}"
        yield unfolding(summary, broken.history, path)


def _possible(procedure: Procedure, shown: Sequence[Shown], path: str) -> Iterator[str]:
    if not shown:
        return
    yield heading(2, "What must stay possible", "possible")
    yield POSSIBLE
    for one in shown:
        yield _headed(procedure, one.possibility)
        told = [*possible(procedure, one.possibility, path), *_shown(one)]
        yield bullets([f"Statement {code(one.possibility.id)}", *told])
        yield from _why(one.possibility)


def _shown(found: Shown) -> Iterator[str]:
    longest = max((len(way.history) for way in found.ways), default=0)
    done = len(found.ways) - len(found.lacking)
    yield (
        f"Verdict: **{VERDICTS[found.proof]}**: {done} of"
        f" {counted(len(found.ways), 'event')} in a state shown by a history of at most"
        f" {counted(longest, 'event')}"
    )
    for way in found.lacking:
        yield f"Not shown: {plain(str(way))}{_stuck(way)}"


def _stuck(way: Way) -> str:
    return f" ({plain(way.why)})" if way.why else ""
