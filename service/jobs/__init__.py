"""Durable jobs: their states and kinds, and the coordinator that has them worked off."""

__all__: list[str] = []
