"""What all tests share: how random cases are drawn."""

from __future__ import annotations

from hypothesis import settings

# The first case may have to compile kernels, so no deadline; and the same cases are drawn on
# every machine, so that a failure is everybody's failure.
settings.register_profile("house", deadline=None, derandomize=True)
settings.load_profile("house")
