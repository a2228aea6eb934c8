"""The main process in SimPy, as its users write it: an environment for each case; a process for
each hazard, for each kind of thing that people do, and for each duty with a deadline.

What is done is planned by when it is owed; whoever owes something sooner interrupts who waits for
it. A deadline waits for its day, and is interrupted by what meets the duty.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks import caseload_main as m

Steps = Generator[simpy.Event, None, None]
DUTIES_OF = {
    act: [duty for duty in range(len(m.DUTIES)) if m.DOES[duty] == act] for act in set(m.DOES)
}
KEPT = [tuple(row) for row in m.KEPT.tolist()]
RECURS = m.RECURS.tolist()
DOES = m.DOES.tolist()


class Calendar:
    """The days as lists, which Python reads quicker than arrays."""

    def __init__(self, days: m.Days) -> None:
        self.opens, self.closes = days.opens, days.closes
        self.after, self.before = days.after.tolist(), days.before.tolist()
        self.months_3, self.months_6 = days.months_3.tolist(), days.months_6.tolist()
        self.working, self.rank = days.working.tolist(), days.rank.tolist()

    def working_day(self, day: int) -> int:
        """Return the day, or the next one that is worked."""
        found: int = self.after[min(day, m.LAST)]
        return found

    def working_days_after(self, day: int, number: int) -> int:
        """Return the last day of so many working days."""
        found: int = self.working[self.rank[day] + number - 1]
        return found


class Tally:
    """What is counted over cases."""

    def __init__(self) -> None:
        self.events: Counter[int] = Counter()
        self.duties: Counter[tuple[int, int]] = Counter()
        self.opened: Counter[int] = Counter()
        self.endings: Counter[int] = Counter()


class Obligation:
    """Something owed."""

    __slots__ = ("deadline", "due", "overdue", "planned")

    def __init__(self, due: int | None, planned: int) -> None:
        self.due, self.planned = due, planned
        self.overdue = False
        self.deadline: simpy.Process | None = None


class Case:
    """One case: what is owed in it, and the processes that run."""

    def __init__(self, calendar: Calendar, dice: random.Random, tally: Tally) -> None:
        self.days, self.dice, self.tally = calendar, dice, tally
        opened = calendar.opens + int(dice.random() * (calendar.closes - calendar.opens))
        self.opened = calendar.working_day(opened)
        self.env = simpy.Environment(initial_time=self.opened)
        self.ended = self.env.event()
        self.state, self.reviews, self.without_bedroom = 0, 0, 0
        self.escalated = False
        self.owed: dict[int, list[Obligation]] = {}
        self.asked: dict[int, int] = {}
        self.doers: dict[int, simpy.Process] = {}

    def run(self) -> None:
        """Run the case to its end, or to the last day."""
        self.ask(m.ENQUIRY, self.some_days(0, 2))
        self.ask(m.ARRANGED, self.some_days(1, 5))
        self.env.process(self.closing())
        ending: Any = self.env.run(until=self.ended)
        self.tally.endings[ending] += 1
        self.let_go(m.OPEN if ending == m.STILL_OPEN else m.LAPSED)

    def closing(self) -> Steps:
        """Stop looking after the last day."""
        yield self.env.timeout(max(0, self.days.closes + 1 - self.today))
        self.end(m.STILL_OPEN)

    def end(self, ending: int) -> None:
        if not self.ended.triggered:
            self.ended.succeed(ending)

    @property
    def today(self) -> int:
        return int(self.env.now)

    def some_days(self, least: int, most: int) -> int:
        """Return a working day between so many days from now."""
        number = least + int(self.dice.random() * (most - least + 1))
        return self.days.working_day(self.today + number)

    def wait(self, mean: float) -> int:
        """Return a geometric number of days."""
        if mean <= 0:
            return 0
        return int(math.log(1 - self.dice.random()) / math.log(mean / (1 + mean)))

    # ---------------------------------------------------------------------------- duties

    def owe(self, duty: int, due: int | None) -> None:
        """Open a duty, plan when it is done, and watch its deadline."""
        self.tally.opened[duty] += 1
        one = Obligation(due, self.plan(duty, due))
        self.owed.setdefault(duty, []).append(one)
        if due is not None:
            one.deadline = self.env.process(self.watch(one))
        self.wake(DOES[duty])

    def watch(self, one: Obligation) -> Steps:
        """Wait until a duty is overdue, unless it is met before."""
        assert one.due is not None, "only what has a day is watched"
        try:
            yield self.env.timeout(max(0, one.due + 1 - self.today))
            one.overdue = True
        except simpy.Interrupt:
            pass

    def plan(self, duty: int, due: int | None) -> int:
        """Return the day on which something owed will be done."""
        on_time, share, late, never, unstated = KEPT[duty]
        random = self.dice.random
        if random() < never:
            if due is None or not RECURS[duty]:
                return m.NEVER
            return due + max(1, due - self.today)
        if due is None:
            return self.days.working_day(self.today + self.wait(unstated))
        if random() >= on_time:
            later = max(self.today, due) + 1 + self.wait(max(0, late - 1))
            return self.days.working_day(later)
        low, high = (2 * share - 1, 1.0) if share > 0.5 else (0.0, 2 * share)
        used = (low + (high - low) * random()) * max(0, due - self.today)
        planned = self.today + int(used)
        before: int = self.days.before[planned]
        return before if before > self.today else planned

    def meet(self, duty: int) -> bool:
        """Close the oldest obligation of a duty; tell whether there was one."""
        owed = self.owed.get(duty)
        if not owed:
            return False
        one = owed.pop(0)
        self.tally.duties[duty, m.LATE if one.overdue else m.MET] += 1
        self.close(one)
        return True

    def close(self, one: Obligation) -> None:
        if one.deadline is not None and one.deadline.is_alive:
            one.deadline.interrupt()

    def miss(self, duty: int) -> None:
        """Close what a duty has open as missed."""
        for one in self.owed.pop(duty, ()):
            self.tally.duties[duty, m.MISSED] += 1
            self.close(one)

    def drop(self, duty: int) -> None:
        """Close what is owed no more."""
        for one in self.owed.pop(duty, ()):
            self.tally.duties[duty, m.MISSED if one.overdue else m.LAPSED] += 1
            self.close(one)

    def let_go(self, outcome: int) -> None:
        for duty, owed in self.owed.items():
            for one in owed:
                missed = one.overdue and outcome == m.LAPSED
                self.tally.duties[duty, m.MISSED if missed else outcome] += 1
        self.owed.clear()

    # ----------------------------------------------------------------------------- doing

    def ask(self, act: int, day: int) -> None:
        """Ask for something by a day."""
        self.asked[act] = min(day, self.asked.get(act, m.NEVER))
        self.wake(act)

    def wake(self, act: int) -> None:
        """Tell who does something that it may be wanted sooner."""
        doer = self.doers.get(act)
        if doer is None:
            self.doers[act] = self.env.process(self.doing(act))
        elif doer is not self.env.active_process:
            doer.interrupt()

    def doing(self, act: int) -> Steps:
        """Do something whenever it is wanted."""
        while True:
            day = self.wanted(act)
            try:
                if day >= m.NEVER:
                    yield self.env.event()
                else:
                    yield self.env.timeout(max(0, day - self.today))
            except simpy.Interrupt:
                continue
            self.asked.pop(act, None)
            self.do(act)
            self.plan_again(act)

    def wanted(self, act: int) -> int:
        """Return the day on which something is wanted next."""
        day = self.asked.get(act, m.NEVER)
        for duty in DUTIES_OF.get(act, ()):
            for one in self.owed.get(duty, ()):
                day = min(day, one.planned)
        return day

    def plan_again(self, act: int) -> None:
        """Plan again what was to be met by now and was not."""
        for duty in DUTIES_OF.get(act, ()):
            for one in self.owed.get(duty, ()):
                if one.planned <= self.today:
                    later = self.today + 1 + self.wait(KEPT[duty][4])
                    one.planned = self.days.working_day(later)

    def hazard(self, kind: int) -> Steps:
        """Let something happen by itself, at a rate."""
        daily = math.log(1 - m.HAZARDS[kind - m.RAISED] / 30)
        while True:
            waited = int(math.log(1 - self.dice.random()) / daily)
            day = self.days.working_day(self.today + 1 + waited)
            yield self.env.timeout(max(1, day - self.today))
            self.tally.events[kind] += 1
            self.happened(kind)

    def happened(self, kind: int) -> None:
        """Do what comes of something that happened by itself."""
        if kind == m.RAISED and not self.escalated:
            self.escalated = True
            self.ask(m.RESOLVE, self.some_days(14, 53))
            if self.dice.random() < m.URGENT:
                self.owe(m.D_EARLY_REVIEW, None)
        elif kind == m.ABSENT:
            self.owe(m.D_TELL, self.days.working_days_after(self.today, 1))
        elif kind == m.CALLED:
            self.ask(m.REVIEW, self.some_days(10, 25))
        elif kind == m.MOVES and not self.owed.get(m.D_RECEIVE):
            self.owe(m.D_RECEIVE, self.days.working_days_after(self.today, 15))
        elif kind == m.LOOKED_AFTER and self.dice.random() < m.LETTER_AGREED:
            self.env.process(self.agreeing())
        elif kind == m.LEFT:
            self.end(m.BY_LEAVING)

    def agreeing(self) -> Steps:
        """Agree that a plan for a looked-after child may end."""
        yield self.env.timeout(self.some_days(1, 20) - self.today)
        if not self.owed.get(m.D_LETTER):
            self.owe(m.D_LETTER, self.days.working_days_after(self.today, 10))

    def do(self, act: int) -> None:
        """Do something, and what comes of it."""
        if act == m.VISIT:
            self.visit()
            return
        if act == m.DETAIL and self.owed.get(m.D_FIRST_GROUP):
            later = self.days.working_day(min(self.wanted(m.GROUP), m.LAST) + 1)
            for one in self.owed.get(m.D_DETAIL, ()):
                one.planned = max(one.planned, later)
            self.ask(m.DETAIL, max(later, self.days.working_day(self.today + 1)))
            return
        self.tally.events[act] += 1
        DOING[act](self)

    def visit(self) -> None:
        random = self.dice.random
        if random() < m.VISITS_FAIL:
            self.tally.events[m.FAILED] += 1
            later = self.some_days(1, 4)
            for duty in DUTIES_OF[m.VISIT]:
                for one in self.owed.get(duty, ()):
                    one.planned = max(one.planned, later)
            if random() < m.TRIED_AGAIN:
                self.ask(m.VISIT, later)
            return
        self.tally.events[m.VISIT] += 1
        found = random()
        if found < m.NOT_HOME:
            return
        if self.meet(m.D_VISIT):
            self.owe(m.D_VISIT, self.today + (m.AGREED if self.state > 1 else 14))
        if found < m.NOT_HOME + m.NOT_ALONE:
            self.miss(m.D_ALONE)
        else:
            self.meet(m.D_ALONE)
        self.owe(m.D_ALONE, None)
        self.see_bedroom(seen=found <= 1 - m.NO_BEDROOM)

    def see_bedroom(self, *, seen: bool) -> None:
        self.without_bedroom += 1
        if seen:
            self.meet(m.D_BEDROOM)
        elif self.without_bedroom >= 2:
            self.miss(m.D_BEDROOM)
        else:
            return
        self.without_bedroom = 0
        self.owe(m.D_BEDROOM, None)

    def enquire(self) -> None:
        if self.dice.random() < 0.94:
            self.meet(m.D_ENQUIRY)
        if not self.owed.get(m.D_ENQUIRY):
            self.owe(m.D_ENQUIRY, self.today + 7)

    def arrange(self) -> None:
        self.ask(m.OPENED, self.some_days(10, 17))
        self.owe(m.D_REPORT, self.today + 12)

    def report(self) -> None:
        if self.dice.random() < 0.9 and not self.meet(m.D_REPORT):
            self.meet(m.D_REVIEW_REPORT)

    def confer(self) -> None:
        """Hold the initial conference and decide."""
        self.tally.events[m.DECIDED] += 1
        for duty in tuple(self.owed):
            self.drop(duty)
        self.asked.clear()
        for act in (m.ENQUIRY, m.REPORT):
            self.wake(act)
        if self.dice.random() >= m.PLAN_MADE:
            self.end(m.NO_PLAN)
            return
        self.begin_plan()

    def begin_plan(self) -> None:
        self.state = 1
        ten = self.days.working_days_after(self.today, 10)
        self.owe(m.D_FIRST_GROUP, ten)
        self.owe(m.D_DETAIL, ten)
        self.owe(m.D_VISIT, self.today + 14)
        self.owe(m.D_FIRST_REVIEW, self.days.months_3[self.today])
        for duty in (m.D_ALONE, m.D_BEDROOM, m.D_TOLD, m.D_FILES):
            self.owe(duty, None)
        if self.dice.random() < 0.9:
            self.ask(m.STARTED, self.some_days(0, 7))
        self.ask(m.SUPERVISION, self.some_days(14, 35))
        self.ask(m.REVIEW_SET, self.some_days(0, 30))
        for number in range(len(m.HAZARDS)):
            self.env.process(self.hazard(m.RAISED + number))

    def core_group(self) -> None:
        if not self.meet(m.D_FIRST_GROUP):
            self.meet(m.D_GROUP)
        if not self.owed.get(m.D_GROUP):
            self.owe(m.D_GROUP, self.today + 28)
        five = self.days.working_days_after(self.today, 5)
        self.owe(m.D_RECORD, five)
        self.owe(m.D_NOTES, five)

    def circulate(self) -> None:
        self.meet(m.D_NOTES)
        if self.dice.random() < m.INCLUDED:
            self.owe(m.D_SIGN, self.days.working_days_after(self.today, 5))

    def sign(self) -> None:
        if self.dice.random() < m.ALL_SIGNED:
            self.meet(m.D_SIGN)
            self.owe(m.D_COPIES, None)

    def agree_plan(self) -> None:
        self.meet(m.D_DETAIL)
        self.state = 2
        self.owe(m.D_EFFECT, self.today)
        self.owe(m.D_CHILD_COPY, None)
        self.owe(m.D_PARENT_COPY, None)

    def put_into_effect(self) -> None:
        self.meet(m.D_EFFECT)
        self.state = 3

    def supervise(self) -> None:
        self.ask(m.SUPERVISION, self.some_days(28, 42))

    def arrange_review(self) -> None:
        self.drop(m.D_REVIEW_REPORT)
        self.drop(m.D_INVITED)
        self.owe(m.D_REVIEW_REPORT, self.days.before[self.today + 7])
        self.owe(m.D_INVITED, None)

    def review(self) -> None:
        """Hold a review and decide."""
        self.tally.events[m.REVIEWED] += 1
        for duty in (m.D_FIRST_REVIEW, m.D_REVIEW, m.D_EARLY_REVIEW):
            self.meet(duty)
        if not self.owed.get(m.D_REVIEW):
            self.owe(m.D_REVIEW, self.days.months_6[self.today])
        self.reviews += 1
        if self.dice.random() < m.ENDS[min(self.reviews, 4) - 1]:
            self.end(m.BY_REVIEW)
        else:
            self.ask(m.REVIEW_SET, self.some_days(0, 30))

    def assess(self) -> None:
        self.owe(m.D_ASSESSED, self.days.working_days_after(self.today, 35))

    def resolve(self) -> None:
        self.escalated = False

    def receive(self) -> None:
        self.meet(m.D_RECEIVE)
        self.ask(m.MOVED, self.some_days(0, 7))

    def send_letter(self) -> None:
        self.meet(m.D_LETTER)
        self.end(m.BY_LETTER)

    def move(self) -> None:
        self.end(m.BY_MOVE)


def _meeting(duty: int, share: float = 1) -> Any:
    """Return what just meets a duty, in a share of cases."""

    def do(case: Case) -> None:
        if share == 1 or case.dice.random() < share:
            case.meet(duty)

    return do


DOING = {
    m.ENQUIRY: Case.enquire,
    m.ARRANGED: Case.arrange,
    m.REPORT: Case.report,
    m.OPENED: Case.confer,
    m.GROUP: Case.core_group,
    m.RECORD: _meeting(m.D_RECORD),
    m.NOTES: Case.circulate,
    m.SIGN: Case.sign,
    m.COPIES: _meeting(m.D_COPIES),
    m.DETAIL: Case.agree_plan,
    m.EFFECT: Case.put_into_effect,
    m.SUPERVISION: Case.supervise,
    m.REVIEW_SET: Case.arrange_review,
    m.REVIEW: Case.review,
    m.INVITED: _meeting(m.D_INVITED),
    m.TOLD: _meeting(m.D_TOLD, 0.9),
    m.CHILD_COPY: _meeting(m.D_CHILD_COPY),
    m.PARENT_COPY: _meeting(m.D_PARENT_COPY),
    m.STARTED: Case.assess,
    m.ASSESSED: _meeting(m.D_ASSESSED),
    m.FILES: _meeting(m.D_FILES, 0.85),
    m.TELL: _meeting(m.D_TELL, 0.8),
    m.RESOLVE: Case.resolve,
    m.RECEIVE: Case.receive,
    m.LETTER: Case.send_letter,
    m.MOVED: Case.move,
}
"""By kind, what is done."""


def run_cases(seed: int, cases: int, calendar: Calendar) -> Tally:
    """Run so many cases."""
    tally, dice = Tally(), random.Random(seed)
    for _ in range(cases):
        Case(calendar, dice, tally).run()
    return tally
