"""Everything a person reads, in English and Chinese, looked up by code."""

from optimizer.i18n.catalogue import LANGUAGES, Lang, catalogue, has_sentence, sentence

__all__ = ["LANGUAGES", "Lang", "catalogue", "has_sentence", "sentence"]
