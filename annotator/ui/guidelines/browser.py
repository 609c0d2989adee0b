"""Shows a guideline, follows the current span to its rule, and says which link was clicked. Loads nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QColor, QPalette, QTextDocument, QWheelEvent
from PySide6.QtWidgets import QFrame, QTextBrowser

from annotator.domain.guidelines import Heading, rules_of
from annotator.domain.labels import LabelScheme
from annotator.ui.guidelines.rendering import Section, render
from annotator.ui.stylesheet import palette_of
from annotator.ui.theme import LIGHT, Theme
from annotator.workflows.guidelines import Example

ABOVE_PX = 12


class GuidelineBrowser(QTextBrowser):
    """``example_chosen``, ``pin_again_requested`` and ``removal_requested`` carry the id of a pin.

    ``is_on_page``: whether its ground is that of the article, not of a column. ``outside_link_chosen`` carries the
    address. ``scrolled_by_hand``: the person wants to read elsewhere.
    """

    example_chosen = Signal(int)
    pin_again_requested = Signal(int)
    removal_requested = Signal(int)
    outside_link_chosen = Signal(QUrl)
    scrolled_by_hand = Signal()

    def __init__(self, *, is_on_page: bool = False) -> None:
        super().__init__()
        self._is_on_page = is_on_page
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setAccessibleName("Guideline")
        self._theme: Theme = LIGHT
        self._shown: tuple[str, LabelScheme, Sequence[Example]] | None = None
        self._sections: list[Section] = []
        self._document: QTextDocument | None = None
        self.anchorClicked.connect(self._on_anchor_clicked)
        self.verticalScrollBar().actionTriggered.connect(lambda _action: self.scrolled_by_hand.emit())

    @property
    def headings(self) -> list[Heading]:
        """The headings, in order."""
        return [section.heading for section in self._sections]

    def show_guideline(self, body: str, scheme: LabelScheme, examples: Sequence[Example] = ()) -> None:
        """Show a guideline at the place where it was read."""
        top, before = self.verticalScrollBar().value(), self._document
        self._shown = (body, scheme, examples)
        # Made apart: a document that is shown would look for its pictures before they are replaced.
        self._document = QTextDocument(self)
        self._sections = render(self._document, body, scheme, self._theme, examples)
        self.setDocument(self._document)
        if before is not None:
            before.deleteLater()
        self.document().size()  # lays everything out, so that there is where to scroll to
        self.verticalScrollBar().setValue(top)

    def set_theme(self, theme: Theme) -> None:
        """Change the colours."""
        self._theme = theme
        ground = theme.page if self._is_on_page else theme.panel
        palette = palette_of(theme)
        palette.setColor(QPalette.ColorRole.Base, QColor(ground))
        self.setPalette(palette)
        self.setStyleSheet(f"QTextBrowser {{ background: {ground}; color: {theme.text}; border: none; }}")
        if self._shown is not None:
            self.show_guideline(*self._shown)

    def go_to_label(self, label: str, layer: str) -> bool:
        """Scroll to the rule of a label; false when there is none."""
        rules = rules_of(self.headings, label, layer)
        if not rules:
            return False
        self._go_to(self._sections[self.headings.index(rules[0])])
        return True

    def top_heading(self) -> Heading | None:
        """The heading of what stands at the top of the view."""
        top = self.verticalScrollBar().value() + ABOVE_PX + 1
        above = [section for section in self._sections if self._top_of(section) <= top]
        return above[-1].heading if above else None

    def _go_to(self, section: Section) -> None:
        self.verticalScrollBar().setValue(round(self._top_of(section)) - ABOVE_PX)

    def _top_of(self, section: Section) -> float:
        block = self.document().findBlock(section.position)
        return self.document().documentLayout().blockBoundingRect(block).top()

    def _on_anchor_clicked(self, url: QUrl) -> None:
        signals = {"pin": self.example_chosen, "again": self.pin_again_requested, "remove": self.removal_requested}
        if (signal := signals.get(url.scheme())) is not None and url.path().isdecimal():
            signal.emit(int(url.path()))
        elif url.hasFragment() and not url.scheme() and not url.path():
            self._go_to_named(url.fragment())
        else:
            self.outside_link_chosen.emit(url)

    def _go_to_named(self, fragment: str) -> None:
        """A link within the guideline: ``#gpe-or-org`` goes to the heading "GPE or ORG?"."""
        section = next((one for one in self._sections if _slug(one.heading.text) == fragment.casefold()), None)
        if section is not None:
            self.scrolled_by_hand.emit()
            self._go_to(section)

    def loadResource(self, _kind: int, _name: QUrl | str) -> None:
        return None  # nothing is loaded: a guideline may come from anybody

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scrolled_by_hand.emit()
        super().wheelEvent(event)


def _slug(text: str) -> str:
    """A heading as GitHub's links name it."""
    kept = "".join(char for char in text.casefold() if char.isalnum() or char in " -_")
    return kept.replace(" ", "-")
