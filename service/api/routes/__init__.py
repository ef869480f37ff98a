"""The routes of ``/v1`` and of operation, one module per subject."""

__all__: list[str] = []
