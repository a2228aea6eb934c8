"""What is measured: each function below makes one group, and says what its first contender is."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Mapping

import attrs

import cpplan
from benchmarks import cases, peers, proofs, store
from benchmarks.measuring import Contender, Group, Take, calls
from cpplan.events import Event

BARE = "transitions, bare trigger"
RECORD_AT_MOST = 1.5
WHY_NOT_AT_MOST = 0.5
REBUILD_AT_MOST = 0.5
HELP_AT_MOST = 3.0
PEERS = {
    "statemachine": ("python-statemachine, send", peers.statemachine_send),
    "sismic": ("sismic, execute_once", peers.sismic_execute),
}
PLANS = 100_000
"""Plans held at once; fewer of what weighs more."""


def accepted_visit() -> Group:
    """Return recording a visit, which needs nothing, on a plan in effect with 20 events."""
    plan = cases.working_plan(20)
    event = cases.visit(_next_day(plan))
    found = [Contender(told, calls(make(plan, event))) for told, make in _peers_here().values()]
    skipped = tuple(f"{told}: not installed" for told in _peers_missing())
    return Group(
        "visit-made, accepted, on a plan with 20 events",
        (*_kernel(plan, event), *found),
        skipped=skipped,
    )


def accepted_ending() -> Group:
    """Return recording an ending by letter, which has seven needs, all met."""
    plan = cases.letter_plan()
    event = cases.letter_ending(cases.day(32))
    return Group("plan-ended-by-letter, accepted, 7 needs", _kernel(plan, event))


def refused_early() -> Group:
    """Return refusing an ending by letter for one reason, which holds a date to be worked out."""
    plan = cases.letter_plan()
    return _refused(
        "plan-ended-by-letter, refused for 1 reason of 7 (too early)",
        (plan, cases.letter_ending(cases.day(32))),
        (plan, cases.letter_ending(cases.day(20))),
    )


def refused_unprepared() -> Group:
    """Return refusing an ending by letter for four reasons."""
    return _refused(
        "plan-ended-by-letter, refused for 4 reasons of 7",
        (cases.letter_plan(), cases.letter_ending(cases.day(32))),
        (cases.recorded(cases.conference()), cases.letter_ending(cases.day(20), by=None)),
    )


def refused_elsewhere() -> Group:
    """Return refusing an event that belongs to other states: the machine raises, and is caught."""
    plan = cases.working_plan(20)
    return _refused(
        "visit-made, refused in this state",
        (plan, cases.visit(_next_day(plan))),
        (cases.recorded(cases.conference()[:1]), cases.visit(cases.day(20))),
    )


def rebuilding() -> Group:
    """Return rebuilding a plan of 60 events, told for each event."""
    plan = cases.working_plan(60)
    events, length = plan.events, len(plan.history)
    event = cases.visit(_next_day(plan))
    bare = peers.bare_trigger(plan, event)

    def triggers() -> None:
        for _ in range(length):
            bare()

    return Group(
        "a history of 60 events, for each event",
        (
            Contender(BARE, calls(triggers)),
            Contender(
                "Plan.rebuild",
                calls(lambda: cpplan.Plan.rebuild(plan.procedure, events)),
                REBUILD_AT_MOST,
            ),
        ),
        steps=length,
    )


def memory() -> Group:
    """Return the bytes of a plan. The events are the host's, and are counted apart."""
    procedure = cases.procedure()
    outlined, worked = cases.conference(), cases.working(20)
    events = {"conference": outlined, "20": worked}

    def rebuilt(key: str) -> Callable[[], object]:
        return lambda: cpplan.Plan.rebuild(procedure, events[key])

    weighed = {
        f"Plan, 3 events, {PLANS:,} held": (rebuilt("conference"), PLANS),
        "Plan, 20 events, 10,000 held": (rebuilt("20"), PLANS // 10),
        "the 20 events themselves, 1,000 held": (lambda: cases.working(20), 1_000),
        "transitions, a stock Machine for each, 100 held": (
            lambda: peers.bare_machine(procedure),
            100,
        ),
    }
    if peers.installed("statemachine"):
        machine = peers.statemachine_class(procedure)
        weighed["python-statemachine, an instance for each, 100 held"] = (machine, 100)
    return Group(
        "memory of a plan, one procedure shared",
        tuple(Contender(told, _weight(make, held)) for told, (make, held) in weighed.items()),
        unit="bytes",
        per_second=1,
        rounds=1,
        turn=0,
    )


def starting() -> Group:
    """Return whole processes: the command line's help, beside nothing at all and two imports."""
    run = "import sys; from cpplan_sim.cli import main; sys.argv = ['cpplan', '--help']; main()"
    commands = {
        "python -c pass": ("-c", "pass"),
        "python -c 'import click'": ("-c", "import click"),
        "python -c 'import cpplan'": ("-c", "import cpplan"),
    }
    contenders = [Contender(told, _process(*args)) for told, args in commands.items()]
    contenders.append(Contender("cpplan --help", _process("-c", run), HELP_AT_MOST))
    return Group(
        "starting a process", tuple(contenders), unit="ms", per_second=1e3, rounds=15, turn=0
    )


def owing() -> Group:
    """Return what is due, worked out from the history each time."""
    plan = cases.working_plan(60)
    on = _next_day(plan)
    fields = {
        field.name: getattr(plan, field.name) for field in attrs.fields(cpplan.Plan) if field.init
    }
    return Group(
        "what is due on a plan with 60 events",
        (
            Contender(BARE, calls(peers.bare_trigger(plan, cases.visit(on)))),
            Contender("Plan.due, first asked", calls(lambda: cpplan.Plan(**fields).due(on))),
            Contender("Plan.due, asked again", calls(lambda: plan.due(on))),
            Contender("Plan.allowed", calls(lambda: plan.allowed(on))),
        ),
    )


def loading() -> Group:
    """Return loading each procedure, the first of its process; importing is not counted."""
    contenders, skipped = [], []
    for name in cpplan.PROCEDURES:
        take = _load(name)
        try:
            take(1)
        except subprocess.CalledProcessError:
            skipped.append(f"{name}: does not load")
        else:
            contenders.append(Contender(f"load({name!r})", take))
    return Group(
        "loading a procedure",
        tuple(contenders),
        unit="ms",
        per_second=1e3,
        rounds=5,
        turn=0,
        skipped=tuple(skipped),
    )


GROUPS: Mapping[str, tuple[Callable[[], Group], ...]] = {
    "record": (accepted_visit, accepted_ending),
    "refuse": (refused_early, refused_unprepared, refused_elsewhere),
    "rebuild": (rebuilding,),
    "memory": (memory,),
    "start": (starting,),
    "due": (owing,),
    "load": (loading,),
    "prove": proofs.WHOLE,
    "grow": (proofs.growing,),
    "spin": proofs.OUTSIDE,
    "store": store.ALL,
}


def _kernel(plan: cpplan.Plan, event: Event) -> tuple[Contender, ...]:
    return (
        Contender(BARE, calls(peers.bare_trigger(plan, event))),
        Contender("Plan.record", calls(lambda: plan.record(event)), RECORD_AT_MOST),
        Contender("Plan.why_not", calls(lambda: plan.why_not(event)), WHY_NOT_AT_MOST),
    )


def _refused(
    title: str, accepted: tuple[cpplan.Plan, Event], refused: tuple[cpplan.Plan, Event]
) -> Group:
    """Compare with the trigger that accepts, and tell beside it what one costs that refuses."""
    plan, event = refused
    return Group(
        title,
        (
            Contender(f"{BARE}, accepted", calls(peers.bare_trigger(*accepted))),
            Contender(f"{BARE}, this one", calls(peers.bare_trigger(plan, event))),
            Contender("Plan.record", calls(lambda: plan.record(event))),
            Contender("Plan.why_not", calls(lambda: plan.why_not(event)), WHY_NOT_AT_MOST),
        ),
    )


def _peers_here() -> dict[str, tuple[str, Callable[[cpplan.Plan, Event], peers.Recording]]]:
    return {module: peer for module, peer in PEERS.items() if peers.installed(module)}


def _peers_missing() -> list[str]:
    return [told for module, (told, _) in PEERS.items() if not peers.installed(module)]


def _next_day(plan: cpplan.Plan) -> dt.date:
    assert plan.last_day is not None, "every case has a history"
    return plan.last_day + dt.timedelta(days=1)


def _weight(make: Callable[[], object], held: int) -> Take:
    """Return a way to weigh things by making many, whatever number of turns is asked for."""

    def take(times: int) -> float:
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        things = [make() for _ in range(held)]
        after, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return (after - before) * times / len(things)

    return take


def _process(*arguments: str) -> Take:
    def take(times: int) -> float:
        start = time.perf_counter()
        for _ in range(times):
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True)
        return time.perf_counter() - start

    return take


def _load(name: str) -> Take:
    script = f"""if True:
        import time, cpplan
        start = time.process_time()
        cpplan.load({name!r})
        print(time.process_time() - start)
    """

    def take(times: int) -> float:
        command = [sys.executable, "-c", script]
        runs = [
            subprocess.run(command, check=True, capture_output=True, text=True)
            for _ in range(times)
        ]
        return sum(float(run.stdout) for run in runs)

    return take
