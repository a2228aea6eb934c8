"""From a procedure and a profile to tables."""

from __future__ import annotations

import numpy as np

from cpplan import Procedure
from cpplan.states import is_ended
from cpplan_sim.caseload import columns as c
from cpplan_sim.caseload import counting as k
from cpplan_sim.caseload.acts import Acts
from cpplan_sim.caseload.compiling_habit import ActPlaces, HabitCompiler
from cpplan_sim.caseload.compiling_law import (
    STAGES,
    LawCompiler,
    Places,
    steps_of,
    tally_keys,
)
from cpplan_sim.caseload.day_tables import Span, calendar_table
from cpplan_sim.caseload.heap import Heap
from cpplan_sim.caseload.phrases import Phrases
from cpplan_sim.caseload.profiles import Profile
from cpplan_sim.caseload.tables import Tables, year_ends

OBLIGATIONS = 4096
"""Obligations that one case can have, and entries that its log can hold. More is a fault, told."""

REASONS = 256
"""Reasons that one refusal can have."""


def compile_tables(procedure: Procedure, profile: Profile, span: Span) -> Tables:
    """Compile a procedure and a profile for the days of a run.

    The kernel's own objects are asked about every saying; what they answer is put into tables.
    """
    phrases = Phrases.of(Acts(procedure, profile))
    return _Compilation(procedure, profile, span, phrases).tables()


class _Compilation:
    """One procedure with one profile being compiled."""

    def __init__(
        self, procedure: Procedure, profile: Profile, span: Span, phrases: Phrases
    ) -> None:
        self.procedure, self.profile, self.span, self.phrases = procedure, profile, span, phrases
        self.sayings = tuple(phrases.events)
        self.acts = phrases.acts.all
        self.law, self.odds = Heap(), Heap()
        self.law.reserve(c.H_WIDTH)
        self.odds.reserve(c.F_WIDTH)
        self.life_size = 0

    def tables(self) -> Tables:
        laws = self._laws()
        habits = self._habits(laws)
        laws.compile()
        self._duties(laws, habits)
        habits.compile()
        self._days(laws)
        shapes = self._shapes(laws)
        return Tables(
            procedure=self.procedure,
            profile=self.profile,
            span=self.span,
            law=np.array(self.law.numbers, dtype=np.int32),
            odds=np.array(self.odds.numbers, dtype=np.float64),
            life_size=self.life_size,
            shapes=shapes,
            states=tuple(laws.states),
            steps=tuple(laws.steps),
            kinds=tuple(laws.kinds),
            codes=tuple(laws.codes),
            duties=tuple(laws.duties),
            sayings=self.sayings,
            acts=self.acts,
        )

    def _laws(self) -> LawCompiler:
        """Lay out what others point to, in the law and in a life."""
        procedure, team = self.procedure, self.profile.team
        duties = len(procedure.duties)
        keys = tally_keys(procedure, self.sayings)
        slots = c.C_WIDTH + len(steps_of(procedure))
        owed = slots + len(keys)
        self.plans = owed + duties * c.W_WIDTH
        said = self.plans + (len(self.acts) + 1) * c.P_WIDTH
        width = c.S_PLACE + c.S_PER_STATE * len(procedure.states)
        at = self.law.reserve(duties * c.D_WIDTH)
        says = self.law.reserve(len(self.sayings) * width)
        self.law.put(
            c.H_STATES, [len(procedure.states), len(steps_of(procedure)), len(self.sayings)]
        )
        self.law.put(c.H_DUTIES, [at, at + duties * c.D_WIDTH])
        self.law.put(c.H_SAYS, [says, width])
        self.law.put(c.H_SAID, [said])
        classes = dict.fromkeys(team.takes_a_visit, c.VISIT)
        return LawCompiler(
            procedure,
            self.sayings,
            self.span,
            {**classes, **dict.fromkeys(team.takes_a_meeting, c.MEETING)},
            self.law,
            Places(
                duties=at,
                sayings=says,
                owed=owed,
                said=said,
                slots={key: slots + number for number, key in enumerate(keys)},
            ),
        )

    def _habits(self, laws: LawCompiler) -> HabitCompiler:
        """Lay out the acts, and the rest of a life."""
        acts = len(self.acts) + 1
        at = self.law.reserve(acts * c.A_WIDTH)
        codes = laws.places.said + len(laws.kinds)
        diary = codes + REASONS
        obligations = diary + acts
        log = obligations + OBLIGATIONS * c.O_WIDTH
        self.life_size = log + OBLIGATIONS * c.L_WIDTH
        self.law.put(c.H_ACTS, [at, at + acts * c.A_WIDTH])
        self.law.put(c.H_CODES, [codes, diary, diary + acts])
        self.law.put(c.H_OBLIGATIONS, [obligations, log, log, self.life_size])
        places = ActPlaces(acts=at, plans=self.plans, diary=diary)
        return HabitCompiler(self.profile, self.phrases, laws, self.law, self.odds, places)

    def _duties(self, laws: LawCompiler, habits: HabitCompiler) -> None:
        for number, duty in enumerate(self.procedure.duties.values()):
            doer = next((n for n, act in enumerate(self.acts) if duty.id in act.duties), None)
            act = c.NONE if doer is None else habits.places.row(doer)
            row = laws.duty_row(duty, number, act, habits.keeping(duty.id, duty.topic))
            self.law.put(laws.duties[duty.id], row)

    def _days(self, laws: LawCompiler) -> None:
        days = self.law.add(calendar_table(self.span, self.procedure.calendar))
        self.law.put(c.H_DAYS, [days, self.span.days])
        stages = (c.STAGE_ENDED if is_ended(s) else STAGES.get(s, 0) for s in laws.states)
        self.law.put(c.H_STAGES, [self.law.add(stages)])
        self.law.put(c.H_YEARS, self.law.listed(year_ends(self.span)))

    def _shapes(self, laws: LawCompiler) -> dict[str, tuple[int, ...]]:
        """Return the shapes of the counts, and put in the law where each begins."""
        states, duties, years = len(laws.states), len(laws.duties), len(year_ends(self.span))
        shapes: dict[str, tuple[int, ...]] = {
            "cases": (2,),
            "events": (len(laws.kinds),),
            "edges": (len(self.procedure.edges),),
            "refused": (len(laws.codes),),
            "duties": (duties, k.U_WIDTH),
            "lateness": (duties, k.LATEST + 1),
            "clusters": (duties, k.Q_WIDTH),
            "endings": (states + 1,),
            "lengths": (states + 1, k.WEEKS),
            "state_days": (states,),
            **dict.fromkeys(("started", "ended", "open", "second"), (years,)),
            **dict.fromkeys(("ended_bands", "open_bands"), (years, k.BANDS)),
            "reviewed": (2,),
            "categories": (years, len(self.profile.child.categories)),
            "monthly": (self.span.month(self.span.closes) + 1, k.MONTHLY),
            **dict.fromkeys(("sums", "squares"), (k.SUMMED,)),
        }
        at = 0
        for number, name in enumerate(k.COUNTED):
            self.law.put(c.H_COUNTS + number, [at])
            at += int(np.prod(shapes[name]))
        return shapes
