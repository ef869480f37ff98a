"""Who may do what: keys, roles, permissions."""

__all__: list[str] = []
