"""Compile the engine's kernels, if that is still to be done; run as a process of its own.

Every line on standard output is a JSON object that says how far it has come.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from optimizer.progress import Progress
from optimizer.warm_up import are_compiled, make_ready


def tell(progress: Progress) -> None:
    """Write how far compiling has come as a line."""
    if progress.compiling is not None:
        sys.stdout.write(json.dumps(asdict(progress.compiling)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__" and not are_compiled(proof=True):
    make_ready(proof=True, observer=tell)
