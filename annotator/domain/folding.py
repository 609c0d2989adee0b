"""The normalised form of a string: what makes "the Kremlin's" and "Kremlin" the same in the corpus memory. Pure.

Folding is for looking things up only: the text and the spans are never changed by it.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from annotator.domain.spans import Span

ARTICLES = (
    "the", "a", "an",  # English
    "le", "la", "les", "un", "une", "des", "du",  # French
    "der", "die", "das", "den", "dem", "ein", "eine",  # German
    "el", "los", "las", "lo", "il", "gli", "i", "o", "os", "as",  # Spanish, Italian, Portuguese
)  # fmt: skip
APOSTROPHES = "'’‘‚‛ʼʻʽʹ′‵´`＇‹›"
"""All that is typed for an apostrophe or a single quotation mark; the first stands for the others."""
QUOTES = '"“”„‟″‶«»〝〞〟＂'
"""The same for double quotation marks."""
_ALIKE = str.maketrans(dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTES, '"'))
_ARTICLE = re.compile(rf"(?:(?:{'|'.join(ARTICLES)})\s+|[ld]'\s*)(?=\S)")
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$")
_EDGES = " \t\r\n\"'()[]{}<>.,;:!?…-–—*"
_SPACE = re.compile(r"\s+")


def fold(surface: str) -> str:
    """``surface`` in NFKC and lower case, without an article before, a possessive 's after, quotation marks or
    punctuation at its edges; apostrophes and quotation marks of every kind as the plain ones, white space as single
    spaces. Never empty for a string that is not blank.

    What it gives is stored beside the spans (``folded``): a change here needs a migration that folds them anew.
    """
    # Before NFKC, which makes a space and an accent of some of them, and after it, which makes some.
    alike = normalize("NFKC", surface.translate(_ALIKE)).translate(_ALIKE)
    plain = _SPACE.sub(" ", alike).strip().casefold()
    folded = _POSSESSIVE.sub("", plain.strip(_EDGES + " "))
    folded = _ARTICLE.sub("", folded, count=1) if _ARTICLE.match(folded) else folded
    return folded.strip(_EDGES) or plain


def surface_of(text: str, span: Span) -> str:
    """The words of a span; the parts of a discontinuous one are joined by a space."""
    return " ".join(text[start:end] for start, end in span.parts)
