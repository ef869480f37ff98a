"""The purchaser's office: who is eligible, who pays what, and where care is lost on its way."""

from __future__ import annotations

from optimizer.purchase.admission import Admission, admit, unexamined, with_bodies
from optimizer.purchase.cascade import By, Cascade, Lost, Step, cascade
from optimizer.purchase.chain import (
    MonthClosed,
    MonthDecided,
    all_traced,
    close_month,
    decide_month,
)
from optimizer.purchase.claims import (
    differences,
    draft_of_assignment,
    draft_of_evaluation,
    draft_of_settlement,
)
from optimizer.purchase.corrections import (
    Correction,
    CorrectionKind,
    bill_of,
    corrections,
    transfers_of,
)
from optimizer.purchase.directory import (
    DirectoryFinding,
    DirectoryStatus,
    Examined,
    Noted,
    examine,
    with_directory,
)
from optimizer.purchase.eligibility import Eligibility, Unfit, eligibility_of
from optimizer.purchase.evaluation import (
    Evaluation,
    Fact,
    Figure,
    Moved,
    Observed,
    Result,
    Unrated,
    evaluate,
    moved_shares,
    with_evaluation,
)
from optimizer.purchase.evidence import EFFECTS, Doubted, doubts
from optimizer.purchase.funding import WARN_AT, Commitment, Funding, FundingState, PoolUse
from optimizer.purchase.moves import NOTICE_DAYS, ClientMove, MoveReason, moves_of
from optimizer.purchase.pieces import Fall, Piece, pieces_of
from optimizer.purchase.settlement import Line, Settlement, Statement, settle, upheld_rates
from optimizer.purchase.tracing import Allocated, Traced, trace
from optimizer.purchase.unknown_needs import clients_without_need, needs_warnings
from optimizer.purchase.waiting import Urgency

__all__ = [
    "EFFECTS",
    "NOTICE_DAYS",
    "WARN_AT",
    "Admission",
    "Allocated",
    "By",
    "Cascade",
    "ClientMove",
    "Commitment",
    "Correction",
    "CorrectionKind",
    "DirectoryFinding",
    "DirectoryStatus",
    "Doubted",
    "Eligibility",
    "Evaluation",
    "Examined",
    "Fact",
    "Fall",
    "Figure",
    "Funding",
    "FundingState",
    "Line",
    "Lost",
    "MonthClosed",
    "MonthDecided",
    "MoveReason",
    "Moved",
    "Noted",
    "Observed",
    "Piece",
    "PoolUse",
    "Result",
    "Settlement",
    "Statement",
    "Step",
    "Traced",
    "Unfit",
    "Unrated",
    "Urgency",
    "admit",
    "all_traced",
    "bill_of",
    "cascade",
    "clients_without_need",
    "close_month",
    "corrections",
    "decide_month",
    "differences",
    "doubts",
    "draft_of_assignment",
    "draft_of_evaluation",
    "draft_of_settlement",
    "eligibility_of",
    "evaluate",
    "examine",
    "moved_shares",
    "moves_of",
    "needs_warnings",
    "pieces_of",
    "settle",
    "trace",
    "transfers_of",
    "unexamined",
    "upheld_rates",
    "with_bodies",
    "with_directory",
    "with_evaluation",
]
