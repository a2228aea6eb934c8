"""Cases of a run in full, chunk by chunk, as rows that can be written out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np

from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload.caserun import Runner
from cpplan_sim.caseload.rows import NO_NAME, NO_VALUE, CaseRows, Coded, EventRows
from cpplan_sim.caseload.tables import Tables

_EPOCH = dt.date(1970, 1, 1)

CHUNK = 500
"""Cases that are held at once."""


@attrs.frozen(eq=False)
class CaseChunk:
    """Some cases, with all that was tried in them."""

    cases: CaseRows
    events: EventRows


def chunks(runner: Runner, cases: int) -> Iterator[CaseChunk]:
    """Yield the cases of a run from 0 up to, and without, ``cases``."""
    for first in range(0, cases, CHUNK):
        yield _Gathering(runner.tables).chunk(runner, first, min(cases, first + CHUNK))


class _Gathering:
    """Gathers the lives of some cases into columns."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.epoch = (tables.span.base - _EPOCH).days

    def chunk(self, runner: Runner, first: int, last: int) -> CaseChunk:
        mine: list[list[Any]] = []
        logs: list[Any] = []
        for case in range(first, last):
            life = runner.run_one(case)
            at, number = int(self.tables.law[c.H_LOG]), int(life[c.C_LOGGED])
            log = np.asarray(life[at : at + number * c.L_WIDTH]).reshape(number, c.L_WIDTH)
            logs.append((int(life[c.C_CASE]), int(life[c.C_STATE]), log.copy()))
            mine.append(self._case(life))
        return CaseChunk(self._cases(mine), self._events(logs))

    def _day(self, number: int) -> int:
        return number + self.epoch if number > 0 else NO_VALUE

    def _case(self, life: Any) -> list[Any]:
        """Return what is known of a case, in the order of :meth:`_cases`."""
        started, ended = int(life[c.C_STARTED]), int(life[c.C_ENDED])
        born = int(life[c.C_BORN]) < int(life[c.C_OPENED])
        age = (int(life[c.C_OPENED]) - int(life[c.C_BORN])) / 365.25
        several = int(life[c.C_VISITS]) > 1 and started > 0
        return [
            int(life[c.C_CASE]),
            self._day(int(life[c.C_OPENED])),
            self._day(ended),
            int(life[c.C_STATE]) if ended > 0 else NO_NAME,
            int(life[c.C_CATEGORY]),
            int(life[c.C_SIBLINGS]),
            bool(life[c.C_SECOND]),
            int(age) if born else NO_VALUE,
            int(life[c.C_VISITS]),
            int(life[c.C_MEETINGS]),
            int(life[c.C_GAP]) if several else NO_VALUE,
            int(life[c.C_ESCALATIONS]),
            int(life[c.C_REFUSED]),
            int(life[c.C_LATE]),
            int(life[c.C_MISSED]),
        ]

    def _cases(self, mine: list[list[Any]]) -> CaseRows:
        columns = list(zip(*mine, strict=True))
        whole = [np.array(column, dtype=np.int32) for column in columns]
        categories = tuple(self.tables.profile.child.categories)
        return CaseRows(
            case=np.array(columns[0], dtype=np.int64),
            opened=whole[1],
            ended=whole[2],
            ending=Coded(whole[3], self.tables.states),
            category=Coded(whole[4], categories),
            siblings=whole[5],
            second_plan=np.array(columns[6], dtype=np.bool_),
            age_years=whole[7],
            visits=whole[8],
            meetings=whole[9],
            longest_gap_days=whole[10],
            escalations=whole[11],
            refused=whole[12],
            duties_late=whole[13],
            duties_missed=whole[14],
        )

    def _events(self, logs: list[Any]) -> EventRows:
        tables = self.tables
        rows = np.concatenate([log for _, _, log in logs])
        lengths = [len(log) for _, _, log in logs]
        ended = [np.append(log[1:, c.L_STATE], state) for _, state, log in logs]
        kinds = np.array([tables.kinds.index(one.kind) for one in tables.sayings], dtype=np.int32)
        rules = tuple(dict.fromkeys(edge.rule.id for edge in tables.procedure.edges))
        by_edge = np.array([rules.index(e.rule.id) for e in tables.procedure.edges], dtype=np.int32)
        edges = rows[:, c.L_EDGE]
        return EventRows(
            case=np.repeat([number for number, _, _ in logs], lengths).astype(np.int64),
            number=np.concatenate([np.arange(n) for n in lengths]).astype(np.int32),
            on=(rows[:, c.L_DAY] + self.epoch).astype(np.int32),
            event=Coded(kinds[rows[:, c.L_SAYING]], tables.kinds),
            state_before=Coded(rows[:, c.L_STATE].astype(np.int32), tables.states),
            state_after=Coded(np.concatenate(ended).astype(np.int32), tables.states),
            rule=Coded(np.where(edges >= 0, by_edge[edges], NO_NAME).astype(np.int32), rules),
            accepted=edges >= 0,
            refusals=Coded.of(self._codes(row) for row in rows),
        )

    def _codes(self, row: Any) -> str | None:
        if row[c.L_EDGE] >= 0:
            return None
        codes = row[c.L_CODES : c.L_CODES + row[c.L_CODES_N]]
        return ";".join(self.tables.codes[code] for code in codes)
