"""Large-neighbourhood search: rosters taken apart and put together again, ever better."""

__all__: list[str] = []
