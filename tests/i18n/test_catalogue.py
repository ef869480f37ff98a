"""Both languages say everything, and say it of the same fields."""

from __future__ import annotations

import copy
import re
import string
from enum import StrEnum
from pathlib import Path

import pytest

from optimizer.allocation import Ease
from optimizer.audit import Claim
from optimizer.certificate import Form
from optimizer.commands.ledger import Outcome
from optimizer.domain.allocation import Finding, HaltKind, Mode, Step, Unmet
from optimizer.domain.cascade import Loss, Stage
from optimizer.domain.client import EntitlementUnit, Period
from optimizer.domain.contractor import ContractorKind, CreditList
from optimizer.domain.delivery import Doubt, Effect, Method, Occurrence
from optimizer.domain.delivery import Outcome as RulingOutcome
from optimizer.domain.eligibility import Track
from optimizer.domain.evaluation import Grade, Head, Indicator
from optimizer.domain.ledger import EntryKind
from optimizer.domain.policy import Priority, Rule, Term
from optimizer.domain.pool import Tier
from optimizer.domain.reason import UnservedReason
from optimizer.domain.supervision import CheckBy, CheckWay, ComplaintKind, RedLineKind
from optimizer.domain.time_bank import AccountKind
from optimizer.explanation import FixKind, Obstacle, Standing
from optimizer.formats.codes import FaultCode, WarningCode
from optimizer.i18n import (
    LANGUAGES,
    catalogue,
    duration,
    either,
    has_sentence,
    say,
    sentence,
    translated,
)
from optimizer.matching import Reason
from optimizer.pattern import Cause
from optimizer.purchase import (
    By,
    CorrectionKind,
    DirectoryFinding,
    DirectoryStatus,
    FundingState,
    Unfit,
    Unrated,
)
from optimizer.purchase.publication import PeopleTable
from optimizer.purchase.time_bank import Block, OrderState, Safeguard, Unfunded
from optimizer.report.burdens import GroupedBy
from optimizer.result import Status
from optimizer.shortfall import RelaxedRule
from optimizer.shortfall.edits.repair import Mended
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
    ("certificate.form", Form, ("",)),  # what a certificate says
    ("audit.claim", Claim, ("",)),  # what an audit record claims
    ("explain.rule", RelaxedRule, ("",)),  # a rule whose price is asked
    ("repair", Mended, ("",)),  # what an edit of a study mends
    ("account.unit", EntitlementUnit, ("",)),  # what an entitlement counts
    ("account.period", Period, ("",)),  # how long it lasts
    ("account.by", GroupedBy, ("",)),  # what groups of visits differ in
    ("office.stage", Stage, ("",)),  # how far care has come
    ("office.loss", Loss, ("",)),  # why it is lost
    ("office.by", By, ("",)),  # what groups differ in
    ("office.unfit", Unfit, ("",)),  # why a category does not fit
    ("office.doubt", Doubt, ("",)),  # what may be wrong with evidence
    ("office.effect", Effect, ("",)),  # what a doubt does
    ("office.occurrence", Occurrence, ("",)),  # whether a visit took place
    ("evaluation.halted", HaltKind, ("",)),  # why a share counts nothing yet
    ("office.method", Method, ("",)),  # how somebody has checked in
    ("office.outcome", RulingOutcome, ("",)),  # what has come of a doubt
    ("office.directory.finding", DirectoryFinding, ("",)),  # what is found of an organisation
    ("office.status", DirectoryStatus, ("",)),  # what it may do
    ("office.kind", ContractorKind, ("",)),  # what it is before the law
    ("office.credit", CreditList, ("",)),  # lists on which it may stand
    ("office.tier", Tier, ("",)),  # whose money it is
    ("office.purses.line", FundingState, ("",)),  # how somebody stands to the money
    ("office.track", Track, ("",)),  # who pays for care
    ("evaluation.indicator", Indicator, ("", ".formula")),  # what is measured, and how
    ("evaluation.head", Head, ("",)),  # under which head it falls
    ("evaluation.grade", Grade, ("",)),  # what a score is called
    ("allocation.ease", Ease, ("",)),  # in what clients are easier to care for
    ("ledger.kind", EntryKind, ("",)),  # what an entry of a ledger decides
    ("ledger.outcome", Outcome, ("",)),  # what became of an entry that was checked
    ("evaluation.unrated", Unrated, ("",)),  # why an indicator is not rated
    ("evaluation.red_line", RedLineKind, ("",)),  # what makes a result poor
    ("publish.table", PeopleTable, ("",)),  # tables of people
    ("publish.kind", ComplaintKind, ("",)),  # what a complaint is about
    ("checks.way", CheckWay, ("",)),  # how a visit is checked
    ("checks.by", CheckBy, ("",)),  # why it was chosen
    ("bill.kind", CorrectionKind, ("",)),  # what a correcting line does
    ("timebank.kind", AccountKind, ("",)),  # whose minutes an account holds
    ("timebank.state", OrderState, ("",)),  # how far an order has come
    ("timebank.safeguard", Safeguard, ("",)),  # why a volunteer does not go
    ("timebank.unfunded", Unfunded, ("",)),  # why an order becomes no visit
    ("fault.transfer-blocked", Block, ("",)),  # why minutes do not move
    ("allocation.finding", Finding, ("",)),  # why an organisation cannot take a client
    ("allocation.unmet", Unmet, ("",)),  # why a client has no organisation
    ("allocation.step", Step, ("",)),  # how a client came to an organisation
    ("allocation.mode", Mode, ("",)),  # how rotation finds whose turn it is
    ("pattern.cause", Cause, ("",)),  # why a visit leaves the master pattern
    ("pattern.reason", Reason, ("",)),  # why the caregiver of the pattern may not come
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
    sources = [
        *ROOT.glob("optimizer/**/*.py"),
        *ROOT.glob("optimizer/**/*.j2"),
        *ROOT.glob("service/**/*.py"),
    ]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    named = set(re.findall(r"""["']([a-z0-9_-]+\.[a-z0-9_.-]+)["']""", text))
    stems = {prefix for prefix, _, _ in VOCABULARIES} | {
        "phase",
        "account.column",
        "account.table",
        "moves.column",
        "moves.why",
        "office.list.column",
        "office.list.standing",
        "study.table",
        "doctor",
        "generate",
        "qualification",
        "record",
        "replan.aim",
        "replan.carer",
        "replan.client",
        "replan.client.wishes",
        "review.detail",
        "review.file",
        "review.head",
        "review.kind",
        "review.list",
        "review.meal",
        "review.note",
        "review.present",
        "review.source",
        "review.some",
        "review.test",
        "review.together",
        "review.window",
        "severity",
        # Of studies: kinds of edits and shocks, their parameters, and those who are meant.
        "assumption",
        "category",
        "law",
        "edit.caregivers_away",
        "edit.demand",
        "edit.drop_organisation",
        "mode",
        "evaluation.column",
        *(f"evaluation.indicator.{code}" for code in Indicator),
        "evaluation.table",
        "bill",
        "bill.table",
        "checks",
        "publish",
        "publish.table",
        "timebank.column",
        "office.cascade.column",
        "office.directory",
        "office.purses",
        "office.settle",
        "office.settle.column",
        "office.settle.table",
        "ledger.input",
        "doubt",
        "doubt.not_home",
        "owner",
        "shock",
        "skill",
        "skill.C",
        "source",
        "study.column",
        "study.number",
        "unit",
        "who.flag",
        "who.origin",
        "service.column",
        "tier",
        "certificate.head",
        "duration",
        "printed.flag",
        "printed.weekday",
        "sheets.choices",
        "sheets.hint",
        "study.done",
        "study.drawn",
        "fault.must-be",
        "fault.out-of-range",
        *(f"fault.{code}" for code in (*FaultCode, *WarningCode)),
        "grade",
        "town",
    }
    unused = [
        key
        for key in catalogue("en")
        if key not in named and not {key, key.split(".")[0], key.rpartition(".")[0]} & stems
    ]
    assert unused == []


