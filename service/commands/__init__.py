"""The service's part of the command line: ``homecare serve`` and ``homecare service``."""

__all__: list[str] = []
