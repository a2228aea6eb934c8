"""Engines for tests: a procedure under a profile, over a few years, compiled once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache

import attrs

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.compiling import compile_tables
from cpplan_sim.caseload.day_tables import Span
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.tables import Tables
from cpplan_sim.running import loaded

SPAN = Span(dt.date(2019, 4, 1), dt.date(2021, 3, 31))
PROFILES = ("trial", "england-2024")


@cache
def profile(name: str) -> Profile:
    """Return a shipped profile."""
    return load_profile(name)


@cache
def tables(procedure: str = "standards", named: str = "trial") -> Tables:
    """Return a shipped procedure under a shipped profile, compiled."""
    return compile_tables(loaded(procedure), profile(named), SPAN)


def runner(procedure: str = "standards", named: str = "trial", seed: int = 1) -> Runner:
    """Return a run of a shipped procedure under a shipped profile."""
    return Runner(tables(procedure, named), seed)


@cache
def figured(procedure: str, named: str, figures: tuple[tuple[str, float], ...]) -> Tables:
    """Return the same under a profile with some figures changed."""
    return compile_tables(loaded(procedure), profile(named).with_figures(dict(figures)), SPAN)


def changed(made: Tables, numbers: Mapping[int, int]) -> Tables:
    """Return tables with some numbers of the law changed, by their places."""
    law = made.law.copy()
    for place, number in numbers.items():
        law[place] = number
    return attrs.evolve(made, law=law)


def moves(made: Tables) -> list[int]:
    """Return where every move of every saying stands."""
    law, found = made.law, []
    width = int(law[c.H_SAYS_WIDTH])
    for number in range(len(made.sayings)):
        place = int(law[c.H_SAYS]) + number * width + c.S_PLACE
        for state in range(len(made.states)):
            first, many = law[place + c.S_PER_STATE * state : place + c.S_PER_STATE * state + 2]
            found += [int(first) + one * c.M_WIDTH for one in range(many)]
    return found


def moves_of(made: Tables, rule: str) -> list[int]:
    """Return where the moves stand that a rule allows."""
    edges = {edge.number for edge in made.procedure.edges if edge.rule.id == rule}
    return [move for move in moves(made) if int(made.law[move + c.M_EDGE]) in edges]


def duty(made: Tables, name: str) -> int:
    """Return where the row of a duty stands."""
    return int(made.law[c.H_DUTIES]) + made.duties.index(name) * c.D_WIDTH
