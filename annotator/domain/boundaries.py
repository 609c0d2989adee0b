"""What may or may not belong to a name: an article, a title, a possessive 's, quotation marks, stray punctuation. Pure.

All functions are about strings: the words of a span (``surface``) and what stands beside it.
"""

from __future__ import annotations

import re
from enum import StrEnum

from annotator.domain.folding import ARTICLES, fold


class Extension(StrEnum):
    """What some spans of a name take in and others leave out."""

    ARTICLE = "article"
    TITLE = "title"
    POSSESSIVE = "possessive"
    QUOTES = "quotation marks"


_TITLES = (
    "prime minister", "vice president", "chief justice", "attorney general", "president", "senator", "senators", "sen",
    "representative", "rep", "congressman", "congresswoman", "governor", "gov", "mayor", "secretary", "minister",
    "chancellor", "ambassador", "chairman", "chairwoman", "king", "queen", "prince", "princess", "pope", "general",
    "gen",
    "colonel", "col", "captain", "capt", "lieutenant", "lt", "sergeant", "sgt", "major", "maj", "admiral", "adm",
    "judge",
    "justice", "professor", "prof", "doctor", "dr", "mr", "mrs", "ms", "sir", "lord", "lady", "dame", "mme", "mlle",
    "herr", "frau", "señor", "señora",
)  # fmt: skip
_ARTICLE = rf"(?:{'|'.join(ARTICLES)})\s+"
_TITLE = rf"(?:(?:{'|'.join(_TITLES)})\.?\s+)+"
_ARTICLE_INSIDE = re.compile(rf"{_ARTICLE}(?=\S)", re.IGNORECASE)
_TITLE_INSIDE = re.compile(rf"(?:{_ARTICLE})?{_TITLE}(?=\S)", re.IGNORECASE)
_ARTICLE_OUTSIDE = re.compile(rf"(?<!\w){_ARTICLE}$", re.IGNORECASE)
_TITLE_OUTSIDE = re.compile(rf"(?<!\w){_TITLE}$", re.IGNORECASE)
_FIRST_WORDS = frozenset((*ARTICLES, *(title.split()[0] for title in _TITLES)))
_LAST_WORDS = frozenset((*ARTICLES, *(title.split()[-1] for title in _TITLES)))
"""Looked up before an expression is asked: most names begin otherwise, and an inbox asks of each span in the corpus."""
_POSSESSIVE_INSIDE = re.compile(r"(?<=\w)['’]s$", re.IGNORECASE)
_POSSESSIVE_OUTSIDE = re.compile(r"['’]s(?!\w)", re.IGNORECASE)
_PAIRS = {'"': '"', "“": "”", "„": "“", "«": "»", "‘": "’", "'": "'"}
_BRACKETS = {**_PAIRS, "(": ")", "[": "]", "{": "}", "<": ">"}
_STRAY = "\"'“”‘’«»„‚()[]{}<>.,;:!?…-–—*/|"
_ABBREVIATED = frozenset((
    "inc", "corp", "ltd", "co", "bros", "jr", "sr", "dr", "mr", "mrs", "ms", "prof", "st", "mt", "ft", "gen", "col",
    "capt", "lt", "sgt", "maj", "adm", "sen", "rep", "gov", "no", "vs", "dept", "univ", "assn", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    "ave", "blvd", "rd", "etc", "al", "ala", "ariz", "ark", "calif", "colo", "conn", "del", "fla", "ga", "ill",
    "ind", "kan", "ky", "la", "mass", "md", "mich", "minn", "miss", "mo", "mont", "neb", "nev", "okla", "ore", "pa",
    "tenn", "tex", "va", "vt", "wash", "wis", "wyo",
))  # fmt: skip
_LAST_WORD = re.compile(r"([^\W\d_]+)\.$")


