"""Everything a person reads, in English and Chinese, looked up by code."""

from optimizer.i18n.catalogue import LANGUAGES, Lang, catalogue, has_sentence, sentence
from optimizer.i18n.causes import cause_of_bad_json, cause_of_refusal
from optimizer.i18n.saying import Sentence, duration, either, listed, say, translated

__all__ = [
    "LANGUAGES",
    "Lang",
    "Sentence",
    "catalogue",
    "cause_of_bad_json",
    "cause_of_refusal",
    "duration",
    "either",
    "has_sentence",
    "listed",
    "say",
    "sentence",
    "translated",
]
