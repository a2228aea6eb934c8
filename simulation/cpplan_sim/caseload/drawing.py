"""Random draws that are addressed, not taken in turn: by seed, case, what for, and how many-th.

Philox 4x32 with ten rounds (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as
1, 2, 3", 2011). Each address gives four numbers, whoever asks and in whatever order. So any case
can be replayed alone, the number of workers changes nothing, and two procedures that ask for the
same thing of the same child are given the same answer.
"""

from __future__ import annotations

import zlib

from cpplan_sim.caseload.compiled import compiled

LOW = 0xFFFFFFFF
M0, M1 = 0xD2511F53, 0xCD9E8D57
W0, W1 = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10
SCALE = 2.0**-32


@compiled
def philox(key0, key1, c0, c1, c2, c3):
    """Return four numbers of 32 bits for a key of two and a counter of four such numbers.

    Masked after each product, so that whole numbers of 64 bits that wrap around give the same as
    Python's, which don't.
    """
    for _ in range(ROUNDS):
        product0 = M0 * c0
        product1 = M1 * c2
        high0 = (product0 >> 32) & LOW
        high1 = (product1 >> 32) & LOW
        c0 = high1 ^ c1 ^ key0
        c1 = product1 & LOW
        c2 = high0 ^ c3 ^ key1
        c3 = product0 & LOW
        key0 = (key0 + W0) & LOW
        key1 = (key1 + W1) & LOW
    return c0, c1, c2, c3


@compiled
def draw(seed, case, purpose, number):
    """Return four draws, each at least 0 and below 1, for one address.

    Args:
        seed: of the run; 64 bits count.
        case: the number of the case; 64 bits count.
        purpose: what the draws are for; see :func:`purpose_of`.
        number: how many-th of that purpose in the case.
    """
    a, b, c, d = philox(
        int(seed) & LOW,
        (int(seed) >> 32) & LOW,
        int(case) & LOW,
        (int(case) >> 32) & LOW,
        int(purpose) & LOW,
        int(number) & LOW,
    )
    return a * SCALE, b * SCALE, c * SCALE, d * SCALE


def purpose_of(name: str) -> int:
    """Return the number of a purpose: the same for the same name, in whatever procedure."""
    return zlib.crc32(name.encode())
