"""A guideline as a text document in the window's colours, with the pinned examples under their rules.

Markdown is GitHub's; HTML in it is shown as it is written, and no picture is loaded, from wherever.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from annotator.domain.guidelines import Heading, heading_of, home_of
from annotator.domain.labels import LabelScheme
from annotator.ui.fonts import interface_font
from annotator.ui.theme import Theme
from annotator.workflows.guidelines import Example

HEADING_PX = {1: 18, 2: 15, 3: 14}
EXAMPLE_PX, TEXT_PX = 12, 13
SHOWN_CONTEXT = 22
NOWHERE = "Examples without a section"
_MARKDOWN = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and where its block begins in the document, in UTF-16 units."""

    heading: Heading
    position: int


def render(
    document: QTextDocument, body: str, scheme: LabelScheme, theme: Theme, examples: Sequence[Example] = ()
) -> list[Section]:
    """Fill ``document``; returns its sections in order."""
    document.setUndoRedoEnabled(False)
    document.setDefaultFont(interface_font(TEXT_PX))
    document.setDocumentMargin(16)
    document.setIndentWidth(20)
    document.setMarkdown(body, _MARKDOWN)
    _replace_pictures(document)
    headings = [heading_of(block.text(), scheme) for block in _heading_blocks(document)]
    _style_blocks(document, theme)
    _style_tables(document, theme)
    _insert_examples(document, headings, examples, theme)
    sections = [
        Section(heading, block.position()) for heading, block in zip(headings, _heading_blocks(document), strict=False)
    ]
    for section in sections:
        _dress_heading(document, section, scheme, theme)
    return sections


