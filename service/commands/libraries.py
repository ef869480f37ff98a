"""The libraries of the service, which not everybody has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needed_libraries() -> Iterator[None]:
    """Say what brings a library that an import inside the block does not find.

    Raises
    ------
    UsageError
        If a library that the service needs is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] in {"optimizer", "service"}:
            raise
        # Here, so that the arguments stay quick to read: errors load pydantic.
        from optimizer.errors import UsageError  # noqa: PLC0415

        raise UsageError(
            f"The service needs {error.name}, which is not installed; "
            "pip install 'homecare-optimizer[service]' brings it."
        ) from error
