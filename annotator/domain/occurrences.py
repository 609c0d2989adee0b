"""Where a string occurs in a text, by rules a reader would agree with. Pure; offsets are code points of the text as it
is: whatever is folded for comparing, nothing shifts. Decision 0009 says what a word is in scripts without spaces.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from unicodedata import category, is_normalized, normalize

SHORT_LETTERS = 3
"""A string of so few letters means something else in other case: "US" and "us", "IT" and "it"."""

_APOSTROPHES = "'’‘ʼ＇`´"
_APOSTROPHE = f"[{_APOSTROPHES}]"
_GAP = r"(?:[^\S\n]+(?:\n[^\S\n]*)?|\n[^\S\n]*)"  # white space with one line break at most: not across paragraphs
_ZWJ, _ZWNJ = "\u200d", "\u200c"
_IN_NUMBERS = ".,:٫٬"
_AFTER_VOWELS = frozenset("ะาำๅະາຳ")  # Thai, Lao: they end what stands before them
_FORE_VOWELS = frozenset("เแโใไເແໂໃໄ")  # and these begin what stands after them


def is_case_significant(surface: str) -> bool:
    """Whether to tell case apart unless asked not to: for strings of at most three letters, or without a capital."""
    letters = [char for char in surface if char.isalpha()]
    return len(letters) <= SHORT_LETTERS or not any(char.isupper() or char.istitle() for char in letters)


def find_occurrences(text: str, surface: str, *, whole_words: bool, match_case: bool) -> list[tuple[int, int]]:
    """The places ``[start, end)`` where ``surface`` stands in ``text``, in order, not overlapping.

    Alike are: composed and decomposed letters, straight and typographic apostrophes, any white space between two words
    (not across an empty line); with ``match_case`` false whatever Unicode folds alike (CaseFolding.txt, C and F: "ß"
    and "SS"). White space at the edges of ``surface`` does not count. A place never cuts a character that a person sees
    (an emoji family, a flag, a letter with its marks), and with ``whole_words`` no word and no number.
    """
    is_composed = is_normalized("NFC", text) and is_normalized("NFC", surface)
    pattern = _pattern(surface, match_case, is_composed)
    if pattern is None:
        return []
    folded = _fold(text, match_case=match_case, is_composed=is_composed)
    found: list[tuple[int, int]] = []
    at = 0
    while (hit := pattern.search(folded.text, at)) is not None:
        place = folded.find_place(*hit.span())
        is_taken = place is not None and _is_whole(text, *place, whole_words=whole_words)
        if is_taken and place is not None:
            found.append(place)
        at = hit.end() if is_taken else hit.start() + 1
    return found


@dataclass(frozen=True, slots=True)
class _Folded:
    """A text made comparable. ``wide``: for each character that became several, (place in ``text``, length there, place
    in the original).
    """

    text: str
    wide: tuple[tuple[int, int, int], ...] = ()

    def find_place(self, start: int, end: int) -> tuple[int, int] | None:
        """The range of the original, or None when it would begin or end inside of a character."""
        if not self.wide:
            return start, end
        first, last = self._find_char(start), self._find_char(end)
        return None if first is None or last is None else (first, last)

    def _find_char(self, at: int) -> int | None:
        before = bisect_right(self.wide, at, key=lambda one: one[0])
        if not before:
            return at
        place, length, char = self.wide[before - 1]
        if at == place:
            return char
        return None if at < place + length else char + 1 + at - place - length


def _fold(text: str, *, match_case: bool, is_composed: bool) -> _Folded:
    if match_case and is_composed:
        return _Folded(text)
    if is_composed and len(folded := text.casefold()) == len(text):
        return _Folded(folded)  # folding never drops a character: each became exactly one
    fold = {char: _comparable(char, match_case=match_case, is_composed=is_composed) for char in set(text)}
    changed = {ord(char): other for char, other in fold.items() if other != char}
    folded = text.translate(changed)
    wide = "".join(chr(char) for char, other in changed.items() if len(other) > 1)
    return _Folded(folded, tuple(_wide_places(text, wide, changed)) if wide else ())


def _wide_places(text: str, wide: str, changed: dict[int, str]) -> list[tuple[int, int, int]]:
    places, shift = [], 0
    for hit in re.finditer(f"[{re.escape(wide)}]", text):
        length = len(changed[ord(hit.group())])
        places.append((hit.start() + shift, length, hit.start()))
        shift += length - 1
    return places


def _comparable(string: str, *, match_case: bool, is_composed: bool) -> str:
    """A string (or one character: the result for a text is that of its characters) as it is compared."""
    string = string if is_composed else normalize("NFD", string)
    if match_case:
        return string
    return string.casefold() if is_composed else normalize("NFD", string.casefold())


@lru_cache(maxsize=256)
def _pattern(surface: str, match_case: bool, is_composed: bool) -> re.Pattern[str] | None:
    """What to look for in a folded text; None for a blank string."""
    surface = surface.strip()
    if not surface:
        return None
    folded = "".join(_comparable(char, match_case=match_case, is_composed=is_composed) for char in surface)
    words = re.split(r"(\s+)", folded)
    return re.compile("".join(_word(part) if place % 2 == 0 else _gap(part) for place, part in enumerate(words)))


def _word(word: str) -> str:
    return "".join(_APOSTROPHE if char in _APOSTROPHES else re.escape(char) for char in word)


def _gap(space: str) -> str:
    return r"\s+" if space.count("\n") > 1 else _GAP


def _is_whole(text: str, start: int, end: int, *, whole_words: bool) -> bool:
    if _cuts_character(text, start) or _cuts_character(text, end):
        return False
    return not whole_words or not (_cuts_word_before(text, start) or _cuts_word_after(text, end))


def _cuts_character(text: str, at: int) -> bool:
    """Whether the characters around ``at`` are one for a reader (after UAX #29; Thai and Lao vowels beside)."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isascii() and after.isascii():
        return before == "\r" and after == "\n"
    if after in (_ZWJ, _ZWNJ) or category(after)[0] == "M" or after in _AFTER_VOWELS or before in _FORE_VOWELS:
        return True
    if _is_flag_half(after):
        return _is_flag_half(before) and _flag_halves_before(text, at) % 2 == 1
    return _is_joined(before, after)


def _is_joined(before: str, after: str) -> bool:
    is_emoji_tail = "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f"
    is_jamo_tail = "\u1160" <= after <= "\u11ff" and ("\u1100" <= before <= "\u11ff" or "가" <= before <= "힣")
    return (before == _ZWJ and not after.isascii()) or is_emoji_tail or is_jamo_tail


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    first = at
    while first > 0 and _is_flag_half(text[first - 1]):
        first -= 1
    return at - first


class _Writing(Enum):
    """How words are told apart in a script."""

    SPACED = "by spaces"
    UNSPACED = "not at all"
    KATAKANA = "by the change to another script"
    HANGUL = "by spaces, with particles at the end"


_RANGES = (
    ("\u0e00", "\u109f", _Writing.UNSPACED),  # Thai, Lao, Tibetan, Myanmar
    ("\u1100", "\u11ff", _Writing.HANGUL),
    ("\u1780", "\u17ff", _Writing.UNSPACED),  # Khmer
    ("\u1950", "\u1aaf", _Writing.UNSPACED),  # Tai Le, New Tai Lue, Khmer symbols, Buginese, Tai Tham
    ("\u1b00", "\u1b7f", _Writing.UNSPACED),  # Balinese
    ("\u3005", "\u309f", _Writing.UNSPACED),  # Hiragana and signs beside Han
    ("\u30a0", "\u30ff", _Writing.KATAKANA),
    ("\u3130", "\u318f", _Writing.HANGUL),
    ("\u31f0", "\u31ff", _Writing.KATAKANA),
    ("\u3400", "\u9fff", _Writing.UNSPACED),  # Han
    ("\ua980", "\ua9ff", _Writing.UNSPACED),  # Javanese, Myanmar
    ("\uaa60", "\uaadf", _Writing.UNSPACED),  # Myanmar, Tai Viet
    ("\uac00", "\ud7ff", _Writing.HANGUL),
    ("\uf900", "\ufaff", _Writing.UNSPACED),  # Han
    ("\uff66", "\uff9f", _Writing.KATAKANA),
    ("\U00020000", "\U0003ffff", _Writing.UNSPACED),  # Han
)


def uncovered(places: Sequence[tuple[int, int]], parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The places that share no code point with any of ``parts``; all are ``[start, end)``, ``places`` in order."""
    covers = sorted(parts)
    free: list[tuple[int, int]] = []
    next_cover, reach = 0, 0
    for start, end in places:
        while next_cover < len(covers) and covers[next_cover][0] < end:
            reach = max(reach, covers[next_cover][1])
            next_cover += 1
        if reach <= start:
            free.append((start, end))
    return free


def is_spaced(text: str) -> bool:
    """Whether every word of the text is told from its neighbours by something else than letters and digits."""
    return text.isascii() or all(_writing(char) is _Writing.SPACED for char in set(text))


def _writing(char: str) -> _Writing:
    if char >= "\u0e00":
        for first, last, writing in _RANGES:
            if first <= char <= last:
                return writing
    return _Writing.SPACED


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_" or (not char.isascii() and category(char)[0] == "M")


def _cuts_word_before(text: str, start: int) -> bool:
    if start == 0:
        return False
    before, after = text[start - 1], text[start]
    if _is_word(before) and _is_word(after):
        return not _may_part(before, after) or _writing(before) is _writing(after) is _Writing.HANGUL
    return before in _IN_NUMBERS and start > 1 and after.isdecimal() and text[start - 2].isdecimal()


def _cuts_word_after(text: str, end: int) -> bool:
    if end == len(text):
        return False
    before, after = text[end - 1], text[end]
    if _is_word(before) and _is_word(after):
        return not _may_part(before, after)
    if before == "." and _is_word(after):
        return True  # "U.S." in "U.S.A."
    return after in _IN_NUMBERS and before.isdecimal() and text[end + 1 : end + 2].isdecimal()


def _may_part(before: str, after: str) -> bool:
    """Whether a word may end between two letters or digits."""
    one, other = _writing(before), _writing(after)
    return one is not other or one in (_Writing.UNSPACED, _Writing.HANGUL)
