"""The compiled part of the search: plain functions over arrays of whole numbers."""

__all__: list[str] = []
