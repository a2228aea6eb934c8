"""Interpreting bytes as a history: each few bytes are one attempt against the table of what can be.

The bytes come from Hypothesis. A zero where an attempt begins means that nothing is attempted. The
same bytes under the same steering tell the same history, whatever was told before.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from cpplan.events import Event
from cpplan.roles import Role
from cpplan.states import BEFORE_PLAN, REVIEW, is_ended
from cpplan_sim.exploring.choosing import MANNERS, Choice
from cpplan_sim.exploring.days import LAST_DAY, coming, start
from cpplan_sim.exploring.steering import Steering
from cpplan_sim.exploring.table import Table
from cpplan_sim.exploring.watching import Watch

ATTEMPTS = 130
"""Attempts in a history, after what it goes on from."""

WIDTH = 5
"""Bytes of one attempt: its manner, two for the choice, the day, and what nothing asks for."""

HEADER = 8
"""Bytes before the first attempt."""

SIZE = HEADER + WIDTH * ATTEMPTS

AFTER_THE_END = 12
"""Attempts made on a plan that is over."""

AFRESH = 160
"""Of 256 histories, how many go on from none that is known."""


class Interpreter:
    """Turns the bytes of one history into attempts, under watch."""

    def __init__(self, data: bytes, watch: Watch, table: Table, steering: Steering) -> None:
        """Read the header: the first day, when the plan may end, who acts, what to make for."""
        self.data = data
        self.watch = watch
        self.table = table
        self.steering = steering
        self.on = start(_word(data[1:3]))
        self.ending_from = ATTEMPTS * (1 + data[3] % 8) // 8
        others = random.Random(data[4]).sample(list(Role), 3)
        self.roles = (Role.CHILDRENS_SOCIAL_CARE, *others)
        self.goal = steering.goal(_word(data[6:8]) / 65536) if steering.goals else None

    def tell(self) -> None:
        """Attempt everything that the bytes say.

        Raises:
            DifferenceError: something answers otherwise than the kernel.
        """
        for event in self._beginning():
            self.watch.attempt(event)
        over = 0
        for number in range(ATTEMPTS):
            at = HEADER + WIDTH * number
            if self.data[at] == 0:
                continue
            over += is_ended(self.watch.plan.state)
            if over > AFTER_THE_END:
                break
            self._turn(number, self.data[at : at + WIDTH])
        self.watch.finish()

    def _beginning(self) -> Sequence[Event]:
        """Return a history to go on from, or a part of it; mostly none."""
        known = self.steering.beginnings
        if self.data[0] < AFRESH or not known:
            return ()
        chosen = known[(self.data[0] - AFRESH + self.data[3]) % len(known)]
        kept = chosen[: len(chosen) - self.data[5] * len(chosen) // 256]
        self.on = kept[0].on
        return kept

    def _turn(self, number: int, data: bytes) -> None:
        """Make one attempt."""
        plan = self.watch.plan
        manner, days, rest = data[0], data[3], data[4]
        self.on = max(self.on, plan.last_day or self.on)
        hurried = plan.state in (BEFORE_PLAN, REVIEW)
        self.on = min(coming(self.on, days, hurried=hurried), LAST_DAY)
        choice = Choice(
            plan=plan,
            on=self.on,
            number=_word(data[1:3]) / 65536,
            ending=number >= self.ending_from,
            goal=self.goal,
            table=self.table,
            steering=self.steering,
            rng=random.Random(rest),
            roles=self.roles,
        )
        event = MANNERS[manner % len(MANNERS)](choice)
        if event is not None:
            self.watch.attempt(event)


def _word(data: bytes) -> int:
    return int.from_bytes(data, "big")
