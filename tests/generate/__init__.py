"""Tests of optimizer/generate and of the shipped scenarios."""
