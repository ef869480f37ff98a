"""The database itself: engine, sessions bound to an organisation, encryption, migrations."""

__all__: list[str] = []
