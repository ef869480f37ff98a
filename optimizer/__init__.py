"""Matching and scheduling for home-based elderly care."""

__all__ = ["__version__"]

__version__ = "0.1.0"
