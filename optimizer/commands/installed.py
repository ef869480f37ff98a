"""The modules of the service, whose libraries not everybody has."""

from __future__ import annotations

import importlib
from typing import Any

from optimizer.errors import UsageError


def installed(module: str) -> Any:
    """Return a module of the service.

    Raises
    ------
    UsageError
        If a library that it needs is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is not None and error.name.split(".")[0] in {"service", "optimizer"}:
            raise
        raise UsageError(
            f"The service needs {error.name}, which is not installed; "
            "pip install 'homecare-optimizer[service]' brings it."
        ) from error
