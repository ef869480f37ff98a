"""Certificates in words: sentences to read aloud and a table to add up, in both languages."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from optimizer.certificate import Form, UnservedProof
from optimizer.i18n import LANGUAGES, Lang
from optimizer.report.certificate_text import certificate_text
from tests.certificate.test_certificate import PARTS
from tests.verification.worlds import lane


def told(claim: UnservedProof, lang: Lang) -> str:
    """Return what is printed of certificates."""
    stream = io.StringIO()
    Console(width=200, file=stream).print(certificate_text(lane(), claim, lang=lang))
    return stream.getvalue()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("part", PARTS, ids=[part.form.value for part in PARTS])
def test_every_form_is_told(part: object, lang: Lang) -> None:
    """Whatever is counted, all visits stand in the table and nothing is left unfilled."""
    claim = UnservedProof.of("lane", [one for one in PARTS if one is part])
    text = told(claim, lang)
    assert "V1" in text
    assert "V2" in text
    assert re.search(r"[{}]", text) is None


def test_the_sums_stand_below_the_columns() -> None:
    """Whoever adds up the columns finds the sums."""
    points = next(part for part in PARTS if part.form is Form.DUAL_WEIGHTS)
    text = told(UnservedProof.of("lane", [points]), "en")
    assert re.findall(r"Together +(\d+)", text) == ["17", "10"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_hours_are_told_with_their_interval(lang: Lang) -> None:
    """The time that is looked at stands in the sentence."""
    hours = next(part for part in PARTS if part.form is Form.HOURS)
    text = told(UnservedProof.of("lane", [hours]), lang)
    assert "09:30" in text
    assert "2025-03-03" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_proven_is_said(lang: Lang) -> None:
    """Without a certificate one sentence says so."""
    assert len(told(UnservedProof.of("lane", []), lang).splitlines()) == 1
