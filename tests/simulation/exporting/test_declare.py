"""Declare4Py reads what is exported, and judges histories as our monitors do."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import attrs
import pytest

from cpplan import PROCEDURES
from cpplan.matching import Match
from cpplan.requirements import Atom, Requirement, Template
from cpplan.values import Origin, Value
from cpplan_sim.exporting.declare import Constraint, Model, declared
from cpplan_sim.exporting.declare_sides import AFTER, BEFORE, ENTERS, LEAVES, activity
from cpplan_sim.exporting.saying import words
from cpplan_sim.monitors import Moment, Verdict, judge
from cpplan_sim.running import loaded
from tests.simulation.exporting.histories import History, all_histories, histories, telling

SCRIPT = Path(__file__).with_name("declare4py_check.py")
NAMED = "CPPLAN_DECLARE4PY"
"""The variable that names a Python with Declare4Py, if it isn't where make puts it."""
ONE_PROCESS = pytest.mark.xdist_group("declare4py")


def python_with_declare4py() -> str:
    root = Path(__file__).parents[3]
    tag = f"{sys.version_info.major}.{sys.version_info.minor}"
    made = root / ".venvs" / f"declare-{tag}" / "bin" / "python"
    found = os.environ.get(NAMED) or (str(made) if made.exists() else "")
    if not found:
        pytest.skip(f"no Python with Declare4Py: name one in {NAMED}, or make declare")
    return found


Checker = Callable[[Model, Sequence[Sequence[Moment]]], list[list[bool]]]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checker]:
    """Return what tells which constraints Declare4Py finds violated, for each trace."""
    said = tmp_path_factory.mktemp("declare4py") / "said"
    command = [python_with_declare4py(), str(SCRIPT)]
    pipe = subprocess.PIPE
    with (
        said.open("w") as aside,
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=aside, text=True) as process,
    ):
        yield functools.partial(_checked, process, said)
        assert process.stdin
        process.stdin.close()


def _checked(
    process: subprocess.Popen[str], said: Path, model: Model, traces: Sequence[Sequence[Moment]]
) -> list[list[bool]]:
    assert process.stdin
    assert process.stdout
    logs = [log_of(model, trace) for trace in traces]
    print(json.dumps({"model": model.text, "traces": logs}), file=process.stdin, flush=True)
    line = process.stdout.readline()
    assert line, said.read_text()
    answer = json.loads(line)
    assert [spaced(one) for one in answer["constraints"]] == [
        expected(c) for c in model.constraints
    ]
    violated: list[list[bool]] = answer["violated"]
    return violated


def spaced(text: str) -> str:
    return "".join(text.split())


def expected(constraint: Constraint) -> str:
    """Return a constraint as Declare4Py says it again: with a number where one can stand."""
    plain = constraint.template in ("Absence", "Existence")
    return spaced(constraint.text.replace("[", "1[", 1) if plain else constraint.text)


def log_of(model: Model, trace: Sequence[Moment]) -> list[dict[str, Any]]:
    """Return a trace as the head of the export says that a log has to be."""
    read: dict[str, set[str]] = {}
    for constraint in model.constraints:
        for side in constraint.sides:
            read.setdefault(side.activity, set()).update(side.attributes)
    return [entry for moment in trace for entry in _entries(model, moment, read)]


def _entries(model: Model, moment: Moment, read: dict[str, set[str]]) -> Iterator[dict[str, Any]]:
    on = {"time:timestamp": moment.event.on.isoformat()}
    moved = moment.before != moment.after
    states = {LEAVES: moment.before, ENTERS: moment.after} if moved else {}
    yield from (_entry(activity(BEFORE[how], state), on, states) for how, state in states.items())
    name = words(moment.event.kind)
    said = {
        one.name: "yes" if one.holds(moment.event, None) else "no"  # type: ignore[arg-type]  # no condition of a requirement asks for facts
        for one in model.attributes
        if one.name in read.get(name, ())
    }
    yield _entry(name, on, {**said, **states})
    yield from (_entry(activity(AFTER[how], state), on, states) for how, state in states.items())


def _entry(name: str, on: dict[str, str], said: dict[str, str]) -> dict[str, str]:
    return {"concept:name": name, **on, **said}


def moments_of(one: History) -> list[Moment]:
    """Return what was recorded, and as recorded too what was refused."""
    return [
        Moment(tried.event, recorded=True, before=tried.plan.state, after=tried.after.state)
        for tried in one.told
    ]


def spoilt(found: Sequence[History]) -> list[list[Moment]]:
    """Return histories as they were, and each with one moment left out."""
    traces = []
    for one in found:
        whole = moments_of(one)
        traces.append([m for m, t in zip(whole, one.told, strict=True) if t.rule is not None])
        traces.append(whole)
        traces += [whole[:number] + whole[number + 1 :] for number in range(len(whole))]
    return traces


def ours(model: Model, trace: Sequence[Moment]) -> dict[str, bool]:
    """Return which of the requirements that are exported our monitors find broken."""
    required = {one.requirement.id: one.requirement for one in model.constraints}
    found = judge(required.values(), trace, model.procedure.calendar)
    return {one.requirement.id: one.verdict is Verdict.BROKEN for one in found}


