"""A small profile, the shipped one, and the mistakes of a text."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest

from cpplan import InvalidFileError, Procedure, load
from cpplan.reading import parse_yaml
from cpplan_sim.caseload.profile_reading import load_profile
from cpplan_sim.caseload.profiles import Profile

DATA = Path(__file__).parents[2] / "data"
FILE = DATA / "profiles" / "tiny.yaml"
TEXT = FILE.read_text(encoding="utf-8")
BAD = sorted((DATA / "profiles" / "bad").glob("*.yaml"))

tiny = load_profile(FILE)


@functools.cache
def pack(name: str) -> Procedure:
    return load(name)


@functools.cache
def england() -> Profile:
    return load_profile("england-2024")


def read(text: str, name: str = "profile.yaml") -> Profile:
    return Profile.of(parse_yaml(text, name=name))


def mistakes(text: str, name: str = "profile.yaml") -> list[str]:
    with pytest.raises(InvalidFileError) as caught:
        read(text, name)
    return [str(problem) for problem in caught.value.problems]
