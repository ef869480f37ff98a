"""Compile the engine's kernels, if that is still to be done; run as a process of its own."""

from __future__ import annotations

from optimizer.warm_up import are_compiled, make_ready

if __name__ == "__main__" and not are_compiled(proof=True):
    make_ready(proof=True)
