"""Documents that callers send: their limits, and what is worked out from them, beside requests."""

__all__: list[str] = []
