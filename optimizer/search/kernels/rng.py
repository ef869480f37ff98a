"""Random numbers that are the same compiled and interpreted: xorshift on one 64-bit word.

References
----------
Marsaglia, Xorshift RNGs, Journal of Statistical Software 8(14) (2003).
"""

from __future__ import annotations

import numpy as np
from numpy import int64, uint64
from numpy.typing import NDArray

from optimizer.search.kernels.compiled import leaf

Rng = NDArray[uint64]
"Generator state, shape ``(1,)``, never 0."

LEFT = uint64(13)
RIGHT = uint64(7)
LEFT_AGAIN = uint64(17)
TO_FRACTION = uint64(11)


def seeded(seed: int, stream: int = 0) -> Rng:
    """Return the generator state of a seed and a stream (worker number, restart number)."""
    mixed = np.random.SeedSequence([seed, stream]).generate_state(1, np.uint64)[0]
    return np.array([mixed | uint64(1)], np.uint64)


@leaf
def fraction(rng):
    """Return a number in [0, 1)."""
    x = rng[0]
    x ^= x << LEFT
    x ^= x >> RIGHT
    x ^= x << LEFT_AGAIN
    rng[0] = x
    return np.float64(x >> TO_FRACTION) * (1.0 / 9007199254740992.0)


@leaf
def below(rng, limit):
    """Return a whole number from 0 to ``limit - 1``."""
    return int64(fraction(rng) * limit)
