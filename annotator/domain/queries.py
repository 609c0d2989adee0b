"""What can be asked of the corpus: words, regular expressions, and what is said of a span or its document. Pure.

`query_reading` makes a query of what a person types.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from annotator.domain.errors import UserError


class QueryInvalid(UserError):
    """A query that cannot be read, or that asks for what there is not."""


class Field(StrEnum):
    """What a term can ask for besides words of the text."""

    LABEL = "label"
    LAYER = "layer"
    TEXT = "text"
    FOLDED = "folded"
    BY = "by"
    ORIGIN = "origin"
    SCORE = "score"
    NOTE = "note"
    STATUS = "status"
    IS = "is"


SUGGESTION, DECIDED, LABELLED, UNLABELLED = "suggestion", "decided", "labelled", "unlabelled"
STATES = (SUGGESTION, DECIDED, LABELLED, UNLABELLED)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the text, one after another.

    ``is_whole``: whole words only; else the last letters of each are left open. ``matches_case``: as they are written.
    """

    words: str
    is_whole: bool = False
    matches_case: bool = False


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression of Python's `re` over the text; ``^`` and ``$`` are ends of lines."""

    pattern: str
    ignores_case: bool = False


TextTerm: TypeAlias = Words | Regex


@dataclass(frozen=True, slots=True)
class OneOf:
    """The field of a span (or of its document) is one of these values."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreRange:
    """The score lies between these; a span without a score never does."""

    low: float = 0.0
    high: float = 1.0
    includes_low: bool = True
    includes_high: bool = True


Condition: TypeAlias = OneOf | ScoreRange


@dataclass(frozen=True, slots=True)
class Query:
    """What to find. ``texts``: all are in the document, each of their places is a hit.

    ``conditions`` are about a span, which lies on the hit if there are ``texts``. ``absent`` and ``excluded`` are
    those that must not hold. ``is_among_decided``: only documents in which the annotator has decided something.
    """

    texts: tuple[TextTerm, ...] = ()
    conditions: tuple[Condition, ...] = ()
    absent: tuple[TextTerm, ...] = ()
    excluded: tuple[Condition, ...] = ()
    is_among_decided: bool = False

    @property
    def wants_unlabelled(self) -> bool:
        """Whether only places are wanted on which no span lies."""
        return any(isinstance(one, OneOf) and one == OneOf(Field.IS, (UNLABELLED,)) for one in self.conditions)

    def values_of(self, field: Field) -> tuple[str, ...]:
        """The wanted values of a field."""
        return next((one.values for one in self.conditions if isinstance(one, OneOf) and one.field is field), ())
