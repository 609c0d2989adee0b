"""Propagate: which other places of the same words are to get the label. A list to look through; Enter applies."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QListView, QStyleOptionViewItem, QWidget

from annotator.domain.labels import LabelScheme
from annotator.domain.propagation import Offer, Place, Rules
from annotator.ui.dialogs.choice_box import TickBox
from annotator.ui.dialogs.sheet import Sheet, text_label
from annotator.ui.dialogs.words import counted, how_far_in_words
from annotator.ui.fonts import interface_font
from annotator.ui.models.place_list import ROW_ROLE, PlaceListModel, PlaceRow
from annotator.ui.panels.context_line import draw_context
from annotator.ui.panels.delegates import Index, ThemedDelegate
from annotator.ui.tasks import Finished, HowFar, Outcome, Task
from annotator.ui.theme import Theme
from annotator.workflows.propagating import DocumentPlaces

WIDTH_PX, LIST_PX, ROW_PX = 860, 330, 30
BOX_PX, PAD_PX, ABOUT_PX, TITLE_PX = 15, 10, 110, 150
LOOK_MS = 60
MOST_SURFACE = 40


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: places by document, and which of the documents were done."""

    offer: Offer
    places: dict[int, list[Place]]
    done: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the places come from. ``here``: the open document's, at once; ``elsewhere``: starts a search of all others
    and returns its task and what takes out the places found so far. None: the open document only.
    """

    here: Callable[[Offer], DocumentPlaces]
    elsewhere: Callable[[Offer], tuple[Task, Callable[[], list[DocumentPlaces]]]] | None = None


class PlaceDelegate(ThemedDelegate):
    """A check box, the words in their context, what is there, and the document."""

    row_px = ROW_PX

    def __init__(self, model: PlaceListModel, theme: Theme, *, has_titles: bool) -> None:
        super().__init__()
        self.theme = theme
        self._model = model
        self._title_px = TITLE_PX if has_titles else 0

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: PlaceRow = index.data(ROW_ROLE)
        about, hue, is_decided = self._model.label_of(row)
        painter.save()
        self.paint_ground(painter, option)
        rect = QRectF(option.rect).adjusted(PAD_PX, 0, -PAD_PX, 0)
        if row.place.is_allowed:
            self._draw_box(painter, QRectF(rect.left(), rect.center().y() - BOX_PX / 2, BOX_PX, BOX_PX),
                is_checked=self._model.is_checked(row))  # fmt: skip
        right = rect.right() - self._title_px
        line = QRectF(rect.left() + BOX_PX + PAD_PX, rect.top(), right - ABOUT_PX - rect.left() - BOX_PX - 2 * PAD_PX,
            rect.height())  # fmt: skip
        texts = (row.held.before, row.held.words, row.held.after)
        draw_context(painter, line, texts, self.theme, hue, is_decided=is_decided)
        self._draw(painter, QRectF(right - ABOUT_PX, rect.top(), ABOUT_PX - PAD_PX, rect.height()), about,
            self.theme.text if hue is None else self.theme.ink(hue), QFont.Weight.DemiBold)  # fmt: skip
        if self._title_px:
            self._draw(painter, QRectF(right, rect.top(), self._title_px, rect.height()), row.title, self.theme.dim)
        painter.restore()

    def _draw_box(self, painter: QPainter, rect: QRectF, *, is_checked: bool) -> None:
        painter.setPen(QPen(QColor(self.theme.accent if is_checked else self.theme.dim), 1))
        painter.setBrush(QColor(self.theme.accent if is_checked else self.theme.page))
        painter.drawRoundedRect(rect, 3, 3)
        if is_checked:
            painter.setPen(QPen(QColor(self.theme.page), 1.8, c=Qt.PenCapStyle.RoundCap))
            corners = [(0.26, 0.52), (0.44, 0.70), (0.76, 0.32)]
            painter.drawPolyline(
                QPolygonF([QPointF(rect.x() + x * rect.width(), rect.y() + y * rect.height()) for x, y in corners])
            )

    @staticmethod
    def _draw(
        painter: QPainter, rect: QRectF, text: str, colour: str, weight: QFont.Weight = QFont.Weight.Normal
    ) -> None:
        font = interface_font(11, weight)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        painter.drawText(rect, int(align) | int(Qt.TextFlag.TextSingleLine), shown)


class PlaceList(QListView):
    """``applied``: Enter. Space checks a place, A all or none; a click on a box checks it."""

    applied = Signal()

    def __init__(self, model: PlaceListModel, delegate: PlaceDelegate) -> None:
        super().__init__()
        self._places = model
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Places")
        self.setMinimumHeight(LIST_PX)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.applied.emit()
            case Qt.Key.Key_Space:
                self._places.toggle(self.currentIndex().row())
            case Qt.Key.Key_A:
                self._places.check_all(is_checked=not self._places.is_all_checked)
            case _:
                super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self._places.toggle(index.row())


class PropagateSheet(Sheet):
    """``chosen`` carries a `Chosen`. The places of the open document come first, then those of the others."""

    chosen = Signal(object)

    def __init__(
        self, offer: Offer, scheme: LabelScheme, sources: Sources, theme: Theme, parent: QWidget | None = None
    ) -> None:
        self._is_corpus = sources.elsewhere is not None
        super().__init__(_title(offer, scheme, is_corpus=self._is_corpus), "Apply", parent, width_px=WIDTH_PX)
        self._offer = offer
        self._label = scheme.name_of(offer.label, offer.layer)
        self._sources = sources
        self._task: Task | None = None
        self._take: Callable[[], list[DocumentPlaces]] = list
        self.model = PlaceListModel(scheme)
        self._delegate = PlaceDelegate(self.model, theme, has_titles=self._is_corpus)
        self.list = PlaceList(self.model, self._delegate)
        self.whole_words = TickBox("Whole words")
        self.match_case = TickBox("Match case")
        self.counts = text_label("", "dim")
        self._looking = QTimer(self, interval=LOOK_MS)
        self._assemble()
        self._search()

    @property
    def rules(self) -> Rules:
        """The rules as they are set."""
        return Rules(self.whole_words.isChecked(), self.match_case.isChecked())

    @property
    def is_searching(self) -> bool:
        """Whether more places may come."""
        return self._task is not None

    def _assemble(self) -> None:
        options = QHBoxLayout()
        options.setSpacing(18)
        for box, is_on in (
            (self.whole_words, self._offer.rules.whole_words),
            (self.match_case, self._offer.rules.match_case),
        ):
            box.setChecked(is_on)
            box.toggled.connect(self._search)
            options.addWidget(box)
        options.addWidget(self.counts, 1)
        self.counts.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.body.addWidget(self.list, 1)
        self.body.addLayout(options)
        self.first = self.list
        self.list.applied.connect(self._apply)
        self.go.clicked.connect(self._apply)
        self.model.checks_changed.connect(self._refresh)
        self._looking.timeout.connect(self._on_looking_due)
        self.finished.connect(self._stop)

    def _search(self) -> None:
        self._stop()
        self._offer = Offer(self._offer.surface, self._offer.label, self._offer.layer, self.rules)
        self.model.clear()
        if self._sources.elsewhere is not None:
            self._task, self._take = self._sources.elsewhere(self._offer)
            self._task.progressed.connect(self._on_progressed)
            self._task.ended.connect(self._on_ended)
            self._looking.start()
        self.model.add([self._sources.here(self._offer)])
        self._go_to_first()

    def _stop(self) -> None:
        self._looking.stop()
        if self._task is not None:
            self._task.cancel()
        self._task = None

    def _go_to_first(self) -> None:
        if self.model.rows and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.model.index(0))

    def _apply(self) -> None:
        if not self.model.checked:
            return
        chosen = Chosen(self._offer, self.model.chosen(), self.model.done)
        self.accept()
        self.chosen.emit(chosen)

    def _refresh(self) -> None:
        number = self.model.checked
        so_far = " found so far" if self.is_searching else ""
        self.go.setText(f"Apply to {counted(number, 'place')}{so_far}" if number else "Apply")
        self.go.setEnabled(number > 0)
        found = [counted(len(self.model.rows), "place")]
        if self.model.same:
            found.append(f"{self.model.same:,} more {'has' if self.model.same == 1 else 'have'} {self._label} already")
        self.counts.setText(" · ".join(found))
        if not self.is_searching:
            self.say(self._consequence())

    def _consequence(self) -> str:
        keys = "Space checks a place, A all or none."
        if not self.model.rows:
            return "There is no other place with these rules."
        if reopened := self.model.reopened:
            verb = "is" if reopened == 1 else "are"
            return f"{counted(reopened, 'document')} that {verb} done will be in progress again. {keys}"
        return f"In other articles these are suggestions. {keys}" if self._is_corpus else keys

    def _on_looking_due(self) -> None:
        if found := self._take():
            self.model.add(found)
            self._go_to_first()

    def _on_progressed(self, how_far: HowFar) -> None:
        if self.is_searching:
            self.say(f"Searching: {how_far_in_words(how_far)}")

    def _on_ended(self, job_id: int, outcome: Outcome) -> None:
        if self._task is None or self._task.id != job_id:
            return
        self._looking.stop()
        self._task = None
        self.model.add(self._take())
        self._go_to_first()
        if not isinstance(outcome, Finished):
            self.say("The search did not come to its end: there may be more places.", is_bad=True)


def _title(offer: Offer, scheme: LabelScheme, *, is_corpus: bool) -> str:
    surface = " ".join(offer.surface.split())
    if len(surface) > MOST_SURFACE:
        surface = surface[: MOST_SURFACE - 1] + "…"
    where = "in all articles" if is_corpus else "in this article"
    return f"Label “\u2068{surface}\u2069” as {scheme.name_of(offer.label, offer.layer)} {where}"
