"""Finding and reading behaviour profiles: shipped ones by name, others by path."""

from __future__ import annotations

from pathlib import Path

from cpplan import Procedure
from cpplan.reading import InvalidFileError, Place, Problem, nearest, read_yaml
from cpplan_sim.caseload.profile_checks import Known
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.scenarios import scenario_root

ENDING = ".yaml"


def shipped_profiles() -> tuple[str, ...]:
    """Return the names of the profiles shipped."""
    return tuple(path.stem for path in sorted(_folder().glob(f"*{ENDING}")))


def load_profile(profile: str | Path, procedure: Procedure | None = None) -> Profile:
    """Read and check a behaviour profile.

    Args:
        profile: a shipped name such as ``"england-2024"``, or the path to your own file.
        procedure: one whose duties and steps may stand in the profile, beside those of the
            shipped packs.

    Raises:
        InvalidFileError: with every mistake in it, each with its file, line and column.

    Example:
        >>> load_profile("england-2024").year
        2024
    """
    name = str(profile)
    path = _folder() / f"{name}{ENDING}" if name in shipped_profiles() else Path(profile)
    if not path.is_file():
        message = f"no behaviour profile {name!r}, and no file of that name"
        raise InvalidFileError([Problem(Place(name), message, nearest(name, shipped_profiles()))])
    shown = path.name if path.parent == _folder() else str(path)
    return Profile.of(read_yaml(path, name=shown), Known.of(procedure))


def _folder() -> Path:
    return scenario_root() / "profiles"
