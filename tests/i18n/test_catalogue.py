"""Both languages say everything, and say it of the same fields."""

from __future__ import annotations

import re
import string
from enum import StrEnum
from pathlib import Path

import pytest

from optimizer.audit import Claim
from optimizer.certificate import Form
from optimizer.domain.policy import Priority, Rule, Term
from optimizer.domain.reason import UnservedReason
from optimizer.explanation import FixKind, Obstacle, Relaxation, Standing
from optimizer.i18n import LANGUAGES, catalogue, has_sentence, sentence
from optimizer.result import Status
from optimizer.stop import Termination

ROOT = Path(__file__).parents[2]

VOCABULARIES: list[tuple[str, type[StrEnum], tuple[str, ...]]] = [
    ("rule", Rule, ("", ".sentence")),  # a name and what it demands
    ("term", Term, ("", ".sentence")),  # a name and what it counts
    ("priority", Priority, ("",)),  # one word
    ("termination", Termination, ("",)),  # why a solve ended
    ("status", Status, ("",)),  # what is known of a plan
    ("reason", UnservedReason, ("",)),  # why a visit is not served
    ("explain.standing", Standing, ("",)),  # proven, or only in this plan
    ("explain.obstacle", Obstacle, ("",)),  # why one caregiver does not come
    ("explain.fix", FixKind, ("",)),  # what would serve it
    ("coverage.form", Form, ("",)),  # what a certificate says
    ("audit.claim", Claim, ("",)),  # what an audit record claims
    ("explain.rule", Relaxation, ("",)),  # a rule whose price is asked
]

PHASES = ("prepare", "compile", "search", "bound", "replan", "exact", "verify")


def _fields(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_every_code_has_its_sentences() -> None:
    """Every rule, term, priority, ending, status and reason is worded in both languages."""
    missing = [
        f"{lang}: {prefix}.{code}{ending}"
        for lang in LANGUAGES
        for prefix, vocabulary, endings in VOCABULARIES
        for code in vocabulary
        for ending in endings
        if f"{prefix}.{code}{ending}" not in catalogue(lang)
    ]
    assert not missing, "\n".join(missing)


def test_every_phase_of_a_solve_is_worded() -> None:
    """The phases that progress names have their words."""
    assert all(has_sentence(f"phase.{phase}") for phase in PHASES)


def test_languages_have_the_same_keys_in_the_same_order() -> None:
    """What one language says, the other says too, at the same place of its file."""
    assert list(catalogue("en")) == list(catalogue("zh"))


def test_languages_use_the_same_fields() -> None:
    """A sentence's placeholders are the same in both languages."""
    english, chinese = catalogue("en"), catalogue("zh")
    different = [key for key in english if _fields(english[key]) != _fields(chinese[key])]
    assert not different, "\n".join(different)


def test_no_sentence_is_empty() -> None:
    """Every sentence says something."""
    assert all(text.strip() for lang in LANGUAGES for text in catalogue(lang).values())


def test_chinese_is_chinese() -> None:
    """Every sentence of a rule, term or reason contains Chinese characters."""
    han = re.compile(r"[一-鿿]")
    entries = catalogue("zh").items()
    stems = ("rule", "term", "reason", "explain.", "coverage", "audit")
    plain = [key for key, text in entries if key.startswith(stems)
             and not han.search(text)]  # fmt: skip
    assert plain == []


def test_a_sentence_is_filled_in() -> None:
    """Fields take their places."""
    assert sentence("en", "list.more", count=3) == "… and 3 more"


def test_a_missing_field_is_an_error() -> None:
    """A sentence is never shown with holes."""
    with pytest.raises(KeyError):
        sentence("en", "list.more")


def test_an_unknown_key_is_an_error() -> None:
    """A key without a sentence is never shown as such."""
    with pytest.raises(KeyError):
        sentence("zh", "no.such.key")


def test_every_sentence_is_used() -> None:
    """Each key stands in a source file, except those made from a closed list of codes."""
    sources = [*ROOT.glob("optimizer/**/*.py"), *ROOT.glob("optimizer/**/*.j2")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"""["']([a-z0-9_-]+\.[a-z0-9_.-]+)["']""", text))
    stems = {prefix for prefix, _, _ in VOCABULARIES} | {
        "phase",
        "doctor",
        "generate",
        "qualification",
        "service.column",
        "tier",
        "coverage.head",
        "duration",
        "grade",
        "town",
    }
    unused = [
        key
        for key in catalogue("en")
        if key not in named and not {key.split(".")[0], key.rpartition(".")[0]} & stems
    ]
    assert unused == []


def test_every_reason_is_documented() -> None:
    """The page of reasons names every code."""
    page = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
    assert all(f"`{code}`" in page for code in UnservedReason)
