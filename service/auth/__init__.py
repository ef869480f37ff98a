"""Who may do what: organisations, keys, roles, permissions."""

__all__: list[str] = []
