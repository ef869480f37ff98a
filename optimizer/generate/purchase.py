"""Organisations of the district and what they are contracted for."""

from __future__ import annotations

import datetime

from optimizer.domain.contract import Contract, Lending, Organisation
from optimizer.generate.district import Body, District
from optimizer.needs.catalogue import Catalogue

_LIFE_FEN_PER_HOUR = 2_700
_MEDICAL_FEN_PER_HOUR = 6_000


def organisations_of(district: District) -> tuple[Organisation, ...]:
    """Return the organisations, with lending where a body lends."""
    return tuple(
        Organisation(
            id=body.id,
            lending=None
            if body.lending_fen_per_hour is None
            else Lending(fen_per_hour=body.lending_fen_per_hour),
        )
        for body in district.organisations
    )


def contracts_of(district: District, catalogue: Catalogue, year: int) -> tuple[Contract, ...]:
    """Return one contract per body for life care, and one for medical care where it has it."""
    life = tuple(code for code, service in catalogue.services.items() if service.is_life_care)
    medical = tuple(code for code, service in catalogue.services.items() if service.medical)
    contracts = []
    for body in district.organisations:
        contracts.append(_contract(body, "life", body.towns, life, _LIFE_FEN_PER_HOUR, year))
        if body.medical:
            contracts.append(_contract(body, "medical", (), medical, _MEDICAL_FEN_PER_HOUR, year))
    return tuple(contracts)


def _contract(
    body: Body,
    lot: str,
    towns: tuple[str, ...],
    services: tuple[str, ...],
    fen_per_hour: int,
    year: int,
) -> Contract:
    return Contract(
        id=f"{body.id}-{lot}",
        purchaser="district",
        organisation=body.id,
        towns=towns,
        services=services,
        start=datetime.date(year, 1, 1),
        end=datetime.date(year, 12, 31),
        fen_per_hour=fen_per_hour,
        funding=("lottery_fund",) if lot == "life" else ("ltci",),
    )
