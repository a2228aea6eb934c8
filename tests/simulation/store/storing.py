"""A store in a file, the commands on it, and lines to give it."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from cpplan.codec import event_to_dict
from cpplan.events import ChildDied, Event
from cpplan_sim.commands.group import cpplan
from tests.kernel.histories import active, day, visit

PLANS = ("Ada", "Ben")
EVENTS = len(active().events)
EITHER = ("--procedure", "standards", "--procedure", "luton")


class Stored:
    """A store in a file, and the commands on it."""

    def __init__(self, path: Path) -> None:
        """Take where it is to be."""
        self.path = path

    def run(self, *words: str, said: str | None = None) -> Result:
        """Run a command on the store."""
        group = ["store"] if words[0] != "due" else []
        where = ["--store", str(self.path)]
        return CliRunner().invoke(cpplan, [*group, words[0], *where, *words[1:]], input=said)

    def append(self, *lines: dict[str, Any], options: tuple[str, ...] = ()) -> Result:
        """Add lines under the standards."""
        said = "".join(json.dumps(line) + "\n" for line in lines)
        return self.run("append", "--procedure", "standards", *options, said=said)


def happened(event: Event, name: str) -> dict[str, Any]:
    """Return the entry of an event that was recorded on its day, without its edition."""
    said = {"entry": "happened", "id": name, "recorded_on": str(event.on)}
    return {**said, "event": event_to_dict(event)}


def line(plan: str, number: int, **more: Any) -> dict[str, Any]:
    """Return the line for one event of a plan in effect."""
    return {"plan": plan, "entry": happened(active().events[number], str(number)), **more}


def seen(on: dt.date) -> dict[str, Any]:
    """Return the line for a visit to Ada."""
    return {"plan": "Ada", "entry": happened(visit(on), f"visit {on}")}


def died(plan: str) -> dict[str, Any]:
    """Return the line for a child's death."""
    return {"plan": plan, "entry": happened(ChildDied(on=day(25), date_of_death=day(25)), "died")}


def migrating(stored: Stored, *more: str) -> Result:
    """Look at what another edition would be for every plan."""
    return stored.run(
        "migrate", *EITHER, "--from", "standards", "--to", "luton", "--on", str(day(30)), *more
    )
