"""The compiled part of the bound: one caregiver's cheapest routes at given rewards."""

__all__: list[str] = []
