"""Where else the edges of a span are likely to be: the whole name around it, or a part of it. Pure.

Pipelines often cut names ("Mars" of "30 Seconds to Mars") or run two together ("Grantham, Lincolnshire"). On WikiGold
and UNER PUD the first of these places is right for every third span whose edges are two and more tokens off.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from annotator.domain import boundaries
from annotator.domain.name_words import LINKS
from annotator.domain.occurrences import find_occurrences
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document

REACH_CHARS = 80
"""How far from the span its name may begin or end, in code points."""

MOST_KNOWN = 2
MOST_PLACES = 6
_NO_LINKS: frozenset[str] = frozenset()
_INSIDE = LINKS - {"&"} | {"the", "for", "to", "a", "la", "le", "'s", "’s", "/"}
_BETWEEN = _INSIDE | {"and", "&", "und", "et", "y", "e"}
MOST_LINKS = 2
"""So many words without a capital may stand between two capitalised words of a name: "Army of the Potomac"."""

_BETWEEN_PARTS = re.compile(r"\s*(?:[,;&/()–—]|\b(?:and|of the|of|und|et|y|e)\b|['’]s\b)\s*")

_Place = tuple[int, int]


def likely_places(doc: AnnotatedDocument, start: int, end: int) -> list[_Place]:
    """Other places for a span over ``[start, end)``, code points, the likeliest first; the place itself is none.

    First what was decided elsewhere in the document and reaches over here; then the capitalised words in a row around
    it, without small words between them, with them, and with "and"; its first and last part; without an article, a
    title, an ending.
    """
    found: dict[_Place, None] = {}
    for place in (*_known(doc, start, end), *_looked(doc.document, start, end)):
        if place != (start, end) and place[0] < place[1]:
            found[place] = None
    return list(found)[:MOST_PLACES]


def _known(doc: AnnotatedDocument, start: int, end: int) -> list[_Place]:
    """Where strings that were decided in this document stand over this place, the longest first."""
    text = doc.document.text
    first = max(start - REACH_CHARS, 0)
    around = text[first : end + REACH_CHARS]
    strings = {text[span.start : span.end] for span in doc.spans if span.decided and not span.fragments}
    places = {
        (first + hit[0], first + hit[1])
        for string in strings
        if string in around
        for hit in find_occurrences(around, string, whole_words=True, match_case=True)
    }
    over = [place for place in places if place[0] < end and start < place[1] and place != (start, end)]
    return sorted(over, key=lambda place: (place[0] - place[1], place))[:MOST_KNOWN]


def _looked(document: Document, start: int, end: int) -> Iterator[_Place]:
    tokens, text = document.tokens, document.text
    inside = tokens.overlapping(start, end)
    if inside:
        for links in (_NO_LINKS, _INSIDE, _BETWEEN):
            first = _farthest(document, inside[0], -1, links)
            last = _farthest(document, inside[-1], 1, links)
            yield min(start, tokens.starts[first]), max(end, tokens.ends[last])
    surface = text[start:end]
    borders = [(hit.start(), hit.end()) for hit in _BETWEEN_PARTS.finditer(surface) if hit.start() and hit.end()]
    if borders:
        yield start, start + borders[0][0]
        yield start + borders[-1][1], end
    for left, right in boundaries.inside(surface).values():
        yield start + left, end - right


def _farthest(document: Document, index: int, step: int, links: Container[str]) -> int:
    """The last token in this direction that belongs to the same run of capitalised words, with ``links`` between."""
    reached = at = index
    linked = 0
    while 0 <= at + step < len(document.tokens) and _are_beside(document, at, at + step):
        at += step
        word = _word(document, at)
        if word[0].isupper() or word[0].istitle() or word[0].isdigit():
            reached, linked = at, 0
        elif word in links and linked < MOST_LINKS:
            linked += 1
        else:
            break
    return reached


def _are_beside(document: Document, one: int, other: int) -> bool:
    """Whether at most one blank stands between two neighbouring tokens, and neither is white space."""
    first, second = sorted((one, other))
    gap = document.text[document.tokens.ends[first] : document.tokens.starts[second]]
    is_near = abs(document.tokens.starts[second] - document.tokens.ends[first]) <= 1
    return is_near and gap in ("", " ") and not _word(document, other).isspace()


def _word(document: Document, index: int) -> str:
    return document.text[document.tokens.starts[index] : document.tokens.ends[index]]