def test_every_reason_is_documented() -> None:
    """The page of reasons names every code."""
    page = (ROOT / "docs" / "reasons.md").read_text(encoding="utf-8")
    assert all(f"`{code}`" in page for code in UnservedReason)


MUST_BE = {FaultCode.WRONG_TYPE, FaultCode.BAD_DATE}
"Codes that are told by what the value must be, of which there is a sentence for every kind."
TOLD_OTHERWISE = {FaultCode.NOT_SUPPORTED}
"Codes of which only readers of foreign formats speak."


@pytest.mark.parametrize("code", [*FaultCode, *WarningCode])
def test_every_fault_is_worded(code: FaultCode | WarningCode) -> None:
    """Each fault and warning of a document has at least one sentence in both languages."""
    for lang in LANGUAGES:
        worded = [key for key in catalogue(lang) if f"{key}.".startswith(f"fault.{code}.")]
        assert worded or code in MUST_BE or code in TOLD_OTHERWISE


@pytest.mark.parametrize("rule", list(Rule))
def test_every_broken_rule_is_worded(rule: Rule) -> None:
    """What is wrong is told of each rule in both languages."""
    stem = {Rule.SERVED_ONCE: "once"}.get(rule, rule.value)
    for lang in LANGUAGES:
        assert [key for key in catalogue(lang) if f"{key}.".startswith(f"violation.{stem}.")]


def test_things_are_counted() -> None:
    """One thing is singular, several are plural."""
    assert sentence("en", "text.some_unserved", count=1) == "Not served: 1 visit."
    assert sentence("en", "text.some_unserved", count="1,200") == "Not served: 1,200 visits."


@pytest.mark.parametrize(
    ("ms", "en", "zh"),
    [
        (0, "0 min", "0 分钟"),  # nothing
        (12_480_000, "3 h 28 min", "3 小时 28 分钟"),  # both
        (3_600_000, "1 h", "1 小时"),  # no minutes
        (90_500, "1 min 30.5 s", "1 分钟 30.5 秒"),  # finer than a minute
        (3_605_000, "1 h 0 min 5 s", "1 小时 0 分钟 5 秒"),  # nothing is left out between
    ],
)
def test_lengths_of_time_are_told(ms: int, en: str, zh: str) -> None:
    """Hours, minutes and seconds, in both languages, without parts that are zero."""
    assert (duration(ms), translated("zh", duration(ms))) == (en, zh)


def test_a_sentence_can_be_sent_and_translated() -> None:
    """Copied as for another process, a sentence still knows its Chinese."""
    made = say("violation.entitlement", client="C1", payer="LTCI", over=duration(60_000))
    sent = copy.deepcopy(made)
    assert sent == made
    assert translated("zh", sent) == "服务对象 C1 超出 LTCI 给予的服务额度 1 分钟。"


def test_choices_are_listed() -> None:
    """The last of several names is set off, in the way of the language."""
    assert either(["a", "b", "c"]) == '"a", "b" or "c"'
    assert translated("zh", either(["a", "b", "c"])) == '"a"、"b" 或 "c"'
    assert either(["a"]) == '"a"'
