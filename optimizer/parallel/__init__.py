"""How work is spread over threads, processes and machines."""

__all__: list[str] = []
