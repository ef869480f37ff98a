"""Random numbers by name: the same draw for the same person in every arm, in whatever order.

A number belongs to a study's seed, what is drawn, whom it is about, a period and a replication.
Nothing else decides it: not who was drawn before, not how many arms, processes or machines there
are. So two arms differ by what they change and not by luck (common random numbers).

Replications come in pairs: an odd one mirrors the even one before it, so that where one has much
sickness the other has little, and both together lie nearer the mean (antithetic variates).

References
----------
J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw (2011), Parallel random numbers: as easy as
1, 2, 3. SC '11 (Philox).
A. M. Law (2015), Simulation modeling and analysis, 5th ed., chapter 11 (variance reduction).
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy import uint64
from numpy.typing import NDArray

SCHEME = 1
"Version of how a name becomes a number; another one gives other numbers for every study."

_HALF_STEP = 2.0**-54
_STEP = 2.0**-53
_STANDARD = NormalDist()


def uniform(seed: int, kind: str, entity: str, period: int = 0, replication: int = 0) -> float:
    """Return a number between 0 and 1, both excluded, each as likely as any other.

    Parameters
    ----------
    seed
        Seed of the study (at least 0).
    kind
        What is drawn, such as ``carer_sick``.
    entity
        Id of the person, town or organisation that it is about; empty for all together.
    period
        Day or year within the future (at least 0).
    replication
        Which future (at least 0); of an odd one the number is 1 minus that of the one before.
    """
    counter = np.array([0, period, _number_of(entity), replication // 2], uint64)
    raw = int(np.random.Philox(key=_key_of(seed, kind), counter=counter).random_raw())
    number = (raw >> 11) * _STEP + _HALF_STEP
    return 1.0 - number if replication % 2 else number


def normal(seed: int, kind: str, entity: str, period: int = 0, replication: int = 0) -> float:
    """Return a draw of the standard normal distribution; parameters as of `uniform`."""
    return _STANDARD.inv_cdf(uniform(seed, kind, entity, period, replication))


@lru_cache(maxsize=4_096)
def _key_of(seed: int, kind: str) -> NDArray[uint64]:
    name = f"shortfall/{SCHEME}/{seed}/{kind}".encode()
    return np.frombuffer(hashlib.blake2b(name, digest_size=16).digest(), "<u8").astype(uint64)


@lru_cache(maxsize=65_536)
def _number_of(entity: str) -> int:
    return int.from_bytes(hashlib.blake2b(entity.encode(), digest_size=8).digest(), "little")
