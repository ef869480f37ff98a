"""The HTTP interface: one module per subject under ``routes``, what they share beside it."""

__all__: list[str] = []
