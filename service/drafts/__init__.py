"""Drafts: moves tried on a roster before it is put in force."""

__all__: list[str] = []
