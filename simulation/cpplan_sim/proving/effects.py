"""Effects: what can be done, what it asks and what it changes, with steps and periods as bits."""

from __future__ import annotations

import attrs


@attrs.frozen(cache_hash=True)
class Wish:
    """What one need asks of steps and periods, as bits: a step stands, or not, or for how long."""

    stands: int = 0
    absent: int = 0
    run: int = 0

    def seen(self, steps: int, periods: int) -> Wish:
        """Return what is left of it where only some steps and periods are tracked."""
        return Wish(self.stands & steps, self.absent & steps, self.run & periods)

    def met(self, steps: int, run: int) -> bool:
        """Return whether it is met, of steps and periods that are tracked."""
        return (
            steps & self.stands == self.stands
            and not steps & self.absent
            and run & self.run == self.run
        )


FREE = Wish()
"""The wish of a need that steps and periods have no say in."""


@attrs.frozen(cache_hash=True)
class Effect:
    """What a letter asks and does, as far as a search tracks it: equal letters do the same.

    Attributes:
        target: the state it leads to.
        asked, barred, some: steps that must all, may not, and of which one must stand.
        wishes: what else it asks: each entry holds wishes of which one is enough.
        sets, clears: steps.
        fresh: periods that begin with it, each with the field that dates it.
    """

    target: str
    asked: int = 0
    barred: int = 0
    some: int = 0
    wishes: tuple[tuple[Wish, ...], ...] = ()
    sets: int = 0
    clears: int = 0
    fresh: tuple[tuple[int, str], ...] = ()


def seen(effect: Effect, steps: int, periods: int) -> Effect:
    """Return what is left of an effect where only some steps and periods are tracked.

    What is not tracked is taken to be as it would have to be: a wish for it is met.
    """
    asked, barred, wishes = effect.asked & steps, effect.barred & steps, []
    for group in effect.wishes:
        left = tuple(dict.fromkeys(wish.seen(steps, periods) for wish in group))
        if FREE in left:
            continue
        if len(left) == 1 and not left[0].run:
            asked |= left[0].stands
            barred |= left[0].absent
        else:
            wishes.append(left)
    return Effect(
        effect.target,
        asked,
        barred,
        effect.some if effect.some & ~steps == 0 else 0,
        tuple(wishes),
        effect.sets & steps,
        effect.clears & steps,
        tuple(one for one in effect.fresh if one[0] & periods),
    )


def touches(effect: Effect) -> int:
    """Return every step that an effect reads or changes, as bits."""
    found = effect.asked | effect.barred | effect.some | effect.sets | effect.clears
    for group in effect.wishes:
        for wish in group:
            found |= wish.stands | wish.absent
    return found
