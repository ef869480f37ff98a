"""The compiled part of the bound: one caregiver's cheapest routes at given duals."""

__all__: list[str] = []
