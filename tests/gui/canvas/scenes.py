"""Documents for the canvas's tests, and places on it."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import category

from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QTextLayout

from annotator.domain.labels import HUES, Label, LabelScheme, Layer
from annotator.domain.offsets import Utf16Map
from annotator.domain.projects import AnnotatedDocument
from annotator.domain.spans import Span, SpanSet
from annotator.domain.text import Document, tokenize_simply
from annotator.ui.canvas.view import AnnotationCanvas

NAMES = ("GPE", "PERSON", "ORG", "DATE", "WORK_OF_ART")
SCHEME = LabelScheme(
    "test",
    layers=(Layer("entities", tuple(Label(name, name, hue=hue) for name, hue in zip(NAMES, HUES, strict=False))),),
)

SCRIPTS = {
    "emoji families": "Before 👨‍👩‍👧‍👦 and 👍🏽 after ❤️ it.",
    "flags": "From 🇫🇷🇩🇪 to 🇺🇦 today.",
    "combining marks": "A cafe\u0301 in Sa\u0303o with a\u0300\u0301 mark.",
    "line ends": "One line\r\nanother\rthird\nand\n\nlast",
    "byte order mark": "\ufeffChina said\n\ufeff\ufeffit left \ufeff👨‍👩‍👧 there",
    "tabs": "name\tvalue\t\tend",
    "controls": "a\u0001b \u001f c\u0085d\u2028e",
    "Hebrew": "ראש הממשלה שָׁלוֹם אמר אתמול",
    "Arabic": "قال وزير الخارجية لا إله اليوم",
    "Latin with Hebrew": "The word שלום means peace (שלום עולם) here.",
    "Hebrew with Latin": "אמר Qin Gang ביום 12 במאי",
    "Chinese": "中国外交部长秦刚同乌克兰外长库列巴通电话。",
    "Thai": "รัฐมนตรีต่างประเทศจีนกำลังพูด",
    "Devanagari": "विदेश मंत्री ने क्षमा माँगी",
    "ligatures": "The office of ffi affairs is different.",
    "ligatures beside Hebrew": "office שלום ffi affairs",
    "Arabic with a ligature": "مرحباfl office מfi",
    "marks of direction": "the‎שלום‏the 𝒳 לא‏ ‫abc‬",
    "outside the BMP": "x 𝒳𝒴 y 𝕬 z",
}


def document(text: str, spans: Iterable[Span] = (), *, title: str = "") -> AnnotatedDocument:
    return AnnotatedDocument(Document("doc-1", text, title, tokens=tokenize_simply(text)), spans=SpanSet(spans))


def span_of(text: str, surface: str, label: str = "GPE", *, id_: str = "", decided: bool = True) -> Span:
    start = text.index(surface)
    return Span(id_ or surface, start, start + len(surface), label, decided=decided)


def long_text(tokens: int, *, paragraph: int = 120) -> str:
    """Words in sentences of 20 and paragraphs; ``paragraph`` 0: all in one."""
    words = ("China", "declared", "a", "friendship", "with", "Russia", "in", "refusing", "to", "condemn")
    parts = []
    for number in range(tokens):
        end = ". " if number % 20 == 19 else " "
        parts.append(
            words[(number * 7 + number // 10) % 10] + (".\n" if paragraph and number % paragraph == 0 else end)
        )
    return "".join(parts)


def centre(canvas: AnnotationCanvas, start: int, end: int) -> QPoint:
    """The middle of the first box of a range, in the viewport."""
    return at(canvas, boxes(canvas, start, end)[0].center())


def boxes(canvas: AnnotationCanvas, start: int, end: int) -> list[QRectF]:
    assert canvas.page is not None
    return canvas.page.rects_of(start, end)


def at(canvas: AnnotationCanvas, point: QPointF) -> QPoint:
    """A point of the page as a point of the viewport."""
    origin = canvas.page_point(QPointF(0, 0))
    return (point - origin).toPoint()


def clusters(text: str) -> list[tuple[int, int]]:
    """The grapheme clusters of a text as ranges of code points."""
    layout, offsets = QTextLayout(text.replace("\ufeff", "\u2060")), Utf16Map(text)  # PySide drops a leading BOM
    found, at = [], 0
    while at < offsets.length_utf16:
        following = max(layout.nextCursorPosition(at), at + 1)
        found.append((offsets.to_char(at), offsets.to_char(following)))
        at = following
    return found


def has_glyphs(text: str) -> bool:
    """Whether a cluster must take room on the screen: it is no line end, control or lone mark."""
    if text in ("\t", " "):
        return True
    return not all(category(char)[0] == "M" or category(char) in ("Cc", "Cf", "Cn", "Zl", "Zp") for char in text)
