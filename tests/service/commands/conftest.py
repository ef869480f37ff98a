"""The command line, run as the tests of the other commands run it."""

from tests.cli.conftest import english, homecare

__all__ = ["english", "homecare"]
