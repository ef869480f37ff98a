"""What would help where hands are short: the worth of one caregiver more, the price of a rule."""

from __future__ import annotations

from optimizer.domain.relaxed_rule import RelaxedRule
from optimizer.shortfall.hires import Hire, hires
from optimizer.shortfall.price import Price, price_of

__all__ = ["Hire", "Price", "RelaxedRule", "hires", "price_of"]
