"""Measurements of the engine: named suites, dated rows, readable tables."""
