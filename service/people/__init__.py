"""People: personal data, erasure, retention, and what the district learns."""

__all__: list[str] = []
