"""Looking after an installation: opening it, backup, new keys."""

__all__: list[str] = []
