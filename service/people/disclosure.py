"""What a district analyst may see of people: pseudonyms, and counts that single nobody out."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Hashable, Mapping
from typing import TypeVar

from service.database.secrets import Secrets

SMALLEST_CELL = 5
"Counts from 1 to 4 are suppressed."

Name = TypeVar("Name", bound=Hashable)


def pseudonym(secrets: Secrets, organisation: str, person: str) -> str:
    """Return a stable name for a person from which the id cannot be found.

    The same id of two organisations has two pseudonyms.

    Parameters
    ----------
    secrets
        Those of the installation; with others, pseudonyms are others.
    organisation, person
        Whose, and the id.
    """
    key = hmac.digest(secrets.pepper, b"homecare pseudonyms", hashlib.sha256)
    digest = hmac.digest(key, f"{organisation}\n{person}".encode(), hashlib.sha256)
    return f"P{digest.hex()[:16].upper()}"


def suppress_small_cells(
    counts: Mapping[Name, int], *, smallest: int = SMALLEST_CELL
) -> dict[Name, int | None]:
    """Return counts of people without those that are small enough to single somebody out.

    Where one cell alone is suppressed, its count would follow from the sum of all; the next
    smallest is then suppressed with it. A count of nobody is shown, for it is about nobody.

    Parameters
    ----------
    counts
        People per cell, none negative; the cells are parts of one whole.
    smallest
        Smallest count above nobody that is shown.

    Returns
    -------
    dict
        The same cells; None where suppressed.
    """
    small = {cell for cell, count in counts.items() if 0 < count < smallest}
    others = [cell for cell in counts if cell not in small and counts[cell] > 0]
    if len(small) == 1 and others:
        small.add(min(others, key=lambda cell: counts[cell]))
    return {cell: None if cell in small else count for cell, count in counts.items()}
