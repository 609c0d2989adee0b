"""Everything that decides how text and spans are set: fonts, measures, colours. Frozen; a change is a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPixmap,
    QPolygonF,
    QStaticText,
    QTransform,
)

from annotator.domain.labels import HUES, AttributeKind, Label, LabelScheme
from annotator.domain.spans import Relation, Span
from annotator.ui.fonts import TEXT_FAMILY, interface_font, text_font
from annotator.ui.theme import LIGHT, Theme

DEFAULT_TEXT_PX = 17
DEFAULT_MEASURE_CHARS = 72


class Density(StrEnum):
    """How much room labels and lanes take: comfortable to read, or more lines in a window."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


@dataclass(frozen=True, slots=True)
class _Room:
    """Pixels at the usual text size: between lines, above a label, from a label to the text, of a lane."""

    gap: float
    above_label: float
    lift: float
    lane: float


_ROOM = {Density.COMFORTABLE: _Room(4.0, 3.4, 4.5, 4.0), Density.COMPACT: _Room(1.0, 2.0, 4.2, 3.0)}


_WAVE_OPACITY = (0.0, 0.45, 0.7, 1.0)
_OUTLINE_OPACITY = (1.0, 0.7, 0.85, 1.0)
"""By the step of the doubt: of the wave under a place, of the outline around a suggestion (0: no doubt)."""
WAVE_PX, WAVE_HIGH_PX = 6, 4


@dataclass
class _Drawn:
    """What was made for drawing once and is used again."""

    texts: dict[str, QStaticText] = field(default_factory=dict)
    outlines: dict[tuple[int, int], QPen] = field(default_factory=dict)
    links: dict[int, QPen] = field(default_factory=dict)
    waves: dict[tuple[int, float], QPixmap] = field(default_factory=dict)


