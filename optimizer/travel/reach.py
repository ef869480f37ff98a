"""How long the longest journey can be, and what stands for one that cannot be made."""

from __future__ import annotations

UNREACHABLE = 2**28
"Ticks of a journey that cannot be made; months at any number of ticks per minute."
