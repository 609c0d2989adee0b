"""Suggestions without the words that a layer leaves out at their edges: "the Kremlin's" is the name "Kremlin". Pure.

Pipelines were trained on other guidelines than a project has: OntoNotes takes the article and the possessive 's into a
name, CoNLL-2003 leaves both out. Only suggestions are trimmed; what a person marks stays as it was marked.
"""

from __future__ import annotations

from dataclasses import dataclass

from annotator.domain.labels import Trims
from annotator.domain.text import Tokens

_TYPOGRAPHIC = str.maketrans({"’": "'", "ʼ": "'", "＇": "'"})


@dataclass(frozen=True, slots=True)
class Trimmer:
    """Trims ranges of one text. Offsets are code points; a range that cuts a token is left as it is."""

    text: str
    tokens: Tokens
    trims: Trims

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """``[start, end)`` without the words left out; one word at least always stays.

        A word before is left out as it is written in the scheme. With a capital it may be a part of a name ("The
        Shining"), so then only where a sentence begins.
        """
        aligned = self.tokens.find_aligned(start, end) if self.trims else None
        if aligned is None:
            return start, end
        words = [index for index in aligned if not self._word(index).isspace()]
        first, last = 0, len(words)
        while last - first > 1 and self._is_left_out_before(words[first]):
            first += 1
        while last - first > 1 and _plain(self._word(words[last - 1])) in map(_plain, self.trims.after):
            last -= 1
        if (first, last) == (0, len(words)):
            return start, end
        return self.tokens.starts[words[first]], self.tokens.ends[words[last - 1]]

    def _is_left_out_before(self, index: int) -> bool:
        word = _plain(self._word(index))
        for left_out in map(_plain, self.trims.before):
            if word == left_out or (word == left_out.capitalize() and index in self.tokens.sentence_starts):
                return True
        return False

    def _word(self, index: int) -> str:
        token = self.tokens[index]
        return self.text[token.start : token.end]


def _plain(word: str) -> str:
    return word.translate(_TYPOGRAPHIC)