def inside(surface: str) -> dict[Extension, tuple[int, int]]:
    """The extensions within a span, each with how many code points it takes at the left and at the right."""
    found: dict[Extension, tuple[int, int]] = {}
    if _first_word(surface) in _FIRST_WORDS:
        if (article := _ARTICLE_INSIDE.match(surface)) is not None:
            found[Extension.ARTICLE] = (article.end(), 0)
        if (title := _TITLE_INSIDE.match(surface)) is not None:
            found[Extension.TITLE] = (title.end(), 0)
    if surface[-1:] in "sS" and (possessive := _POSSESSIVE_INSIDE.search(surface)) is not None:
        found[Extension.POSSESSIVE] = (0, len(surface) - possessive.start())
    if len(surface) > 2 and _PAIRS.get(surface[0]) == surface[-1]:
        found[Extension.QUOTES] = (1, 1)
    return found


def outside(left: str, right: str) -> dict[Extension, tuple[int, int]]:
    """The extensions that stand just beside a span, each with how many code points it takes there."""
    found: dict[Extension, tuple[int, int]] = {}
    if left[-1:].isspace() and _last_word(left) in _LAST_WORDS:
        if (article := _ARTICLE_OUTSIDE.search(left)) is not None:
            found[Extension.ARTICLE] = (len(left) - article.start(), 0)
        if (title := _TITLE_OUTSIDE.search(left)) is not None:
            found[Extension.TITLE] = (len(left) - title.start(), 0)
    if (possessive := _POSSESSIVE_OUTSIDE.match(right)) is not None:
        found[Extension.POSSESSIVE] = (0, possessive.end())
    if left and right and _PAIRS.get(left[-1]) == right[0]:
        found[Extension.QUOTES] = (1, 1)
    return found


def head(folded: str) -> str:
    """A folded string (see `folding.fold`) without titles before it: "president bush" and "bush" are one name."""
    if _first_word(folded) not in _FIRST_WORDS or (title := _TITLE_INSIDE.match(folded)) is None:
        return folded
    return fold(folded[title.end() :])


def _first_word(text: str) -> str:
    """The first word in small letters without a dot at its end; empty where there is none."""
    words = text.split(None, 1)
    return words[0].rstrip(".").casefold() if words else ""


def _last_word(text: str) -> str:
    """The letters at the end of a text in small letters, white space and a dot after them left aside."""
    words = text.rsplit(None, 1)
    return re.split(r"\W", words[-1].rstrip("."))[-1].casefold() if words else ""


def tidy(surface: str) -> tuple[int, int]:
    """Which part of a span's words is left without white space and stray punctuation at its edges: ``[start, end)``.

    Brackets and quotation marks that belong together stay, and so does the dot of an abbreviation ("U.S.", "Inc.").
    Words of nothing else stay whole.
    """
    start, end = 0, len(surface)
    while start < end and _is_stray_before(surface[start:end]):
        start += 1
    while start < end and _is_stray_after(surface[start:end]):
        end -= 1
    return (start, end) if start < end else (0, len(surface))


def _is_stray_before(words: str) -> bool:
    first = words[0]
    if first.isspace():
        return True
    is_part_of_word = first in ".'’-–" and len(words) > 1 and words[1].isalnum()  # .NET, ’90s, -5
    if first not in _STRAY or (is_part_of_word and not _is_quoted(words)):
        return False
    return first not in _BRACKETS or not _is_paired(words, first, _BRACKETS[first])


def _is_stray_after(words: str) -> bool:
    last = words[-1]
    if last.isspace():
        return True
    if last not in _STRAY or (last == "." and _is_abbreviation(words)):
        return False
    return not any(_is_paired(words, opening, last) for opening, closing in _BRACKETS.items() if closing == last)


def _is_paired(words: str, opening: str, closing: str) -> bool:
    """Whether there are as many opening as closing signs of this kind: "(Reuters)", "Ford (Ohio)"."""
    if opening == closing:
        return words.count(opening) % 2 == 0
    return 0 < words.count(opening) == words.count(closing)


def _is_quoted(words: str) -> bool:
    return len(words) > 2 and _PAIRS.get(words[0]) == words[-1]


def _is_abbreviation(words: str) -> bool:
    """Whether the dot at the end belongs to the last word: U.S., J., Inc."""
    last = words.split()[-1]
    if "." in last[:-1]:
        return True
    word = _LAST_WORD.search(last)
    return word is not None and (len(word[1]) == 1 or word[1].casefold() in _ABBREVIATED)
