"""Checks traces with Declare4Py: on each line a model and traces come in, and verdicts go out.

Run by a Python that has Declare4Py, which is nothing that the project depends on: it brings pm4py,
whose licence is the AGPL.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import sys
from typing import Any

# Whatever these say while they load is not an answer.
with contextlib.redirect_stdout(sys.stderr):
    from Declare4Py.ProcessModels.DeclareModel import DeclareModel
    from Declare4Py.Utils.Declare.Checkers import ConstraintChecker

TIME = "time:timestamp"


def main() -> None:
    """Answer each line; it takes ten seconds to load, so one process answers for all tests."""
    answers = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            json.dump(_answer(json.loads(line)), answers)
            print(file=answers, flush=True)  # it is what the caller reads


def _answer(given: dict[str, Any]) -> dict[str, Any]:
    """Return the constraints as they were read, and for each trace which are violated."""
    model = DeclareModel().parse_from_string(given["model"])
    violated = [_violated(_timed(trace), model) for trace in given["traces"]]
    return {"constraints": model.serialized_constraints, "violated": violated}


def _timed(trace: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**event, TIME: dt.datetime.fromisoformat(event[TIME])} for event in trace]


def _violated(trace: list[dict[str, Any]], model: Any) -> list[bool]:
    found = ConstraintChecker().check_trace_conformance(trace, model, consider_vacuity=True)
    assert len(found) == len(model.constraints), "a constraint could not be read"
    return [one.state.name == "VIOLATED" for one in found]


if __name__ == "__main__":
    main()