def _blocks(document: QTextDocument) -> Iterable[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()


def _heading_blocks(document: QTextDocument) -> list[QTextBlock]:
    return [block for block in _blocks(document) if block.blockFormat().headingLevel()]


def _replace_pictures(document: QTextDocument) -> None:
    """Words in place of pictures: nothing is fetched."""
    pieces = [piece for block in _blocks(document) for piece in _pieces(block) if piece.charFormat().isImageFormat()]
    places = [(piece.position(), piece.length(), _picture_words(piece)) for piece in pieces]
    for start, length, words in reversed(places):
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(words, QTextCharFormat())


def _picture_words(piece: QTextFragment) -> str:
    picture = piece.charFormat().toImageFormat()
    return f"[picture: {picture.property(QTextFormat.Property.ImageAltText) or picture.name()}]"


def _pieces(block: QTextBlock) -> list[QTextFragment]:
    """The pieces of a block, each with a format of its own."""
    found = []
    for piece in block:  # type: ignore[attr-defined]  # an iterator at run time, which the stubs do not say
        found.append(piece.fragment())
    return found


def _style_blocks(document: QTextDocument, theme: Theme) -> None:
    for block in _blocks(document):
        shape = QTextBlockFormat()
        level = block.blockFormat().headingLevel()
        shape.setLineHeight(135, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin(18 if level and block != document.begin() else 0)
        shape.setBottomMargin(4 if level else 7)
        QTextCursor(block).mergeBlockFormat(shape)
        for start, length, held in [(piece.position(), piece.length(), piece.charFormat()) for piece in _pieces(block)]:
            cursor = QTextCursor(document)
            cursor.setPosition(start)
            cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(_look_of(held, theme))


def _look_of(held: QTextCharFormat, theme: Theme) -> QTextCharFormat:
    """Text and links in the theme's colours; bold text in the weight that the bundled font has."""
    look = QTextCharFormat()
    look.setForeground(QColor(theme.accent if held.isAnchor() else theme.text))
    if held.fontWeight() > QFont.Weight.DemiBold:
        look.setFontWeight(QFont.Weight.DemiBold)
    return look


def _style_tables(document: QTextDocument, theme: Theme) -> None:
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            shape = frame.format().toTableFormat()
            shape.setBorder(1)
            shape.setBorderBrush(QBrush(QColor(theme.line)))
            shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
            shape.setBorderCollapse(True)
            shape.setCellPadding(4)
            shape.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
            shape.setTopMargin(4)
            shape.setBottomMargin(8)
            frame.setFormat(shape)


def _dress_heading(document: QTextDocument, section: Section, scheme: LabelScheme, theme: Theme) -> None:
    """A heading in its size, and in its label's colour when it names one."""
    block = document.findBlock(section.position)
    label = scheme.find_label(*section.heading.labels[0]) if section.heading.labels else None
    size = HEADING_PX.get(block.blockFormat().headingLevel(), TEXT_PX)
    for start, length, look in [(piece.position(), piece.length(), piece.charFormat()) for piece in _pieces(block)]:
        look.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # it would win over the size
        look.setProperty(QTextFormat.Property.FontPixelSize, size)
        look.setFontWeight(QFont.Weight.DemiBold)
        look.setForeground(QColor(theme.ink(label.hue) if label else theme.text))
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(start + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(look)


def _insert_examples(
    document: QTextDocument, headings: Sequence[Heading], examples: Sequence[Example], theme: Theme
) -> None:
    by_home: dict[int | None, list[Example]] = {}
    for example in examples:
        by_home.setdefault(home_of(example.pin, headings, example.label), []).append(example)
    writer = _ExampleWriter(theme)
    if homeless := by_home.pop(None, []):
        cursor = QTextCursor(document)
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock(_example_shape(top=18), QTextCharFormat())
        cursor.insertText(NOWHERE, writer.look(theme.dim))
        for example in homeless:
            cursor.insertBlock(_example_shape(), QTextCharFormat())
            writer.write(cursor, example)
    for home in sorted((home for home in by_home if home is not None), reverse=True):
        for example in by_home[home]:
            # Each goes right before the next heading, after those written already.
            blocks = _heading_blocks(document)
            writer.write(_cursor_before(document, blocks[home + 1] if home + 1 < len(blocks) else None), example)


def _cursor_before(document: QTextDocument, heading: QTextBlock | None) -> QTextCursor:
    """A cursor in a new block before ``heading``, or after all there is."""
    cursor = QTextCursor(document)
    if heading is None:
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.insertBlock(_example_shape(), QTextCharFormat())
        return cursor
    cursor.setPosition(heading.position())
    cursor.insertBlock()
    cursor.movePosition(QTextCursor.MoveOperation.PreviousBlock)
    cursor.setBlockFormat(_example_shape())
    cursor.setCharFormat(QTextCharFormat())
    return cursor


def _example_shape(top: float = 0.0) -> QTextBlockFormat:
    shape = QTextBlockFormat()
    shape.setTopMargin(top)
    shape.setBottomMargin(5)
    shape.setLeftMargin(12)
    shape.setTextIndent(-12)
    shape.setLineHeight(125, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return shape


class _ExampleWriter:
    """Writes one pinned example: a sign with a word, the words in their context, why it is stale."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def write(self, cursor: QTextCursor, example: Example) -> None:
        theme, pin = self._theme, example.pin
        ink = theme.dim if example.stale else theme.text
        sign_ink = theme.dim if example.stale else theme.good if pin.is_positive else theme.bad
        link = f"pin:{pin.id}"
        sign = "✓ yes" if pin.is_positive else "✗ no"
        cursor.insertText(f"{sign}  ", self.look(sign_ink, link, is_bold=True, tip=example.title))
        cursor.insertText(_before(example.before), self.look(theme.dim, link, tip=example.title))
        surface = " ".join(pin.surface.split())
        cursor.insertText(surface, self.look(ink, link, is_bold=True, tip=example.title))
        cursor.insertText(_after(example.after), self.look(theme.dim, link, tip=example.title))
        if example.stale:
            self._write_staleness(cursor, example)

    def _write_staleness(self, cursor: QTextCursor, example: Example) -> None:
        cursor.insertText(f"  stale: {example.stale}  ", self.look(self._theme.dim, is_italic=True))
        if example.now is not None and example.pin.is_positive:
            cursor.insertText("pin again", self.look(self._theme.accent, f"again:{example.pin.id}", is_link=True))
            cursor.insertText("  ", self.look(self._theme.dim))
        cursor.insertText("remove", self.look(self._theme.accent, f"remove:{example.pin.id}", is_link=True))

    def look(
        self,
        colour: str,
        href: str = "",
        *,
        is_bold: bool = False,
        is_italic: bool = False,
        is_link: bool = False,
        tip: str = "",
    ) -> QTextCharFormat:
        """How a piece of an example is written."""
        made = QTextCharFormat()
        made.setProperty(QTextFormat.Property.FontPixelSize, EXAMPLE_PX)
        made.setForeground(QColor(colour))
        made.setFontWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
        made.setFontItalic(is_italic)
        made.setFontUnderline(is_link)
        if href:
            made.setAnchor(True)
            made.setAnchorHref(href)
        if tip:
            made.setToolTip(tip)
        return made


def _before(text: str) -> str:
    """The end of what stands before, from the beginning of a word."""
    plain = " ".join(text[-SHOWN_CONTEXT:].split())
    if len(text) > SHOWN_CONTEXT:
        plain = "…" + (plain.split(" ", 1)[1] if " " in plain else plain)
    return plain + (" " if text[-1:].isspace() else "")


def _after(text: str) -> str:
    """The beginning of what stands after, to the end of a word."""
    plain = " ".join(text[:SHOWN_CONTEXT].split())
    if len(text) > SHOWN_CONTEXT:
        plain = (plain.rsplit(" ", 1)[0] if " " in plain else plain) + "…"
    return (" " if text[:1].isspace() else "") + plain
