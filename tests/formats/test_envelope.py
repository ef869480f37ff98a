"""Scenarios in envelopes."""

from __future__ import annotations

import json

import pytest

from optimizer.errors import InvalidDocument
from optimizer.formats.envelope import parse_envelope
from tests.report.village import village


def test_what_is_inside_is_read() -> None:
    """The scenario is the one that was put in."""
    inside = json.loads(village().model_dump_json())
    envelope = {"format": "homecare-envelope", "scenario": inside}
    assert parse_envelope(json.dumps(envelope), "mail") == village()


def test_an_empty_envelope_is_refused() -> None:
    """It has the faults of an empty scenario."""
    with pytest.raises(InvalidDocument):
        parse_envelope('{"format": "homecare-envelope"}', "mail")
