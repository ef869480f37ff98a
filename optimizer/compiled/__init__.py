"""How kernels are compiled: as a few whole entries, once per machine and version."""

from optimizer.compiled.compiler import Compiler
from optimizer.compiled.following import Compilation
from optimizer.compiled.readiness import LOCK, alone, is_ready, set_ready

__all__ = ["LOCK", "Compilation", "Compiler", "alone", "is_ready", "set_ready"]
