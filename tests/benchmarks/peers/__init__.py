"""Tests of the comparison with other solvers."""
