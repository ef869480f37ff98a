"""Tests of the master pattern."""
