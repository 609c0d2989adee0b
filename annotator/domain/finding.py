"""Where words stand in a text: whole words, accents and typographic apostrophes ignored. Pure.

A word is a run of letters, digits, underscores and marks. Chinese, Japanese, Thai and their like put no space between
words: there a match may begin and end anywhere.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from unicodedata import category, normalize

from annotator.domain.folding import APOSTROPHES, QUOTES
from annotator.domain.queries import Words

Range = tuple[int, int]

_DASHES = "-‐‑–—"
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003134f]"
)
"""Thai, Lao, Burmese, Khmer, kana, Han."""
_STRIPPED = "\u0300-\u036f"
"""Combining accents, which words in a query may leave out."""
_MARKS = f"[{_STRIPPED}]*"


def find_words(words: Words, text: str) -> list[Range]:
    """The places ``[start, end)`` of the words in the text, in order, not overlapping."""
    return [found.span() for found in pattern_of(words).finditer(text)]


def is_unspaced(text: str) -> bool:
    """Whether ``text`` is in a script that puts no spaces between words (or has no letter or digit at all)."""
    return _UNSPACED.search(text) is not None or not any(char.isalnum() for char in text)


@lru_cache(maxsize=256)
def pattern_of(words: Words) -> re.Pattern[str]:
    """What finds these words. The pattern takes time in proportion to the text.

    Both cases stand in sets: with ``re.IGNORECASE`` a pattern has no first characters that could be jumped to, which
    took seven times as long.
    """
    parts = (words.words if words.matches_case else normalize("NFC", words.words)).split()
    letter = re.escape if words.matches_case else _letter
    found = r"\s+".join(
        "".join(letter(char) for char in part) + ("" if words.is_whole else _rest(part[-1])) for part in parts
    )
    first = letter(parts[0][0]).removesuffix(_MARKS)
    return re.compile(first + _beginning(parts[0][0], first) + found[len(first) :] + _end(parts[-1][-1]))


def _letter(char: str) -> str:
    """One letter with or without accents, of either case; apostrophes, quotation marks and dashes of every kind."""
    for kind in (QUOTES, APOSTROPHES, _DASHES):
        if char in kind:
            return f"[{re.escape(kind)}]"
    base = _base(char)
    if not base.isalpha():
        return re.escape(base)
    cases = "".join(dict.fromkeys(one for one in (base.lower(), base.upper()) if len(one) == 1)) or base
    return f"[{cases}{_accented().get(base.lower(), '')}]{_MARKS}"


def _rest(last: str) -> str:
    """The letters of a word that may follow where it is left open."""
    return f"[{_word_class()}]*" if _is_of_word(last) and not is_unspaced(last) else ""


def _beginning(char: str, first: str) -> str:
    """No word goes on before ``char``, which ``first`` matched. Stands behind it, so that it is asked seldom."""
    if not _is_of_word(char) or is_unspaced(char):
        return ""
    return f"(?<![{_word_class()}]{first})"


def _end(char: str) -> str:
    """No word goes on after ``char``."""
    return f"(?![{_word_class()}])" if _is_of_word(char) and not is_unspaced(char) else ""


def _is_of_word(char: str) -> bool:
    return char.isalnum() or char == "_" or category(char)[0] == "M"


@cache
def _word_class() -> str:
    r"""The inside of a set that holds ``\w`` and the marks of the Basic Multilingual Plane."""
    ranges: list[str] = []
    first = None
    for code in range(0x300, 0x10000):
        is_mark = category(chr(code))[0] == "M" and not 0xFE00 <= code <= 0xFE0F  # emoji styles are no letters
        if is_mark and first is None:
            first = code
        elif not is_mark and first is not None:
            ranges.append(f"{chr(first)}-{chr(code - 1)}")
            first = None
    return r"\w" + "".join(ranges)


@cache
def _accented() -> dict[str, str]:
    """The letters with accents in one code point by the small letter below the accents."""
    found: dict[str, list[str]] = {}
    for code in (*range(0xC0, 0x250), *range(0x370, 0x530), *range(0x1E00, 0x2000)):
        base = _base(chr(code))
        if base != chr(code):
            found.setdefault(base.lower(), []).append(chr(code))
    return {base: "".join(chars) for base, chars in found.items()}


def _base(char: str) -> str:
    """A letter without its accents; every other character as it is."""
    plain = normalize("NFD", char)
    is_accented = len(plain) > 1 and all("\u0300" <= mark <= "\u036f" for mark in plain[1:])
    return plain[0] if is_accented else char
