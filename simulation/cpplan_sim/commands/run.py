"""``cpplan run``: tell the story of told cases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cpplan import Accepted
from cpplan.codec import event_to_dict
from cpplan.reading import InvalidFileError
from cpplan_sim.commands.output import FORMAT, as_json, refuse, tell
from cpplan_sim.running import Outcome, Run, run
from cpplan_sim.scenarios import read_all
from cpplan_sim.story import story_of


@click.command("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@FORMAT
def command(files: tuple[Path, ...], form: str) -> None:
    """Run the scenarios in FILES (or folders of them) and tell each as a timeline.

    Exits with 1 if a case does not go as its file expects, with 2 if a file can't be used.
    """
    paths = [path for file in files for path in _scenarios(file)]
    if not paths:
        raise click.UsageError(f"no scenario in {', '.join(map(str, files))}")
    try:
        runs = [run(scenario) for scenario in read_all(paths)]
    except InvalidFileError as error:
        refuse(error)
    if form == "json":
        as_json([_as_data(one) for one in runs])
    else:
        for one in runs:
            tell(story_of(one))
            click.echo()
    if not all(one.passed for one in runs):
        raise SystemExit(1)


def _scenarios(file: Path) -> list[Path]:
    if not file.is_dir():
        return [file]
    return sorted(path for path in file.rglob("*.yaml") if path.name != "usual.yaml")


def _as_data(one: Run) -> dict[str, Any]:
    return {
        "scenario": one.scenario.title,
        "file": one.scenario.file,
        "procedure": one.scenario.procedure,
        "passed": one.passed,
        "ends-in": one.plan.state,
        "failures": list(one.failures),
        "events": [_outcome(outcome) for outcome in one.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    decision = outcome.decision
    data: dict[str, Any] = {
        "event": event_to_dict(outcome.step.event),
        "accepted": decision.accepted,
        "state": outcome.plan.state,
        "failures": list(outcome.failures),
    }
    if isinstance(decision, Accepted):
        data["rule"] = decision.rule.id
        data["cites"] = list(decision.rule.cites)
        data["opened"] = {one.duty.id: str(one.due_on or "") for one in decision.opened}
        data["closed"] = {one.duty.id: str(one.outcome) for one in decision.closed}
        data["omitted"] = [omission.field for omission in decision.omissions]
    else:
        data["reasons"] = [
            {"code": reason.code, "says": reason.says, "cites": list(reason.cites)}
            for reason in decision.reasons
        ]
    return data
