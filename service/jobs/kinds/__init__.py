"""The kinds of jobs, each in a module of its own that holds a ``KIND``."""

__all__: list[str] = []
