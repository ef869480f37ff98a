"""The purchaser's office: its ledger, what organisations are told of it, and their evidence."""

__all__: list[str] = []