def theirs(model: Model, violated: Sequence[bool]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for constraint, broken in zip(model.constraints, violated, strict=True):
        found[constraint.requirement.id] = found.get(constraint.requirement.id, False) or broken
    return found


@pytest.mark.slow
@ONE_PROCESS
@pytest.mark.parametrize("name", PROCEDURES)
def test_declare4py_judges_histories_whole_and_spoilt_as_our_monitors_do(
    name: str, checked: Checker
) -> None:
    procedure = loaded(name)
    model = declared(procedure, procedure.requirements.values())
    traces = spoilt(telling(histories(name), most=10))
    broken = set()
    for trace, violated in zip(traces, checked(model, traces), strict=True):
        judged = ours(model, trace)
        assert theirs(model, violated) == judged
        broken |= {one for one, wrong in judged.items() if wrong}
    assert len(broken) > len({one.requirement.id for one in model.constraints}) / 4


def _value(amount: int, unit: str) -> Value:
    return Value("made", amount, unit, "", "a period", Origin.CHOICE, ())


def _kind(name: str) -> Atom:
    return Atom(Match(name))


_SHAPES: list[dict[str, Any]] = [
    {"template": Template.EXISTENCE, "first": _kind("visit-made")},
    {"template": Template.EXISTENCE, "first": Atom(enters=("active",))},
    {
        "template": Template.RESPONSE,
        "first": Atom(any_of=(_kind("visit-failed"), _kind("core-group-held"))),
        "then": _kind("visit-made"),
    },
    {
        "template": Template.RESPONSE,
        "first": _kind("core-group-held"),
        "then": _kind("detailed-plan-agreed"),
        "within": _value(2, "calendar-weeks"),
    },
    {
        "template": Template.SUCCESSION,
        "first": _kind("core-group-held"),
        "then": _kind("review-conference-opened"),
    },
    {
        "template": Template.NOT_CO_EXISTENCE,
        "first": _kind("escalation-raised"),
        "then": Atom(enters=("ended.move", "ended.rcpc")),
    },
    {
        "template": Template.PRECEDENCE,
        "first": _kind("core-group-held"),
        "then": Atom(enters=("active",), leaves=("detailed",)),
        "after": _value(3, "calendar-days"),
    },
    {
        "template": Template.PRECEDENCE,
        "first": _kind("initial-conference-decided"),
        "then": _kind("review-conference-opened"),
        "not_before": _value(9, "calendar-weeks"),
    },
    {
        "template": Template.NOT_SUCCESSION,
        "first": Atom(enters=("outline",)),
        "then": _kind("core-group-held"),
        "within": _value(2, "calendar-weeks"),
    },
    {
        "template": Template.NOT_SUCCESSION,
        "first": _kind("visit-made"),
        "then": _kind("visit-made"),
    },
]

MADE = [
    Requirement(id=f"made-{number}", says="Made up.", topic="none", **shape)
    for number, shape in enumerate(_SHAPES)
]


@pytest.mark.slow
@ONE_PROCESS
def test_templates_that_no_shipped_procedure_uses_are_judged_alike_too(checked: Checker) -> None:
    """On histories that have ended: ours wait for the end, theirs take a trace as finished."""
    model = declared(loaded("composite"), MADE)
    assert model.unsaid == ()
    ended = [one for one in all_histories() if one.told and one.told[-1].after.ended]
    traces = [
        [m for m, t in zip(moments_of(one), one.told, strict=True) if t.rule is not None]
        for one in ended
    ]
    verdicts = set()
    for trace, violated in zip(traces, checked(model, traces), strict=True):
        judged = ours(model, trace)
        assert theirs(model, violated) == judged
        verdicts |= set(judged.items())
    assert verdicts == {(one.id, broken) for one in MADE for broken in (True, False)}


def test_what_can_not_be_said_is_named_with_its_reason() -> None:
    procedure = loaded("standards")
    model = declared(procedure, procedure.requirements.values())
    said = {one.requirement.id for one in model.constraints}
    unsaid = {one.id for one, _ in model.unsaid}
    assert said | unsaid == set(procedure.requirements)
    assert said.isdisjoint(unsaid)
    for one, why in model.unsaid:
        assert f"# {one.id}: {why}" in model.text


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"within": _value(3, "months")}, "3 months are no fixed number of days"),
        ({"within": _value(3, "working-days")}, "3 working-days are no fixed number"),
        ({"then": _kind("visit-failed")}, "its own other side"),
        (
            {
                "first": Atom(Match("visit-failed", on_field="on")),
                "within": _value(3, "calendar-days"),
            },
            "counted from a date in the event",
        ),
        ({"then": Atom(any_of=(_kind("child-died"), _kind("visit-made")))}, "one of several"),
        ({"template": Template.NOT_UNTIL}, "no template"),
    ],
)
def test_a_requirement_is_left_out_rather_than_weakened(changed: dict[str, Any], why: str) -> None:
    one = Requirement(
        id="made",
        says="Made up.",
        topic="none",
        template=Template.RESPONSE,
        first=_kind("visit-failed"),
        then=_kind("visit-made"),
    )
    model = declared(loaded("london"), [attrs.evolve(one, **changed)])
    assert model.constraints == ()
    assert why in model.unsaid[0][1]


def test_the_same_procedure_is_always_written_the_same() -> None:
    procedure = loaded("jersey")
    texts = {declared(procedure, procedure.requirements.values()).text for _ in range(2)}
    assert len(texts) == 1
