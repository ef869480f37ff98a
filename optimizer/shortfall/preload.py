"""What children that solve futures need, loaded once in the server that they are forked from.

Importing this module does the loading; only the fork server imports it.
"""

from __future__ import annotations

import optimizer.shortfall.block
from optimizer.search.warm_up import is_compiled, warm_up

__all__ = ["optimizer"]

# Compiling takes minutes, during which no child could start; the first one does it.
if is_compiled():
    warm_up()
