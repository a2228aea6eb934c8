"""Packs broken by hand, as a careful person might break one: each is caught, and shown why.

Each folder of ``data/packs/broken`` is a pack of its own, based on a shipped one, that states one
rule or one figure otherwise: ``cpplan check tests/data/packs/broken/NAME`` takes it as it stands.
Beside it stands what has to be found.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from cpplan import PROCEDURES, Accepted, Plan, Procedure, load
from cpplan.layers import read_layer
from cpplan.reading import read_yaml
from cpplan.states import ENDED
from cpplan.structuring import structure
from cpplan_sim.commands.group import cpplan
from cpplan_sim.monitors import Moment, Monitor, Verdict
from cpplan_sim.proving import searching
from cpplan_sim.proving.prover import Proof, Proven, Prover
from cpplan_sim.running import loaded

FOLDER = Path(__file__).parents[1] / "data" / "packs" / "broken"
NAMES = sorted(path.name for path in FOLDER.iterdir())

pytestmark = pytest.mark.slow


@attrs.frozen(kw_only=True)
class Expected:
    """What has to be found of a broken pack.

    Attributes:
        kind: what kind of mistake it is.
        broken: the requirement that misses it.
        clause: the clause that has to be named.
        rule: the rule that let the last event of the counterexample through.
        length: how many events the shortest counterexample has.
        also: the other requirements that it breaks. It must break no more.
    """

    kind: str
    broken: str
    clause: str
    rule: str
    length: int
    also: list[str] = attrs.field(factory=list)


@cache
def expected(name: str) -> Expected:
    return structure(read_yaml(FOLDER / name / "expected.yaml"), Expected)


@cache
def broken(name: str) -> Procedure:
    return load(FOLDER / name)


@cache
def base_of(name: str) -> str:
    return read_layer(FOLDER / name).head.draft.based_on


@cache
def prover(name: str) -> Prover:
    """Return the prover of a procedure, broken or shipped."""
    return Prover(loaded(name) if name in PROCEDURES else broken(name))


@cache
def proven(name: str, requirement: str) -> Proven:
    """Return what the prover finds of one requirement of a procedure, broken or shipped."""
    return prover(name).prove(prover(name).procedure.requirements[requirement])


def found(name: str) -> Proven:
    """Return what the prover finds of the requirement that is to be missed."""
    return proven(name, expected(name).broken)


def told_again(procedure: Procedure, moments: tuple[Moment, ...]) -> list[tuple[str, Moment]]:
    """Return what a new plan makes of the events, one by one: the rule, if any, and the moment."""
    plan, again = Plan(procedure), []
    for moment in moments:
        decision = plan.record(moment.event)
        rule, after = "", plan
        if isinstance(decision, Accepted):
            rule, after = decision.rule.id, decision.plan
        again.append((rule, Moment(moment.event, bool(rule), plan.state, after.state)))
        plan = after
    return again


def broken_at(name: str, moments: list[Moment]) -> int | None:
    """Return the moment at which the monitor calls the requirement broken, counted from 0."""
    procedure = broken(name)
    required = procedure.requirements[expected(name).broken]
    return Monitor(required, procedure.calendar).judge(moments).broken_at


# That there are enough, and of every kind


def test_there_are_many_of_many_kinds_and_of_every_procedure() -> None:
    assert len(NAMES) >= 30
    assert {base_of(name) for name in NAMES} == set(PROCEDURES)
    assert len({expected(name).kind for name in NAMES}) >= 12


def test_every_ending_is_reached_unlawfully_by_one_of_them() -> None:
    reached = {found(name).history[-1].after for name in NAMES}
    assert reached >= set(ENDED)


def test_every_live_topic_that_holds_requirements_has_one_that_breaks_it() -> None:
    topics = {found(name).requirement.topic for name in NAMES}
    assert {topic for topic in topics if not topic.startswith("ending.")} >= {
        "access",
        "compliance",
        "conference",
        "detailed-plan",
        "disputes",
        "effect",
        "failed-visits",
        "implementation",
        "plan-change",
        "review",
        "review-dates",
        "safety",
        "visit-interval",
        "visits",
    }


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_pack_is_named_as_its_folder_and_states_little(name: str) -> None:
    layer = read_layer(FOLDER / name)
    assert layer.head.draft.pack == name
    assert 1 <= len(layer.rules) + len(layer.values) <= 2
    assert not layer.requirements


# Each is caught


@pytest.mark.parametrize("name", NAMES)
def test_the_requirement_is_broken_and_names_the_clause(name: str) -> None:
    assert found(name).proof is Proof.BROKEN
    assert expected(name).clause in found(name).requirement.cites


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_procedure_is_proved_for_the_same_requirement(name: str) -> None:
    whole = proven(base_of(name), expected(name).broken)
    assert whole.proof is Proof.PROVED
    assert whole.exercise
    mine, shipped = found(name).requirement, whole.requirement
    assert (mine.template, mine.first, mine.then) == (
        shipped.template,
        shipped.first,
        shipped.then,
    )
    assert (mine.says, mine.cites) == (shipped.says, shipped.cites)


@pytest.mark.parametrize("name", NAMES)
def test_the_counterexample_replays_event_by_event_and_the_monitor_calls_it_broken_at_last(
    name: str,
) -> None:
    again = told_again(broken(name), found(name).history)
    moments = [moment for _, moment in again]
    assert moments == list(found(name).history)
    assert all(moment.recorded for moment in moments)
    assert again[-1][0] == expected(name).rule
    assert broken_at(name, moments) == len(moments) - 1


@pytest.mark.parametrize("name", NAMES)
def test_the_counterexample_is_as_short_as_told_and_no_event_can_be_left_out(name: str) -> None:
    history = found(name).history
    assert len(history) == expected(name).length
    for number in range(len(history)):
        shorter = told_again(broken(name), history[:number] + history[number + 1 :])
        recorded = [moment for _, moment in shorter if moment.recorded]
        assert broken_at(name, recorded) is None


@pytest.mark.parametrize("name", NAMES)
def test_under_the_shipped_procedure_the_same_events_break_nothing(name: str) -> None:
    again = told_again(loaded(base_of(name)), found(name).history)
    moments = [moment for _, moment in again]
    assert moments != list(found(name).history)
    assert broken_at(name, moments) is None


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_broken_than_what_is_told(name: str) -> None:
    required = broken(name).requirements
    missed = {key for key in required if proven(name, key).proof is not Proof.PROVED}
    assert missed == {expected(name).broken, *expected(name).also}
    for key in expected(name).also:
        again = told_again(broken(name), proven(name, key).history)
        monitor = Monitor(required[key], broken(name).calendar)
        assert monitor.judge([moment for _, moment in again]).verdict is Verdict.BROKEN


# By hand


def check(*arguments: str) -> tuple[int, str]:
    told = CliRunner().invoke(cpplan, ["check", "--cases", "60", *arguments])
    return told.exit_code, told.stdout


@pytest.mark.parametrize(
    "name", ["an-outline-is-put-into-effect", "a-dispute-goes-over-the-managers-heads"]
)
def test_check_fails_names_the_clause_and_tells_the_history(name: str) -> None:
    code, told = check(str(FOLDER / name))
    assert code == 1
    required = found(name).requirement
    assert f"{name}: broken: {required.says} [{', '.join(required.cites)}]" in told
    assert expected(name).clause in told
    _, _, story = told.partition(f"Counterexample to {required.id}\n")
    events = re.findall(r"^\d{4}-\d\d-\d\d  (.+?)  \(", story, flags=re.MULTILINE)
    kinds = [moment.event.kind.replace("-", " ") for moment in found(name).history]
    assert events[: len(kinds)] == kinds
    assert f"BREAKS {required.id} [{', '.join(required.cites)}]" in told
    assert f"let through by the rule {expected(name).rule}" in told


def test_check_passes_a_pack_that_is_based_on_another_and_breaks_nothing(tmp_path: Path) -> None:
    head = (
        "pack: mine\ntitle: Mine\nedition: of today\nsays: As another.\n"
        "jurisdiction: england-and-wales\nbased-on: lead-social-worker\n"
    )
    (tmp_path / "pack.yaml").write_text(head, encoding="utf-8")
    code, told = check(str(tmp_path))
    assert code == 0, told


# A search that outgrows its limit


def test_a_search_that_outgrows_its_limit_is_undecided_with_figures_and_the_check_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(searching, "MOST_STATES", 3)
    procedure = loaded("lead-social-worker")
    fresh = Prover(procedure)
    results = [fresh.prove(one) for one in procedure.requirements.values()]
    undecided = [one for one in results if one.proof is Proof.UNDECIDED]
    assert undecided
    assert not any(one.history for one in undecided)
    assert all("gave up after" in one.why and "things tracked" in one.why for one in undecided)
    code, told = check("lead-social-worker")
    assert code == 1
    for one in undecided:
        assert f"lead-social-worker: undecided: {one.requirement.says}" in told
        assert one.why in told


def test_within_its_limit_the_same_search_is_decided() -> None:
    required = loaded("lead-social-worker").requirements
    assert all(proven("lead-social-worker", key).proof is Proof.PROVED for key in required)
