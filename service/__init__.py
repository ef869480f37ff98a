"""The HTTP service around the optimizer."""

__all__: list[str] = []