@dataclass(frozen=True)
class Style:
    """How the canvas sets an article. Sizes in pixels; ``spacing`` 1.5: half a line of text more between lines."""

    theme: Theme = LIGHT
    family: str = TEXT_FAMILY
    text_px: float = DEFAULT_TEXT_PX
    measure_chars: int = DEFAULT_MEASURE_CHARS
    spacing: float = 1.0
    density: Density = Density.COMFORTABLE
    scheme: LabelScheme = field(default_factory=lambda: LabelScheme("none"))

    def __post_init__(self) -> None:
        set_ = object.__setattr__
        scale, room = self.text_px / DEFAULT_TEXT_PX, _ROOM[self.density]
        line_scale = max(scale, 1.0) ** 0.5  # lines grow with the text, but a line twice as thick is heavy
        set_(self, "text_font", text_font(self.text_px, self.family))
        set_(self, "label_font", _label_font(10.5 * max(scale, 0.95)))
        set_(self, "relation_font", interface_font(10.5 * max(scale, 0.95), QFont.Weight.Medium))
        set_(self, "title_font", interface_font(23 * scale, QFont.Weight.DemiBold))
        set_(self, "dim_font", interface_font(12 * max(scale, 1.0)))
        metrics = QFontMetricsF(self.text_font)
        set_(self, "ascent", metrics.ascent())
        set_(self, "descent", metrics.descent())
        set_(self, "line_px", metrics.ascent() + metrics.descent())
        set_(self, "char_px", metrics.averageCharWidth())
        set_(self, "label_metrics", QFontMetricsF(self.label_font))
        set_(self, "relation_metrics", QFontMetricsF(self.relation_font))
        set_(self, "label_px", round(self.label_metrics.capHeight() + room.above_label * line_scale))
        set_(self, "lift_px", room.lift * line_scale)
        set_(self, "gap_px", round(room.gap * scale + (self.spacing - 1.0) * self.line_px))
        set_(self, "lane_px", room.lane * line_scale)
        set_(self, "underline_px", 2.0 * line_scale)
        set_(self, "arc_px", round(self.label_px + 4 * line_scale))
        set_(self, "_relations", {label.id: label for label in self.scheme.relation_labels})
        set_(self, "_labels", _names_and_hues(self.scheme))
        set_(self, "label_ascent", self.label_metrics.ascent())
        set_(self, "_label_widths", {})
        set_(self, "_drawn", _Drawn())
        set_(self, "_colours", {})

    text_font: QFont = field(init=False, compare=False)
    label_font: QFont = field(init=False, compare=False)
    title_font: QFont = field(init=False, compare=False)
    dim_font: QFont = field(init=False, compare=False)
    relation_font: QFont = field(init=False, compare=False)
    relation_metrics: QFontMetricsF = field(init=False, compare=False)
    label_metrics: QFontMetricsF = field(init=False, compare=False)
    ascent: float = field(init=False, compare=False)
    descent: float = field(init=False, compare=False)
    line_px: float = field(init=False, compare=False)
    char_px: float = field(init=False, compare=False)
    label_px: float = field(init=False, compare=False)
    lift_px: float = field(init=False, compare=False)  # from a label's baseline to the text: the ring fits in
    gap_px: float = field(init=False, compare=False)
    lane_px: float = field(init=False, compare=False)
    underline_px: float = field(init=False, compare=False)
    arc_px: float = field(init=False, compare=False)
    _relations: Mapping[str, Label] = field(init=False, compare=False)
    _labels: Mapping[tuple[str, str], tuple[str, int]] = field(init=False, compare=False)
    label_ascent: float = field(init=False, compare=False)
    _drawn: _Drawn = field(init=False, compare=False)
    _label_widths: dict[str, float] = field(init=False, compare=False)
    _colours: dict[int, tuple[QColor, QColor]] = field(init=False, compare=False)

    @property
    def size(self) -> tuple[str, float, int, float, Density]:
        """Everything that decides where text and spans stand: two styles that agree in it differ in colours only."""
        return self.family, self.text_px, self.measure_chars, self.spacing, self.density

    @property
    def measure_px(self) -> float:
        """The width of the text column."""
        return self.measure_chars * self.char_px * 0.93

    @property
    def pitch_px(self) -> float:
        """The distance of two lines that need no more than one row of labels and one lane."""
        return self.gap_px + self.label_px + self.lift_px + self.line_px + self.lane_px

    def label_text(self, span: Span) -> str:
        """What stands above a span: the label's name, and for a suggestion its score."""
        name = self._labels.get((span.layer, span.label), (span.label, 0))[0]
        if span.decided or span.score is None:
            return name
        return f"{name} {score_text(span.score)}"

    def label_width(self, text: str) -> float:
        """The width of a label, measured once."""
        if text not in self._label_widths:
            self._label_widths[text] = self.label_metrics.horizontalAdvance(text)
        return self._label_widths[text]

    def static(self, text: str) -> QStaticText:
        """A label's text laid out once."""
        if (held := self._drawn.texts.get(text)) is None:
            held = self._drawn.texts[text] = QStaticText(text)
            held.setTextFormat(Qt.TextFormat.PlainText)
            held.prepare(QTransform(), self.label_font)
        return held

    def outline_pen(self, span: Span, doubt_step: int) -> QPen:
        """The dashes around a suggestion: thicker when it is doubtful, and the fuller the stronger the doubt."""
        key = self._hue_of(span), doubt_step
        if (held := self._drawn.outlines.get(key)) is None:
            held = self._drawn.outlines[key] = self._make_outline(*key)
        return held

    def link_pen(self, span: Span) -> QPen:
        """The dots between the fragments of a span."""
        hue = self._hue_of(span)
        if (held := self._drawn.links.get(hue)) is None:
            width = self._thin_px
            held = QPen(self._colours_of_hue(hue)[1], width, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
            held.setDashPattern([1.0, 2.0])
            self._drawn.links[hue] = held
        return held

    def wave_tile(self, step: int, ratio: float) -> QPixmap:
        """One wave of the line under a doubtful place, for a screen with ``ratio`` pixels a pixel."""
        if (held := self._drawn.waves.get((step, ratio))) is None:
            colour = QColor(self.theme.dim)
            colour.setAlphaF(_WAVE_OPACITY[step])
            held = self._drawn.waves[step, ratio] = _wave(colour, 0.55 * self.underline_px, ratio)
        return held

    @property
    def _thin_px(self) -> int:
        """Half a span's line, in whole pixels: sharp lines cost a twentieth of smoothed ones."""
        return max(round(self.underline_px / 2), 1)

    def _make_outline(self, hue: int, doubt_step: int) -> QPen:
        width = self._thin_px + (doubt_step > 0)
        ink = QColor(self._colours_of_hue(hue)[1])
        ink.setAlphaF(_OUTLINE_OPACITY[doubt_step])
        pen = QPen(ink, width, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.FlatCap)
        pen.setDashPattern([4.0 / width, 3.0 / width])
        return pen

    def relation_name(self, relation: Relation) -> str:
        """The name of a relation's label."""
        label = self._relations.get(relation.label)
        return label.name if label else relation.label

    def relation_text(self, relation: Relation) -> str:
        """What stands on an arc: the name, and the choices and flags that it carries: ``met (likely, denied)``."""
        name = self.relation_name(relation)
        if not relation.attributes:
            return name
        shown = [one for one in self.scheme.relation_attributes if one.kind is not AttributeKind.TEXT]
        held = ((one.name, relation.attributes.get(one.name)) for one in shown)
        words = [name if value is True else str(value) for name, value in held if value is not None]
        return f"{name} ({', '.join(words)})" if words else name

    def relation_width(self, text: str) -> float:
        """The width of a relation's name."""
        return self.relation_metrics.horizontalAdvance(text)

    def relation_ink(self, relation: Relation) -> QColor:
        """The colour of an arc and its name."""
        label = self._relations.get(relation.label)
        return self._colours_of_hue(label.hue if label else HUES[0])[1]

    def shortened_relation(self, text: str, width: float) -> str:
        """A relation's name as far as it fits into ``width`` pixels."""
        return self.relation_metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def ink(self, span: Span) -> QColor:
        """The colour of a span's line and label."""
        return self._colours_of(span)[1]

    def tint(self, span: Span) -> QColor:
        """The ground of a decided span."""
        return self._colours_of(span)[0]

    def shortened(self, text: str, width: float) -> str:
        """A label as far as it fits into ``width`` pixels."""
        if self.label_width(text) <= width + 0.5:
            return text
        return self.label_metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)

    def _colours_of(self, span: Span) -> tuple[QColor, QColor]:
        return self._colours_of_hue(self._hue_of(span))

    def _hue_of(self, span: Span) -> int:
        return self._labels.get((span.layer, span.label), ("", HUES[0]))[1]

    def _colours_of_hue(self, hue: int) -> tuple[QColor, QColor]:
        """Tint and ink, looked up once a hue: finding the nearest hue for each box was a quarter of painting."""
        if hue not in self._colours:
            self._colours[hue] = QColor(self.theme.tint(hue)), QColor(self.theme.ink(hue))
        return self._colours[hue]


def score_text(score: float) -> str:
    """A score as shown everywhere: ``.65``, and ``1.0`` for certainty."""
    return "1.0" if score >= 0.995 else f"{score:.2f}"[1:]


def _label_font(pixel_size: float) -> QFont:
    font = interface_font(pixel_size, QFont.Weight.DemiBold)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.2)
    font.setCapitalization(QFont.Capitalization.AllUppercase)
    return font


def _names_and_hues(scheme: LabelScheme) -> dict[tuple[str, str], tuple[str, int]]:
    return {(layer.name, label.id): (label.name, label.hue) for layer, label in scheme.labels}


def _wave(colour: QColor, width: float, ratio: float) -> QPixmap:
    """A zigzag that goes on at its edges; smoothed it looks like a wave."""
    tile = QPixmap(round(WAVE_PX * ratio), round(WAVE_HIGH_PX * ratio))
    tile.setDevicePixelRatio(ratio)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colour, width))
    half = WAVE_PX / 2
    painter.drawPolyline(QPolygonF([QPointF(n * half, 1.0 + 1.8 * (n % 2)) for n in range(-1, 4)]))
    painter.end()
    return tile
