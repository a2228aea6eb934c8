"""The model in Promela: one process that takes a move and then judges it, again and again.

The text stands for all requirements at once. Which is watched is fixed when SPIN reads the text
(``spin -DWATCHED=3 -a``), or else read by the search from the environment, so that one compilation
serves for all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from cpplan import Procedure
from cpplan.states import BEFORE_PLAN
from cpplan_sim.second_opinion.mattering import mattering
from cpplan_sim.second_opinion.moves import Guard, Move, Shows
from cpplan_sim.second_opinion.passages import (
    AFTER,
    CLOCK,
    HEAD,
    LIMIT,
    PROCESS,
    SINCE,
    WATCH,
)
from cpplan_sim.second_opinion.possible import Possible
from cpplan_sim.second_opinion.sayings import InexpressibleError
from cpplan_sim.second_opinion.watched import Clock, Watched

_ASKED = {
    "watched": "CPPLAN_WATCHED",
    "everything": "CPPLAN_EVERYTHING",
    "exercise": "CPPLAN_EXERCISE",
}


def asking(number: int, *, everything: bool = False, exercise: bool = False) -> dict[str, str]:
    """Return the variables of the environment that tell the search what to look for.

    Args:
        number: the requirement's number in the model.
        everything: whether to keep every step that matters, whatever was asked to be kept.
        exercise: whether to look for a history that tests the requirement, not for one that
            breaks it.
    """
    told = {"watched": number, "everything": int(everything), "exercise": int(exercise)}
    return {_ASKED[key]: str(value) for key, value in told.items()}


def promela(procedure: Procedure, watched: Sequence[Watched]) -> str:
    """Return the model of a procedure and of what is watched of it.

    Args:
        procedure: the procedure.
        watched: the requirements, numbered from 1 in this order.

    Raises:
        InexpressibleError: an event can differ in more ways than can be written out, or two steps
            would have one name.
    """
    possible = Possible(procedure, watched)
    _check_names(possible.steps)
    parts = [
        _head(procedure),
        _places(procedure),
        _steps(procedure, possible),
        _watch(possible),
        _process(procedure, possible),
    ]
    return "\n".join(parts)


def _check_names(steps: Sequence[str]) -> None:
    known: dict[str, str] = {}
    for step in steps:
        other = known.setdefault(name(step), step)
        if other != step:
            raise InexpressibleError(f"the steps {other!r} and {step!r} would have one name")


def _head(procedure: Procedure) -> str:
    title = _plain(f"{procedure.name}: {procedure.title}, {procedure.edition}")
    return HEAD.substitute(title=title, **_ASKED)


def _places(procedure: Procedure) -> str:
    places = ", ".join(f"at_{name(state)}" for state in procedure.states)
    return f"mtype:place = {{ {places} }};\nmtype:place place = at_{name(BEFORE_PLAN)};\n"


def _steps(procedure: Procedure, possible: Possible) -> str:
    lines = ["/* The steps: whether each stands, and whether it is kept. */"]
    for step in possible.steps:
        means = _plain(procedure.steps.get(step, ""))
        lines.append(f"bit step_{name(step)}, kept_{name(step)}; /* {means} */")
    return "\n".join(lines) + "\n"


def _watch(possible: Possible) -> str:
    """Return the judgement, with what it keeps of time for these requirements."""
    clocks, limits = range(len(possible.clocks)), range(len(possible.limiting))
    declared = [CLOCK.substitute(n=n, clock=_clock(possible.clocks[n])) for n in clocks]
    declared += [LIMIT.substitute(n=n, step=_plain(possible.limiting[n])) for n in limits]
    cleared = [f"waited{n} = 0; begun{n} = 0; with{n} = 0" for n in clocks]
    cleared += [f"moved{n} = 0" for n in limits]
    return WATCH.substitute(
        declared="".join(declared),
        waited="".join(f"  surely = surely || (waited{n} && since{n});\n" for n in clocks),
        forgotten="".join(f"; since{n} = 0" for n in clocks),
        ordered="".join(SINCE.substitute(n=n) for n in clocks),
        after="".join(AFTER.substitute(n=n) for n in limits),
        cleared="".join(f";\n  {each}" for each in cleared),
    )


def _clock(clock: Clock) -> str:
    return _plain(f"{clock.amount} {clock.unit} from {clock.step}")


def _choice(possible: Possible) -> Iterator[str]:
    """Yield what fixes the template and the steps kept for the requirement that is watched."""
    yield "    if"
    for one in possible.watched:
        required = one.requirement
        timing = "; timed = 1" * one.timed + "; limited = 1" * one.limited
        timing += "; covering = 1" * one.covering
        yield f"    /* {_plain(required.id)}: {_plain(required.says)} */"
        yield f"    :: watched == {one.number} -> template = {name(required.template)}{timing}"
    yield "    :: else -> assert(false) /* no such requirement */"
    yield "    fi;"
    every = mattering(possible)
    asked = {o.number: every[o.number] if o.kept is None else o.kept for o in possible.watched}
    for step in possible.steps:
        for guard, kept in (("!everything", asked), ("everything", every)):
            numbers = {number for number, steps in kept.items() if step in steps}
            if numbers:
                only = [guard, *_only(numbers, possible.watched)]
                yield f"    if :: {' && '.join(only)} -> kept_{name(step)} = 1 :: else fi;"
    yield "    skip"


def _process(procedure: Procedure, possible: Possible) -> str:
    chosen = "\n".join(_choice(possible))
    lines = [PROCESS.substitute(chosen=chosen, **_ASKED)]
    for edge in procedure.edges:
        rule = edge.rule
        lines.append(f"     /* {_plain(rule.id)}, in {edge.source}: {_plain(rule.says)} */")
        lines += [f"     :: {_option(possible, move)}" for move in possible.of(edge)]
    lines += ["     fi;", "     d_step { judge() }", "  od", "}"]
    return "\n".join(lines) + "\n"


def _option(possible: Possible, move: Move) -> str:
    """Return a move as one option of the process."""
    edge, effect = move.edge, move.effect
    guards = [f"place == at_{name(edge.source)}", *map(_guard, effect.guards)]
    guards += _only(move.watched, possible.watched)
    told = [f'printf("edge {edge.number}\\n")']
    if edge.source != edge.target:
        told.append(f"place = at_{name(edge.target)}")
    told += [f"drop({name(step)})" for step in effect.drops]
    told += [f"take({name(step)})" for step in effect.takes]
    told += [f"waited{n} = 1" for n, clock in enumerate(possible.clocks) if clock in effect.waits]
    told += [
        f"begun{n} = 1" for n, clock in enumerate(possible.clocks) if clock.step in effect.takes
    ]
    told += [f"moved{n} = 1" for n, step in enumerate(possible.limiting) if step in effect.takes]
    told += _showing(possible, move.shows)
    return f"d_step {{ {' && '.join(guards)} -> {'; '.join(told)} }}"


def _guard(guard: Guard) -> str:
    if guard.lacks:
        return " && ".join(f"lacks({name(step)})" for step in guard.steps)
    some = " || ".join(f"stands({name(step)})" for step in guard.steps)
    return some if len(guard.steps) == 1 else f"({some})"


def _showing(possible: Possible, shows: Shows) -> Iterator[str]:
    for what in ("first", "later", "lifts", "ends", "tried", "covered"):
        if getattr(shows, what):
            yield f"{what} = 1"
    for clock in shows.since:
        yield f"with{possible.clocks.index(clock)} = 1"
    if shows.limits:
        kept = (
            " && ".join(f"!after{possible.limiting.index(step)}" for step in steps)
            for steps in shows.limits
        )
        yield f"inside = {' || '.join(f'({each})' for each in kept)}"


def _only(numbers: Collection[int], watched: Sequence[Watched]) -> Iterator[str]:
    """Yield the guard that one of some requirements is watched; nothing if all are meant."""
    others = [one.number for one in watched if one.number not in numbers]
    if not others:
        return
    if len(numbers) <= len(others):
        yield "(" + " || ".join(f"watched == {number}" for number in sorted(numbers)) + ")"
    else:
        yield from (f"watched != {number}" for number in others)


def name(given: str) -> str:
    """Return a name of a pack as Promela can have it."""
    return re.sub(r"[^a-z0-9]", "_", given.lower())


def _plain(text: str) -> str:
    """Return words of a pack that can do no harm in a comment of a program."""
    return re.sub(r"[^\w .,;:()/-]+", " ", text, flags=re.ASCII).strip()
