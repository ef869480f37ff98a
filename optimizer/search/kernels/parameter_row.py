"""Where each parameter of the search stands in the row that the kernels read.

`search.parameters.SearchParameters` says what they mean and fills the row.
"""

from __future__ import annotations

(
    P_REMOVED,
    P_STRING,
    P_STRING_SHARE,
    P_ROUTE_SHARE,
    P_SKIP,
    P_SPLIT,
    P_BLINK,
    P_SWAP,
    P_TAIL,
    P_UNSERVED,
    P_MOVE_BREAK,
    P_WILD,
    P_MEMORY,
    P_EJECT,
    P_ELSEWHERE,
    P_GUIDE,
    P_CENTRE_UNSERVED,
    P_HAND_OVER,
) = range(18)
PARAMETERS = 18
