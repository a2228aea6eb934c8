"""Writing a history as a told case: YAML that :mod:`cpplan_sim.scenarios` reads and replays.

Each event says only how it differs from the usual, and what the kernel answers to it is written
down as what is expected. Decides nothing about a history: it only puts it in words that can be run.
"""

from __future__ import annotations

import datetime as dt
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

import attrs
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from cpplan import PROCEDURES, Accepted, Decision, Plan, Procedure
from cpplan.codec import KIND, event_to_dict
from cpplan.events import Event
from cpplan_sim.monitors import Moment
from cpplan_sim.running import loaded
from cpplan_sim.scenarios import usual

WIDTH = 100
"""Columns after which the text of a file is folded."""


@attrs.frozen(kw_only=True)
class Source:
    """How a procedure was loaded, so that a file can name it.

    Attributes:
        procedure: a shipped name, or a folder as it is seen from the working directory.
        fill: the procedure that fills silences, if any: named in the same way.
        values: figures that differ from the pack's.
    """

    procedure: str
    fill: str = ""
    values: Mapping[str, int] = attrs.field(factory=dict)


def written(
    procedure: Procedure,
    moments: Sequence[Moment],
    *,
    title: str,
    why: str = "",
    cites: Sequence[str] = (),
    source: Source | None = None,
    folder: Path | None = None,
) -> str:
    """Return the text of a scenario file that tells a history.

    What is expected of each event is what the kernel answers under ``procedure``, whatever the
    moments say of it. A procedure changed in memory has no name: the file then names the one that
    it was loaded as, and running it shows where the two differ.

    Args:
        procedure: whose answers to expect.
        moments: what was attempted, in order.
        title: what the case is called.
        why: what it shows, in a sentence.
        cites: the clauses that it is about.
        source: how the procedure was loaded; by its own name if not given, which only the shipped
            ones can be run under again.
        folder: where the file will stand, so that a procedure that is a folder can be named
            relative to it; the working directory if not given.
    """
    known = source or source_of(procedure)
    content: dict[str, Any] = {
        "scenario": title,
        "procedure": _named(known.procedure, folder),
        "says": why or "Written from a history.",
    }
    if known.fill:
        content["fill"] = _named(known.fill, folder)
    if known.values:
        content["values"] = dict(known.values)
    if cites:
        content["cites"] = _row(cites)
    plan, events = Plan(procedure), []
    for moment in moments:
        decision = plan.record(moment.event)
        plan = decision.plan if isinstance(decision, Accepted) else plan
        events.append({**_told(moment.event), "expect": _expected(decision, plan)})
    return _yaml({**content, "events": events, "ends-in": plan.state})


def source_of(procedure: Procedure) -> Source:
    """Return how a procedure would be loaded by its own name, with the figures set for it."""
    fill = next(iter(procedure.filled.values()), "")
    if procedure.name not in PROCEDURES:
        return Source(procedure=procedure.name, fill=fill)
    plain = loaded(procedure.name, fill).values
    values = {
        name: value.amount
        for name, value in procedure.values.items()
        if value.amount is not None and name in plain and value.amount != plain[name].amount
    }
    return Source(procedure=procedure.name, fill=fill, values=values)


def _named(procedure: str, folder: Path | None) -> str:
    """Return how a file in a folder names a procedure: a path only for one that is a folder."""
    path = Path(procedure)
    if procedure in PROCEDURES or folder is None or not path.is_dir():
        return procedure
    try:
        return PurePath(os.path.relpath(path.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive there is no way from one to the other
        return path.resolve().as_posix()


def _told(event: Event) -> dict[str, Any]:
    """Return an event as a file tells it: its day, kind, and what differs from the usual."""
    fields = dated(event_to_dict(event), event)
    told: dict[str, Any] = {"on": fields.pop("on"), "event": fields.pop(KIND)}
    known = usual(event.kind)
    if "by" in fields and fields["by"] != known.get("by"):
        told["by"] = fields["by"]
    removed = list(_removed(known, fields))
    kept = _less(known, removed)
    differing = {
        name: value for name, value in fields.items() if name != "by" and value != kept.get(name)
    }
    # What is told whole needs nothing taken out of it first.
    removed = [path for path in removed if path.partition(".")[0] not in differing]
    if differing:
        told["with"] = differing
    if removed:
        told["without"] = _row(removed)
    return told


def _removed(known: Mapping[str, Any], fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield the paths of what is usual and not recorded, into the parts of an event too."""
    for name, value in known.items():
        if name not in fields:
            yield name
        elif isinstance(value, Mapping) and isinstance(fields[name], Mapping):
            yield from (f"{name}.{path}" for path in _removed(value, fields[name]))


def _less(known: Mapping[str, Any], removed: Iterable[str]) -> dict[str, Any]:
    """Return what is usual without some of it."""
    parts = [path.partition(".") for path in removed]
    whole = {head for head, dot, _ in parts if not dot}
    return {
        name: _less(value, [rest for head, dot, rest in parts if dot and head == name])
        if isinstance(value, Mapping)
        else value
        for name, value in known.items()
        if name not in whole
    }


def dated(data: Any, value: Any) -> Any:
    """Return the plain data of a value, its dates as dates and not as text.

    Args:
        data: what :func:`cpplan.codec.event_to_dict` gives of the value, or of a part of it.
        value: the value itself, which knows what is a date.
    """
    if isinstance(value, dt.date):
        return value
    if isinstance(data, dict):
        return {name: dated(item, getattr(value, name, None)) for name, item in data.items()}
    if isinstance(data, list):
        return [dated(*both) for both in zip(data, value, strict=True)]
    return data


def _expected(decision: Decision, plan: Plan) -> dict[str, Any]:
    """Return what to expect of an event: the state, the clauses, and the codes of a refusal."""
    if isinstance(decision, Accepted):
        cited = decision.rule.cites
        return {"state": plan.state, **({"cites": _row(cited)} if cited else {})}
    clauses = dict.fromkeys(clause for reason in decision.reasons for clause in reason.cites)
    found: dict[str, Any] = {
        "refused": _row(dict.fromkeys(decision.codes)),
        "state": plan.state,
    }
    return {**found, "cites": _row(clauses)} if clauses else found


def _row(items: Iterable[str]) -> CommentedSeq:
    """Return a list that is written on one line."""
    row = CommentedSeq(items)
    row.fa.set_flow_style()
    return row


def _yaml(content: Mapping[str, Any]) -> str:
    made = YAML()
    made.width = WIDTH
    made.default_flow_style = False
    made.indent(mapping=2, sequence=4, offset=2)
    made.representer.ignore_aliases = lambda _: True
    text = io.StringIO()
    made.dump(_quoted(content), text)
    return text.getvalue()


def _quoted(value: Any) -> Any:
    """Return the content with text in quotes where a line end or the like would be folded."""
    if isinstance(value, str):
        return value if value.isprintable() else DoubleQuotedScalarString(value)
    if isinstance(value, Mapping):
        return {key: _quoted(item) for key, item in value.items()}
    if isinstance(value, list) and not isinstance(value, CommentedSeq):
        return [_quoted(item) for item in value]
    return value
