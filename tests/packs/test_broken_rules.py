"""Rules broken on purpose: every need that stands on a clause is taken away, and has to be missed.

The rules and the requirements are written apart. If a need can be dropped and no requirement is
broken, the requirements have a gap: such a need is a survivor, and is listed here with its reason.
"""

from __future__ import annotations

import itertools
import random
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import attrs
import pytest

from cpplan import PROCEDURES, Accepted, Plan, Procedure, load
from cpplan.events import Event
from cpplan.needs import Need
from cpplan.packs import FOLDER
from cpplan.refusals import unmet_beforehand
from cpplan.rules import OTHERS_OPEN, Edge
from cpplan_sim.cases import Case, synthetic_cases
from cpplan_sim.checks import check
from cpplan_sim.fabricating import fabricate
from cpplan_sim.monitors import Moment, Monitor, Verdict
from cpplan_sim.running import loaded, run
from cpplan_sim.scenarios import Scenario, read_all, shipped
from cpplan_sim.wanting import Wanting
from tests.breaking import without_need

CASES = 60
"""Synthetic cases of the whole procedure that are tampered with, after the told ones."""

CASES_OF_THE_COMPOSITE = 200
"""It has the most rules, and the fewest told cases of its own."""

TAMPERED = 40
"""Most tampered cases judged for one need."""

OWN_CASES = 60
"""Cases made under the broken procedure itself, where no tampering was noticed."""

IMPLIED = "a step that the rule also asks for can't be taken without it"
BEYOND = "no template can hold the list of one event against that of another"

KNOWN_SURVIVORS = {
    (name, rule, code): why
    for name in ("standards", "composite")
    for rule, code, why in (
        ("chair-satisfied", "circumstance-not-checked", BEYOND),
        ("plan-ended-by-letter", "letter-route-not-open", IMPLIED),
        ("plan-ended-by-letter", "chair-not-satisfied", IMPLIED),
        ("plan-ended-by-letter", "letter-not-sent", IMPLIED),
        ("plan-ended-by-move", "move-not-notified", IMPLIED),
        ("plan-ended-by-looked-after-letter", "not-looked-after", IMPLIED),
        ("plan-ended-by-looked-after-letter", "file-not-reviewed", IMPLIED),
        ("plan-ended-by-looked-after-letter", "not-discussed", IMPLIED),
    )
}
"""Needs that no requirement misses: procedure, rule and code, with the reason."""


@attrs.frozen
class Mutant:
    """A procedure without one need of one rule; the number is the need's, counted from 0.

    A rule that its pack states once for two ways on, alone or with other difficulties open, loses
    the need in both.
    """

    procedure: str
    rule: str
    code: str
    number: int

    def __str__(self) -> str:
        return f"{self.procedure}-{self.rule}-{self.number}-{self.code}"

    @property
    def key(self) -> tuple[str, str, str]:
        return self.procedure, self.rule, self.code

    @property
    def rules(self) -> tuple[str, ...]:
        both = (self.rule, self.rule + OTHERS_OPEN)
        return tuple(name for name in both if name in loaded(self.procedure).rules)

    @property
    def dropped(self) -> Need:
        return loaded(self.procedure).rules[self.rule].needs[self.number]

    @property
    def broken(self) -> Procedure:
        procedure = loaded(self.procedure)
        for rule in self.rules:
            procedure = without_need(procedure, rule, self.number)
        return procedure


def mutants(name: str) -> Iterator[Mutant]:
    """Return every need of a procedure that stands on a clause."""
    for rule in loaded(name).rules.values():
        for number, need in enumerate(rule.needs):
            if need.cites and not rule.id.endswith(OTHERS_OPEN):
                yield Mutant(name, rule.id, need.code, number)


MUTANTS = [mutant for name in PROCEDURES for mutant in mutants(name)]
SURVIVORS = [mutant for mutant in MUTANTS if mutant.key in KNOWN_SURVIVORS]


@cache
def cases(name: str) -> tuple[Case, ...]:
    """Return cases of the whole procedure."""
    count = CASES_OF_THE_COMPOSITE if name == "composite" else CASES
    return tuple(synthetic_cases(loaded(name), count))


@cache
def stories(name: str) -> tuple[tuple[Event, ...], ...]:
    """Return the events of cases, told and synthetic; for the composite, told of any procedure."""
    files = shipped() if name == "composite" else shipped(name)
    told = [tuple(step.event for step in case.steps) for case in read_all(files)]
    return (*told, *(case.plan.events for case in cases(name)))


def tampered(mutant: Mutant, changed: Procedure) -> Iterator[list[Moment]]:
    """Return cases in which one event lacks what was dropped: put in, or in place of a good one."""
    rng = random.Random(0)
    for events in stories(mutant.procedure):
        plan, moments = Plan(changed), list[Moment]()
        for number, good in enumerate(events):
            decision = plan.record(good)
            in_place = isinstance(decision, Accepted) and decision.rule.id in mutant.rules
            rest = events[number + 1 :] if in_place else ()
            for edge in changed.edges_from(plan.state):
                event = _lacking(mutant, edge, Wanting(plan, good.on, rng))
                if event is not None:
                    yield [*moments, *_recorded(plan, (event, *rest))]
            if isinstance(decision, Accepted):
                moments.append(Moment(good, True, plan.state, decision.plan.state))
                plan = decision.plan


