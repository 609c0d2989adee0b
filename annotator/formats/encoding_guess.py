"""Which encoding bytes without a mark most likely have: the likelihood of their letters, language by language. Pure.

Each candidate's reading gets the logarithm of how likely its letters are in a language that is written so, with
penalties for what no text has: capitals inside words, two scripts in one word, drawing characters. Sums, not means:
so a short text, which says little, cannot be sure.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from annotator.formats.encoding_letters import EAST, EAST_MARKS, LATIN, MARKS, OTHER

SAMPLE_BYTES = 16 * 1024
LEAST_MARGIN = 3.0
"""How much likelier (natural logarithm) the best reading must be than the next other one: 20 times."""
_WORST_MEAN = -9.0
_MARK, _CONTROL, _STRANGE, _ODD = math.log(0.02), -14.0, -10.0, -4.0
_NOT_ASCII = re.compile(rb"[^\n\r]*[\x80-\xff][^\n\r]*")
_ORDER = (*LATIN, *OTHER, *EAST)
"""Where two encodings read the same, the first is named."""
_NAMES = {"cp1250": "windows-1250", "cp1251": "windows-1251", "cp1252": "windows-1252", "cp1253": "windows-1253",
    "cp1254": "windows-1254", "cp1255": "windows-1255", "cp1256": "windows-1256", "cp1257": "windows-1257",
    "cp932": "Shift-JIS", "euc_jp": "EUC-JP", "cp949": "EUC-KR", "gb18030": "GB18030", "big5": "Big5",
    "koi8_r": "KOI8-R", "koi8_u": "KOI8-U", "cp866": "IBM866", "iso2022_jp": "ISO-2022-JP"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guess:
    """A codec's name, and how sure it is (0 to 1)."""

    encoding: str
    confidence: float


def name_of_encoding(codec: str) -> str:
    """The name that people know: ``windows-1251``."""
    return _NAMES.get(codec, codec.replace("iso8859_", "ISO-8859-"))


def sample_of(content: bytes) -> bytes:
    """The lines with bytes beyond ASCII, as many as are needed."""
    found, size = [], 0
    for match in _NOT_ASCII.finditer(content):
        found.append(match[0])
        size += len(match[0])
        if size > SAMPLE_BYTES:
            break
    return b"\n".join(found)


def find_guess(sample: bytes) -> Guess | None:
    """The encoding of ``sample``, or None where no reading is much likelier than the others."""
    readings = sorted(_readings(sample), key=lambda one: -one[0])
    if not readings:
        return None
    best, _, text = readings[0]
    others = [score for score, _, other in readings if other != text]
    margin = best - others[0] if others else LEAST_MARGIN
    if margin < LEAST_MARGIN or best < _WORST_MEAN * sum(not char.isascii() for char in text):
        return None
    encoding = next(name for name in _ORDER if any(one[1:] == (name, text) for one in readings))
    return Guess(encoding, round(1 / (1 + math.exp(-min(margin, 30))), 3))


def _readings(sample: bytes) -> Iterator[tuple[float, str, str]]:
    for encoding in _ORDER:
        text = _find_text(sample, encoding)
        if text is not None:
            yield _score(text, encoding), encoding, text


def _find_text(sample: bytes, encoding: str) -> str | None:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError as fault:
        # The sample may end inside a character of several bytes.
        is_cut = encoding in EAST and len(sample) > SAMPLE_BYTES and fault.start > len(sample) - 4
        return sample[: fault.start].decode(encoding) if is_cut else None


def _score(text: str, encoding: str) -> float:
    counts = Counter(char for char in text if not char.isascii())
    if encoding in EAST:
        table = _east_table(encoding)
        return sum(count * _of_east(char, encoding, table) for char, count in counts.items())
    tables = _tables(encoding)
    likely = max(_total(counts, table) for table in tables)
    return likely + _ODD * _oddities(text, is_latin=encoding in LATIN)


def _total(counts: Counter[str], table: dict[str, float]) -> float:
    return sum(count * table.get(char, _of_stranger(char)) for char, count in counts.items())


def _of_stranger(char: str) -> float:
    if char in MARKS:
        return _MARK
    return _CONTROL if "\x80" <= char <= "\x9f" else _STRANGE


@cache
def _tables(encoding: str) -> tuple[dict[str, float], ...]:
    return tuple(_table(letters) for letters in (*LATIN.get(encoding, ()), *OTHER.get(encoding, ())))


def _table(letters: str) -> dict[str, float]:
    """Logarithms of shares that fall as ranks do; a capital is a tenth as likely."""
    weights = [1 / (rank + 3) for rank in range(len(letters))]
    total = sum(weights)
    found: dict[str, float] = {}
    for char, weight in zip(letters, weights, strict=True):
        found[char] = math.log(weight / total)
        if char.upper() != char and len(char.upper()) == 1:
            found.setdefault(char.upper(), math.log(weight / total / 10))
    return found


def _oddities(text: str, *, is_latin: bool) -> int:
    """Places that no text has: a capital after a small letter, two scripts in a word, many accents in a row."""
    found, before, run = 0, "", 0
    for char in text:
        is_letter = char.isalpha()
        run = run + 1 if is_letter and not char.isascii() else 0
        if is_letter and before.isalpha() and not (char.isascii() and before.isascii()):
            found += char.isupper() and before.islower()
            found += (run > 2) if is_latin else char.isascii() != before.isascii()
        before = char
    return found


@cache
def _east_table(encoding: str) -> dict[str, float]:
    letters = EAST[encoding]
    return dict.fromkeys(letters, math.log(0.5 / len(letters)))


def _of_east(char: str, encoding: str, table: dict[str, float]) -> float:
    if char in EAST_MARKS:
        return -4.0
    if "\u3040" <= char <= "\u30ff":
        kana = -4.0 if char <= "\u309f" else -5.5
        return kana if encoding in ("cp932", "euc_jp") else -12.0
    if char in table:
        return table[char]
    if "\uff61" <= char <= "\uff9f" or not char.isalnum():
        return -12.0
    return -9.0 if _is_frequent(char, encoding) else -13.0


def _is_frequent(char: str, encoding: str) -> bool:
    """Whether the standards that made the encodings put the letter among the more frequent half."""
    try:
        lead = char.encode({"gb18030": "gb2312", "cp949": "euc_kr", "cp932": "euc_jp"}.get(encoding, encoding))[0]
    except UnicodeEncodeError:
        return False
    first, last = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6), "cp949": (0xB0, 0xC8)}.get(encoding, (0xB0, 0xCF))
    return first <= lead <= last
