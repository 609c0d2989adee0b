"""One place with the text around it, drawn in one line: the words in the middle, so that lines can be compared."""

from __future__ import annotations

from unicodedata import bidirectional

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from annotator.ui.fonts import text_font
from annotator.ui.theme import Theme

BEFORE_SHARE = 0.38
MOST_SHARE = 0.5
TEXT_PX, PAD_PX, GAP_PX = 13, 4, 3
MOST_WORDS = 200


def draw_context(
    painter: QPainter, rect: QRectF, texts: tuple[str, str, str], theme: Theme, hue: int | None, *, is_decided: bool
) -> None:
    """Draw (before, words, after) in ``rect``. ``hue``: that of the words' label; None: they have none.

    What runs from right to left is drawn so: the text before the words is on their right.
    """
    before, words, after = (squashed(text) for text in texts)
    is_rtl = runs_from_right(words)
    font = text_font(TEXT_PX)
    painter.save()
    painter.setFont(font)
    painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
    middle = _words_rect(rect, words, QFontMetricsF(font))
    _draw_ground(painter, middle, theme, hue, is_decided=is_decided)
    painter.setPen(QColor(theme.text))
    _draw(painter, middle.adjusted(PAD_PX, 0, 0, 0), words, font, Qt.TextElideMode.ElideRight, is_left=True)
    painter.setPen(QColor(theme.dim))
    left = QRectF(rect.left(), rect.top(), max(middle.left() - GAP_PX - rect.left(), 0), rect.height())
    right = QRectF(middle.right() + GAP_PX, rect.top(), max(rect.right() - middle.right() - GAP_PX, 0), rect.height())
    begins, ends = (right, left) if is_rtl else (left, right)
    _draw(painter, begins, before, font, Qt.TextElideMode.ElideLeft, is_left=is_rtl)
    _draw(painter, ends, after, font, Qt.TextElideMode.ElideRight, is_left=not is_rtl)
    painter.restore()


def squashed(text: str) -> str:
    """``text`` in one line: white space as single spaces, no more than anybody reads in a list."""
    return " ".join(text[:MOST_WORDS].split())


def runs_from_right(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    for char in text:
        if (way := bidirectional(char)) in ("L", "R", "AL"):
            return way != "L"
    return False


def _words_rect(rect: QRectF, words: str, metrics: QFontMetricsF) -> QRectF:
    """Where the words go: they begin on the same vertical in every line."""
    width = min(metrics.horizontalAdvance(words) + 2 * PAD_PX + 1, rect.width() * MOST_SHARE)
    left = rect.left() + rect.width() * BEFORE_SHARE
    height = metrics.height() + 4
    return QRectF(left, rect.center().y() - height / 2, width, height)


def _draw_ground(painter: QPainter, rect: QRectF, theme: Theme, hue: int | None, *, is_decided: bool) -> None:
    """As in the article: a tint with an ink line; dashed while undecided; a plain line without a label."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if hue is None or not is_decided:
        ink = theme.dim if hue is None else theme.ink(hue)
        painter.setPen(QPen(QColor(ink), 1, Qt.PenStyle.DotLine if hue is None else Qt.PenStyle.DashLine))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.tint(hue)))
    painter.drawRoundedRect(rect, 3, 3)
    painter.fillRect(QRectF(rect.left(), rect.bottom() - 2, rect.width(), 2), QColor(theme.ink(hue)))


def _draw(painter: QPainter, rect: QRectF, text: str, font: QFont, mode: Qt.TextElideMode, *, is_left: bool) -> None:
    side = Qt.AlignmentFlag.AlignLeft if is_left else Qt.AlignmentFlag.AlignRight
    flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    shown = QFontMetricsF(font).elidedText(text, mode, rect.width())
    painter.drawText(rect, int(flags) | int(Qt.TextFlag.TextSingleLine), shown)
