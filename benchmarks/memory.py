"""The most memory that this process has held."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_HIGH_WATER = "VmHWM:"


def peak_megabytes() -> float:
    """Return the largest resident size of this process so far, in megabytes (10**6 bytes).

    Linux carries the largest size of `getrusage` over from the parent into a new process; the
    high-water mark of the address space begins anew with it, and so is asked first.
    """
    if _STATUS.exists():
        for line in _STATUS.read_text(encoding="utf-8").splitlines():
            if line.startswith(_HIGH_WATER):
                return int(line.split()[1]) * 1024 / 1e6
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Bytes on macOS, kibibytes elsewhere.
    return largest / 1e6 if sys.platform == "darwin" else largest * 1024 / 1e6
