"""A study made ready: its arms, what they are drawn from, and the manifest that names it all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from typing import Any

from optimizer.domain.study import Arm, Study, Years
from optimizer.domain.uncertainty import Drawn, Range
from optimizer.formats.scenario import format_scenario
from optimizer.i18n import say
from optimizer.needs import Book, Needs, default_book, for_engine
from optimizer.prepare import Prepared
from optimizer.shortfall.answers import Population
from optimizer.shortfall.block import Block, Variant
from optimizer.shortfall.edits import apply, with_visits
from optimizer.shortfall.newcomers import HiredInArm, hired_in
from optimizer.shortfall.rows import Effort, canonical, row_key
from optimizer.shortfall.shocks import arm_named, arms_of, imagined
from optimizer.shortfall.streams import SCHEME
from optimizer.shortfall.study_folder import sha256
from optimizer.shortfall.uncertainty import ends_of, ranges_of_arm, with_values
from optimizer.travel.matrix import TravelMatrices

ROUND = 20
"Replications before the first look at the precision, and between two looks at first (even)."
GROWTH = 0.4
"Later rounds are so large a part of what is there: the last one costs little in vain."
FUTURES_PER_BLOCK = 70
"Futures of one work item: a child takes as long as two of them to begin."


@dataclass(frozen=True, slots=True)
class PreparedStudy:
    """A study with everything that its futures are drawn from.

    Attributes
    ----------
    study
        As it was read.
    variants
        Its arms, the scenario as it is first.
    matrices
        Travel between the places of the base scenario.
    populations
        Clients of today, by arm.
    repairs
        What edits leave dangling, as it was mended: sentences of either language.
    years
        First and last year; None for a single horizon.
    manifest
        What is studied, as plain data.
    varied
        One arm as it is studied, then with each uncertain assumption at either end of its range;
        none where nothing is varied.
    hired
        Whom arms hire.
    """

    study: Study
    variants: tuple[Variant, ...]
    matrices: TravelMatrices = field(repr=False)
    populations: Mapping[str, Population] = field(repr=False)
    repairs: tuple[str, ...]
    years: tuple[int, int] | None
    manifest: Mapping[str, Any] = field(repr=False)
    varied: tuple[Variant, ...] = ()
    hired: tuple[HiredInArm, ...] = ()

    @property
    def all_years(self) -> tuple[int | None, ...]:
        """All years, or a single None."""
        return (None,) if self.years is None else tuple(range(self.years[0], self.years[1] + 1))

    def keys(self, replications: range, effort: Effort = Effort.SHORT) -> set[str]:
        """Return the keys of the rows of some replications; longer ones of every so many-th."""
        every = self.study.effort.long_every
        if effort is Effort.LONG:
            replications_of = [n for n in replications if every and n % every == 0]
        else:
            replications_of = list(replications)
        return {
            row_key(one.name, number, year, effort)
            for one in self.variants
            for number in replications_of
            for year in self.all_years
        }

    def varied_keys(self, replication: int) -> set[str]:
        """Return the keys of the rows of one replication in which assumptions are varied."""
        year = self.all_years[-1]
        return {row_key(one.name, replication, year, Effort.VARIED) for one in self.varied}

    @property
    def varied_replications(self) -> range:
        """Replications in which assumptions are varied: the first ones of the study."""
        asked = self.study.tornado
        return range(0 if asked is None else asked.replications)

    def rounds(self) -> tuple[range, ...]:
        """Return the replications in rounds, after each of which it may be enough.

        They hold whole pairs and depend on nothing but the study, so that how far it goes is
        no matter of speed.
        """
        most = self.study.replications
        if self.study.precision == 0:
            return (range(most),)
        found, at = [], 0
        while at < most:
            until = min(most, at + max(ROUND, round(GROWTH * at / 2) * 2))
            found.append(range(at, until))
            at = until
        return tuple(found)

    def block(
        self, replications: tuple[int, ...], usual: Any, worst_of: tuple[str, ...] = ()
    ) -> Block:
        """Return a work item of some replications."""
        effort = self.study.effort
        return Block(
            variants=self.variants,
            replications=replications,
            matrices=self.matrices,
            usual=usual,
            seed=self.study.seed,
            years=self.years,
            steps=effort.iterations,
            long_steps=effort.long_iterations,
            long_every=0 if worst_of else effort.long_every,
            worst_of=worst_of,
            drawn=None if self.study.drawn is Drawn.NO else self.study,
        )

    def varied_block(self, replications: tuple[int, ...], usual: Any) -> Block:
        """Return a work item of replications in which assumptions are varied, none is drawn."""
        block = self.block(replications, usual)
        return replace(block, variants=self.varied, long_every=0, drawn=None, is_varied=True)

    @property
    def per_block(self) -> int:
        """Replications of one work item: an even number."""
        futures = len(self.variants) * len(self.all_years)
        return max(2, FUTURES_PER_BLOCK // futures // 2 * 2)


def prepare_study(study: Study, base: Prepared, book: Book | None = None) -> PreparedStudy:
    """Make a study ready to be conducted.

    Parameters
    ----------
    study
        A study whose edits fit the base scenario.
    base
        The scenario that is asked about, its visits derived.
    book
        Catalogue and rules by which visits are derived where money changes; those of the
        package if not given.
    """
    book = book or default_book()
    arms = arms_of(study)
    variants: list[Variant] = []
    populations: dict[str, Population] = {}
    repairs: dict[str, None] = {}
    hired: list[HiredInArm] = []
    for arm in arms:
        variant, needs = _variant(study, arm, base, book)
        variants.append(variant)
        populations[arm.name] = Population(variant.scenario, _cut(needs))
        edited = apply(variant.scenario, variant.edits, study.seed)
        told = (say("study.repaired", arm=arm.name, repair=one) for one in edited.repairs)
        repairs.update(dict.fromkeys(told))
        new = hired_in(arm.name, variant.edits, variant.scenario, edited.scenario)
        hired += [] if new is None else [new]
    first = base.given.horizon.start.year
    horizon = study.horizon
    return PreparedStudy(
        study=study,
        variants=tuple(variants),
        matrices=base.matrices,
        populations=populations,
        repairs=tuple(repairs),
        years=(first, max(first, horizon.until)) if isinstance(horizon, Years) else None,
        manifest=_manifest(study, base, book),
        varied=tuple(_varied(study, base, book)),
        hired=tuple(hired),
    )


def _variant(study: Study, arm: Arm, base: Prepared, book: Book) -> tuple[Variant, Needs]:
    """Return an arm ready to be drawn, and what its records ask for."""
    made = imagined(study, arm)
    needs, edits = with_visits(base.given, base.needs, made.edits, book)
    return Variant(arm.name, for_engine(needs.scenario), edits, made.assumptions), needs


def _varied(study: Study, base: Prepared, book: Book) -> Iterator[Variant]:
    """Yield the arm of a tornado as it is, and with each assumption at each end of its range."""
    if study.tornado is None:
        return
    name = study.tornado.arm
    yield _variant(study, arm_named(study, name), base, book)[0]
    for one in ranges_of_arm(study, name):
        for end in ends_of(study, one, name):
            other = with_values(study, {one.of: end})
            variant, _ = _variant(other, arm_named(other, name), base, book)
            yield replace(variant, name=varied_name(one, end), assumed={one.of: end})


def varied_name(one: Range, end: float) -> str:
    """Return what the rows of a varied assumption name instead of their arm; no arm is so named."""
    return f"{one.of} = {end:g}"


def _cut(needs: Needs) -> Mapping[str, int] | None:
    """Return the minutes of care that nobody pays for, by client."""
    if not needs.clients:
        return None
    return {one.client: one.cut_in_horizon for one in needs.clients}


def _told(study: Study) -> dict[str, Any]:
    """Return a study as plain data, without what older folders do not know and nobody asked."""
    told = study.model_dump(mode="json")
    for name in ("ranges", "drawn", "tornado"):
        if getattr(study, name) == Study.model_fields[name].default:
            del told[name]
    return told


def _manifest(study: Study, base: Prepared, book: Book) -> dict[str, Any]:
    def hashed(data: Any) -> str:
        return sha256(canonical(data).encode())

    return {
        "format": "homecare-study-manifest",
        "version": "1",
        "study": _told(study),
        "scenario": base.given.id,
        "scenario_sha256": sha256(format_scenario(base.given).encode()),
        "rules_sha256": hashed(book.rules.model_dump(mode="json")),
        "catalogue_sha256": hashed(book.catalogue.model_dump(mode="json")),
        "engine": version("homecare-optimizer"),
        "draws": SCHEME,
    }
