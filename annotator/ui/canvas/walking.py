"""Tokens as a cursor walks over them: white-space tokens do not count. Pure."""

from __future__ import annotations

from annotator.domain.text import Document


class TokenWalk:
    """Steps over the visible tokens of one document. All positions are code points."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._tokens = document.tokens

    def first(self) -> int:
        """Where the first visible token begins; 0 when there is none."""
        found = self._visible(0, 1)
        return 0 if found is None else self._tokens.starts[found]

    def last(self) -> int:
        """Where the last visible token begins; 0 when there is none."""
        found = self._visible(len(self._tokens) - 1, -1)
        return 0 if found is None else self._tokens.starts[found]

    def moved(self, char: int, step: int) -> int:
        """Where the token begins that is ``step`` visible tokens away from the one at ``char``; at most the edge."""
        if not len(self._tokens):
            return 0
        index, direction = self._tokens.nearest(char), 1 if step > 0 else -1
        for _ in range(abs(step)):
            found = self._visible(index + direction, direction)
            if found is None:
                break
            index = found
        return self._tokens.starts[index]

    def token_start(self, char: int) -> int:
        """Where the visible token at ``char`` begins, else the one before, else the one after."""
        if not len(self._tokens):
            return 0
        at = self._tokens.nearest(char)
        for found in (self._visible(at, -1), self._visible(at, 1)):
            if found is not None:
                return self._tokens.starts[found]
        return 0

    def token_range(self, char: int) -> tuple[int, int]:
        """The range of the token at ``char``; ``(0, 0)`` in a document without tokens."""
        if not len(self._tokens):
            return 0, 0
        token = self._tokens[self._tokens.nearest(char)]
        return token.start, token.end

    def covering(self, one: int, other: int) -> tuple[int, int]:
        """The range from the token at one position to the token at the other, both included."""
        first, last = self.token_range(min(one, other)), self.token_range(max(one, other))
        return first[0], last[1]

    def snapped(self, start: int, end: int) -> tuple[int, int]:
        """The range grown to whole tokens, without white-space tokens at its edges."""
        found = [index for index in self._tokens.overlapping(start, end) if not self._is_space(index)]
        if not found:
            return start, end
        return self._tokens.starts[found[0]], self._tokens.ends[found[-1]]

    def _visible(self, index: int, direction: int) -> int | None:
        while 0 <= index < len(self._tokens):
            if not self._is_space(index):
                return index
            index += direction
        return None

    def _is_space(self, index: int) -> bool:
        token = self._tokens[index]
        return self._document.text[token.start : token.end].isspace()
