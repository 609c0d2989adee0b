"""Keyword in context: a table of places with what stands around each, to walk, check and correct by keys."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QPolygonF,
    QResizeEvent,
    QTextOption,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from annotator.domain.hits import Hit
from annotator.domain.labels import LabelScheme
from annotator.ui.fonts import interface_font, text_font
from annotator.ui.icons import draw_swatch, swatch_icon
from annotator.ui.models.kwic import (
    CHECKED_ROLE,
    DOCUMENT,
    HIT_ROLE,
    HUE_ROLE,
    LABEL,
    PLACE,
    SCORE,
    KwicModel,
    is_right_to_left,
)
from annotator.ui.theme import LIGHT, Theme

Index = QModelIndex | QPersistentModelIndex
ROW_PX = 30
CHECK_PX = 34
"""The room of the box at the left end of a row."""
BOX_PX = 14
LABEL_PX, DOCUMENT_PX, SCORE_PX = 128, 230, 48
GAP_PX, PAD_PX = 5, 3
BEFORE_SHARE = 0.42
"""Where the hit begins, as a share of the room for it: what follows tells more than what goes before."""
MOST_HIT_SHARE = 0.4


class KwicTable(QTableView):
    """The places of a search.

    ``place_chosen`` carries the `Hit` that is to be shown in its article; ``label_chosen`` carries (label id, layer)
    for the `chosen` hits; ``remove_requested`` and ``accept_requested`` are about these, too. ``left``: Escape, when
    nothing is checked any more.
    """

    place_chosen = Signal(object)
    label_chosen = Signal(str, str)
    remove_requested = Signal()
    accept_requested = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.hits = KwicModel()
        self._scheme = LabelScheme("none")
        self._keys: dict[str, tuple[str, str]] = {}
        self._delegate = _KwicDelegate()
        self.setObjectName("kwic")
        self.setModel(self.hits)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Places")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.horizontalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(10)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setMinimumSectionSize(ROW_PX)
        rows.setDefaultSectionSize(ROW_PX)
        self.doubleClicked.connect(lambda _: self._choose())

    @property
    def current(self) -> Hit | None:
        """The hit under the cursor."""
        hit = self.currentIndex().data(HIT_ROLE)
        return hit if isinstance(hit, Hit) else None

    @property
    def chosen(self) -> list[Hit]:
        """What a correction is about: the checked hits, else the current one."""
        if checked := self.hits.checked:
            return checked
        return [self.current] if self.current is not None else []

    def show_scheme(self, scheme: LabelScheme, keys: dict[tuple[str, str], str]) -> None:
        """The labels and their keys by (label id, layer)."""
        self._scheme = scheme
        self._keys = {key.upper(): label for label, key in keys.items() if key}
        self.hits.show_scheme(scheme)

    def show_hits(self, hits: list[Hit]) -> None:
        """Replace every row; the first one is current."""
        self.hits.show(hits)
        self.begin()

    def begin(self) -> None:
        """Make the first row current unless one is."""
        if not self.currentIndex().isValid() and self.hits.rowCount():
            self.setCurrentIndex(self.hits.index(0, PLACE))

    def set_theme(self, theme: Theme) -> None:
        """Colours of the rows."""
        self._delegate.theme = theme
        self.viewport().update()

    def fill_label_menu(self, menu: QMenu) -> None:
        """One entry for each label, with its key."""
        shown = {label: key for key, label in self._keys.items()}
        for layer, label in self._scheme.labels:
            key = shown.get((label.id, layer.name), "")
            action = menu.addAction(swatch_icon(self._delegate.theme, label.hue), f"{label.name}\t{key.lower()}")
            action.triggered.connect(
                lambda _checked=False, id_=label.id, name=layer.name: self.label_chosen.emit(id_, name)
            )

    def _choose(self) -> None:
        if (hit := self.current) is not None:
            self.place_chosen.emit(hit)

    def _toggle_all(self) -> None:
        self.hits.check_all(is_checked=len(self.hits.checked) < self.hits.rowCount())

    def _leave(self) -> None:
        if self.hits.checked:
            self.hits.check_all(is_checked=False)
        else:
            self.left.emit()

    def _find_check(self, point: QPoint) -> int | None:
        """The row whose box is at ``point``, or None."""
        index = self.indexAt(point)
        return index.row() if index.isValid() and point.x() < CHECK_PX else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, has_control = Qt.Key(event.key()), event.modifiers() == Qt.KeyboardModifier.ControlModifier
        is_plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if has_control and key == Qt.Key.Key_A:
            self._toggle_all()
        elif is_plain and (label := self._keys.get(event.text().upper())) is not None:
            self.label_chosen.emit(*label)
        elif is_plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose()
        elif is_plain and key == Qt.Key.Key_Space:
            self.hits.toggle(self.currentIndex().row())
        elif is_plain and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_X):
            self.remove_requested.emit()
        elif is_plain and key == Qt.Key.Key_A:
            self.accept_requested.emit()
        elif is_plain and key == Qt.Key.Key_Escape:
            self._leave()
        elif event.text().isprintable() and event.text() and not has_control:
            event.ignore()  # no search by letters as Qt has it: the page may know the key
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._find_check(event.position().toPoint())
        if row is not None and event.button() is Qt.MouseButton.LeftButton:
            self.hits.toggle(row)
        else:
            super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._find_check(event.position().toPoint()) is not None:
            self.mousePressEvent(event)
        else:
            super().mouseDoubleClickEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if not self.chosen:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Show in the article\tEnter").triggered.connect(self._choose)
        self.fill_label_menu(menu.addMenu("Label as"))
        menu.addAction("Accept\tA").triggered.connect(self.accept_requested)
        menu.addAction("Remove\tDel").triggered.connect(self.remove_requested)
        menu.popup(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width()
        document = min(DOCUMENT_PX, room // 5)
        for column, width in ((LABEL, LABEL_PX), (DOCUMENT, document), (SCORE, SCORE_PX)):
            self.setColumnWidth(column, width)
        self.setColumnWidth(PLACE, max(room - LABEL_PX - document - SCORE_PX, 200))


class _KwicDelegate(QStyledItemDelegate):
    """Draws the four cells of a row."""

    def __init__(self) -> None:
        super().__init__()
        self.theme: Theme = LIGHT

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(option.rect)
        self._paint_ground(painter, option, index)
        hit, rect = index.data(HIT_ROLE), option.rect
        match index.column():
            case 0:
                self._paint_check(painter, rect, is_checked=index.data(CHECKED_ROLE))
                self._paint_place(painter, rect.adjusted(CHECK_PX, 0, -8, 0), hit, index.data(HUE_ROLE))
            case 1:
                self._paint_label(painter, rect, hit, str(index.data()), index.data(HUE_ROLE))
            case _:
                align = Qt.AlignmentFlag.AlignRight if index.column() == SCORE else Qt.AlignmentFlag.AlignLeft
                room = rect.adjusted(4, 0, -10, 0)
                _draw(painter, room, str(index.data()), interface_font(12), self.theme.dim, align)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The current row has a ground of its own and a bar at its left; both are outlined while it is walked."""
        if not option.state & QStyle.StateFlag.State_Selected:
            return
        painter.fillRect(option.rect, QColor(self.theme.selection))
        table = option.widget
        if table is not None and table.hasFocus():
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            rect = QRectF(option.rect).adjusted(0, 0.5, 0, -0.5)
            painter.drawLine(rect.topLeft(), rect.topRight())
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if index.column() == PLACE:
            painter.fillRect(QRect(option.rect.left(), option.rect.top(), 3, ROW_PX), QColor(self.theme.accent))

    def _paint_check(self, painter: QPainter, rect: QRect, *, is_checked: bool) -> None:
        box = QRectF(rect.left() + 11, rect.center().y() - BOX_PX / 2 + 0.5, BOX_PX, BOX_PX)
        painter.setPen(QPen(QColor(self.theme.accent if is_checked else self.theme.dim), 1))
        painter.setBrush(QColor(self.theme.accent) if is_checked else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 3.5, 3.5)
        if is_checked:
            painter.setPen(QPen(QColor(self.theme.page), 1.8, c=Qt.PenCapStyle.RoundCap))
            corners = [(0.26, 0.52), (0.44, 0.70), (0.76, 0.32)]
            painter.drawPolyline(QPolygonF([QPointF(box.x() + x * BOX_PX, box.y() + y * BOX_PX) for x, y in corners]))

    def _paint_place(self, painter: QPainter, rect: QRect, hit: Hit, hue: int) -> None:
        plain, bold = text_font(14), text_font(14)
        bold.setWeight(QFont.Weight.Bold)
        bold.setStrikeOut(hit.is_gone)
        words = _in_a_line(hit.text) or "␣"
        words = QFontMetrics(bold).elidedText(words, Qt.TextElideMode.ElideMiddle, int(rect.width() * MOST_HIT_SHARE))
        width = QFontMetrics(bold).horizontalAdvance(words) + 2 * PAD_PX
        is_rtl = is_right_to_left(hit)
        start = rect.left() + int(rect.width() * BEFORE_SHARE)
        left = rect.right() - int(rect.width() * BEFORE_SHARE) - width if is_rtl else start
        box = QRect(left, rect.top() + 4, width, rect.height() - 8)
        has_span = bool(hit.span_id) and not hit.is_gone
        if has_span:
            draw_swatch(painter, QRectF(box), self.theme, hue, is_suggestion=not hit.is_decided)
        colour = self.theme.ink(hue) if has_span else self.theme.dim if hit.is_gone else self.theme.text
        _draw(painter, box, words, bold, colour, Qt.AlignmentFlag.AlignHCenter, is_rtl=is_rtl)
        before, after = _area(rect, box, is_left=not is_rtl), _area(rect, box, is_left=is_rtl)
        near_left, near_right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        before_side, after_side = (near_left, near_right) if is_rtl else (near_right, near_left)
        dim, shortened = self.theme.dim, Qt.TextElideMode.ElideLeft
        before, after = (
            _gapped(before, hit.left[-1:], is_left=not is_rtl),
            _gapped(after, " " if hit.is_on_document else hit.right[:1], is_left=is_rtl),
        )
        _draw(painter, before, _in_a_line(hit.left), plain, dim, before_side, is_rtl=is_rtl, elide=shortened)
        follows = f" ✎ {hit.note}" if hit.is_on_document else hit.right
        _draw(painter, after, _in_a_line(follows), plain, dim, after_side, is_rtl=is_rtl)

    def _paint_label(self, painter: QPainter, rect: QRect, hit: Hit, name: str, hue: int) -> None:
        has_span = bool(hit.span_id) and not hit.is_gone
        if has_span:
            mark = QRectF(rect.left() + 4, rect.center().y() - 5, 13, 11)
            draw_swatch(painter, mark, self.theme, hue, is_suggestion=not hit.is_decided)
        colour = self.theme.text if has_span else self.theme.dim
        note_px = 18 if hit.note else 0
        _draw(painter, rect.adjusted(24, 0, -6 - note_px, 0), name, interface_font(12), colour)
        if hit.note:
            room = QRect(rect.right() - note_px, rect.top(), note_px, rect.height())
            _draw(painter, room, "✎", interface_font(12), self.theme.accent)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: ARG002
        return QSize(60, ROW_PX)


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def _area(rect: QRect, box: QRect, *, is_left: bool) -> QRect:
    """The room on one side of the hit."""
    if is_left:
        return QRect(rect.left(), rect.top(), box.left() - rect.left(), rect.height())
    return QRect(box.right() + 1, rect.top(), rect.right() - box.right(), rect.height())


def _gapped(area: QRect, neighbour: str, *, is_left: bool) -> QRect:
    """The room without the space that stands between a context and the hit."""
    gap = GAP_PX if neighbour.isspace() else 0
    return area.adjusted(0, 0, -gap, 0) if is_left else area.adjusted(gap, 0, 0, 0)


def _draw(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    colour: str,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    *,
    is_rtl: bool = False,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    if rect.width() < 8 or not text:
        return
    painter.setFont(font)
    painter.setPen(QColor(colour))
    options = QTextOption(align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
    options.setWrapMode(QTextOption.WrapMode.NoWrap)
    options.setTextDirection(Qt.LayoutDirection.RightToLeft if is_rtl else Qt.LayoutDirection.LeftToRight)
    painter.drawText(QRectF(rect), QFontMetrics(font).elidedText(text, elide, rect.width()), options)
