"""The readable text of a web page: what a reader sees of it, without what is for programs and for finding one's way.

Tag soup is read as it comes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping

from annotator.formats.documents.html_tokens import Piece, pieces_of
from annotator.formats.documents.laid_text import LaidText

_DROPPED = frozenset({"script", "style", "nav", "template", "svg", "iframe", "object", "noscript"})
_IN_HEAD = frozenset({"title", "meta", "link", "base", "script", "style", "noscript", "template", "head", "html"})
_PARAGRAPHS = frozenset({
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "article", "section", "header", "footer", "main",
    "aside", "figure", "form", "fieldset", "details", "hr", "address", "dl",
})  # fmt: skip
_LINES = frozenset({
    "div", "li", "dt", "dd", "caption", "figcaption", "option", "summary", "legend", "center", "body",
})  # fmt: skip
_META = frozenset({"author", "description", "keywords", "date"})


class PageText:
    """What is on a page: ``laid``, ``title``, ``language`` and ``meta``.

    ``dropped``: how many characters of text stood in navigation, which is left out.
    """

    def __init__(self, source: str) -> None:
        self.laid = LaidText()
        self.title = ""
        self.language = ""
        self.meta: dict[str, str] = {}
        self.dropped = 0
        self._left_out: list[str] = []  # one name as often as it is open: what stands inside is not looked at
        self._is_in_head = False
        self._title_pieces: list[str] | None = None
        self._kept_depth = 0
        self._list_depth = 0
        for piece in pieces_of(source):
            if piece.kind == "text":
                self._take_text(piece)
            elif piece.kind == "begin":
                self._take_begin(piece.name, piece.attributes)
            else:
                self._take_end(piece.name)

    def _take_begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._left_out:
            self._left_out += [tag] if tag == self._left_out[0] else []
            return
        self._is_in_head = tag == "head" or (self._is_in_head and tag in _IN_HEAD)
        if tag == "html":
            self.language = (attributes.get("lang") or attributes.get("xml:lang") or "").strip()
        elif tag == "title":
            self._title_pieces = []
        elif tag == "meta":
            self._take_meta(attributes)
        elif tag in _DROPPED:
            self._left_out = [tag]
        else:
            self._begin(tag)

    def _take_end(self, tag: str) -> None:
        if self._left_out:
            if tag == self._left_out[0]:
                self._left_out.pop()
        elif tag == "title" and self._title_pieces is not None:
            self.title = self.title or " ".join("".join(self._title_pieces).split())
            self._title_pieces = None
        elif tag == "head":
            self._is_in_head = False
        else:
            self._end(tag)

    def _take_text(self, piece: Piece) -> None:
        if self._left_out:
            self.dropped += len(piece.text.strip()) if self._left_out[0] == "nav" else 0
        elif self._title_pieces is not None:
            self._title_pieces.append(piece.text)
        elif self._is_in_head and not piece.text.strip():
            return
        elif len(piece.text) != piece.length:
            self.laid.add(piece.text, piece.at, piece.length)
        elif self._kept_depth:
            self.laid.add_kept(piece.text, piece.at)
        else:
            self.laid.add_flowing(piece.text, piece.at)

    def _take_meta(self, attributes: Mapping[str, str]) -> None:
        name, content = attributes.get("name", "").lower(), attributes.get("content", "").strip()
        if name in _META and content:
            self.meta.setdefault(name, content)

    def _begin(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self.laid.break_line(1 if self._list_depth else 2)
            self._list_depth += 1
        elif tag == "table":
            self.laid.begin_table()
        elif tag == "tr":
            self.laid.begin_row()
        elif tag in ("td", "th"):
            self.laid.begin_cell()
        elif tag == "br":
            self.laid.add_break()
        else:
            self._break_at(tag)
            self._kept_depth += tag in ("pre", "textarea")

    def _end(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._list_depth = max(self._list_depth - 1, 0)
            self.laid.break_line(1 if self._list_depth else 2)
        elif tag == "table":
            self.laid.end_table()
        else:
            self._break_at(tag)
            if tag in ("pre", "textarea"):
                self._kept_depth = max(self._kept_depth - 1, 0)

    def _break_at(self, tag: str) -> None:
        if tag in _PARAGRAPHS:
            self.laid.break_line(2)
        elif tag in _LINES:
            self.laid.break_line(1)


def source_place(runs: list[list[int]], char: int) -> int | None:
    """Where in the source the code point ``char`` stands; None for a break or tab that is not there."""
    index = bisect_right(runs, char, key=lambda run: run[0]) - 1
    if index < 0 or char >= runs[index][0] + runs[index][2]:
        return None
    text_start, source_start, _, *other = runs[index]
    return source_start if other else source_start + char - text_start