def _recorded(plan: Plan, events: Iterable[Event]) -> Iterator[Moment]:
    """Return the moments of events recorded one after another, without those refused."""
    for event in events:
        decision = plan.record(event)
        if isinstance(decision, Accepted):
            yield Moment(event, True, plan.state, decision.plan.state)
            plan = decision.plan


def _lacking(mutant: Mutant, edge: Edge, wanting: Wanting) -> Event | None:
    """Return an event that takes an edge of the broken rule and lacks what was dropped."""
    rule, plan, need = edge.rule, wanting.plan, mutant.dropped
    if rule.id not in mutant.rules or unmet_beforehand(edge, plan, wanting.on) is None:
        return None
    wanted = wanting.fields((*rule.needs, need), without=need)
    for path, values in rule.match.when:
        wanted[path] = wanting.rng.choice(values)
    event = fabricate(rule.match.event, wanting.on, wanted, wanting.rng)
    lacks = not need.holds(event, plan)
    return event if lacks and isinstance(plan.record(event), Accepted) else None


def breached(procedure: Procedure, histories: Iterable[Sequence[Moment]]) -> set[str]:
    """Return the requirements broken by the first history that breaks any."""
    monitors = [Monitor(one, procedure.calendar) for one in procedure.requirements.values()]
    for moments in histories:
        findings = [monitor.judge(moments) for monitor in monitors]
        found = {one.requirement.id for one in findings if one.verdict is Verdict.BROKEN}
        if found:
            return found
    return set()


def missed_by(mutant: Mutant) -> set[str]:
    """Return requirements that are broken once the need is dropped."""
    changed = mutant.broken
    return breached(changed, itertools.islice(tampered(mutant, changed), TAMPERED)) or breached(
        changed, (case.moments for case in synthetic_cases(changed, OWN_CASES))
    )


# The check sees it


def test_there_are_many_needs_to_drop_and_every_procedure_has_some() -> None:
    counts = Counter(mutant.procedure for mutant in MUTANTS)
    assert counts.keys() == set(PROCEDURES)
    assert sum(counts.values()) > 300


def test_the_check_of_a_copied_pack_without_unanimity_fails_and_names_the_clause(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "standards"
    shutil.copytree(FOLDER / "standards", folder)
    rules = (folder / "rules.yaml").read_text(encoding="utf-8")
    (line,) = [line for line in rules.splitlines() if "code: not-unanimous" in line]
    (folder / "rules.yaml").write_text(rules.replace(f"{line}\n", ""), encoding="utf-8")
    found = check(load(folder), (), cases=60)
    wrong = [one for one in found.tested if one.verdict is Verdict.BROKEN]
    assert not found.passed
    assert {clause for one in wrong for clause in one.requirement.cites} >= {"standards/12d"}
    for one in wrong:
        assert one.example is not None
    (scenario,) = read_all(
        [path for path in shipped("standards") if path.name == "letter-not-unanimous.yaml"]
    )
    assert run(scenario, loaded("standards")).passed
    assert not run(scenario, load(folder)).passed


@pytest.mark.parametrize("name", PROCEDURES)
def test_the_whole_procedure_breaks_none_of_its_requirements(name: str) -> None:
    assert breached(loaded(name), (case.moments for case in cases(name))) == set()


# Every need, one at a time


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [one for one in MUTANTS if one not in SURVIVORS], ids=str)
def test_a_need_that_is_dropped_is_missed_by_a_requirement(mutant: Mutant) -> None:
    assert missed_by(mutant), "no requirement misses it"


@pytest.mark.slow
@pytest.mark.parametrize("mutant", SURVIVORS, ids=str)
def test_a_known_survivor_still_is_one_for_the_reason_given(mutant: Mutant) -> None:
    """A survivor that a requirement has come to miss is to be struck from the list."""
    assert missed_by(mutant) == set()
    possible = any(True for _ in tampered(mutant, mutant.broken))
    assert possible is (KNOWN_SURVIVORS[mutant.key] == BEYOND)


def test_every_known_survivor_is_a_need_that_there_is() -> None:
    assert {mutant.key for mutant in SURVIVORS} == set(KNOWN_SURVIVORS)


@cache
def told(name: str) -> tuple[Scenario, ...]:
    """Return the told cases that run under the plain procedure."""
    return tuple(case for case in read_all(shipped(name)) if not case.fill and not case.values)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PROCEDURES if name != "composite"])
def test_a_need_that_is_dropped_is_missed_by_a_told_case(name: str) -> None:
    """Of rules that are alike, and of those for when others are open, one told case is enough."""
    unmissed = set[str]()
    missed = set[str]()
    for mutant in mutants(name):
        changed = mutant.broken
        if all(run(case, changed).passed for case in told(name)):
            unmissed.add(mutant.code)
        else:
            missed.add(mutant.code)
    assert sorted(unmissed - missed) == []
