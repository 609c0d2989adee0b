"""The guideline beside the text kept true to the project: what it says, which examples still hold, where one reads."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QMessageBox

from annotator.domain.guidelines import Heading, guideline_from_scheme, headings_of, rules_of
from annotator.domain.spans import Span
from annotator.workflows.guidelines import Example, GuidelineView, Pinned, PinReport
from annotator.workflows.saving import Saved

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

REFRESH_MS = 250
FLUSH_S = 1.0
PAGE = "guidelines"
OUTSIDE_SCHEMES = ("http", "https", "mailto")


class GuidelinesBeside(QObject):
    """The column and the keys G and Shift+G of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.column = window.frame.guidelines
        self._placing = window.frame.placing
        self._view = GuidelineView(None, ())
        self._soon = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._soon.timeout.connect(self.refresh)
        self._connect()

    @property
    def is_shown(self) -> bool:
        """Whether the guideline stands beside the text."""
        return self._placing.is_wanted

    def toggle(self) -> None:
        """Show or hide it, and remember that."""
        self._placing.show(is_wanted=not self.is_shown)
        self.refresh()
        if not self.is_shown and not self._window.focusWidget():
            self._window.canvas.setFocus()

    def refresh(self) -> None:
        """Read the guideline and its examples anew, if they are shown."""
        if self.is_shown:
            self._read()

    def pin(self, *, is_positive: bool, rule: str | None = None) -> None:
        """Pin the current span, or take its pin away. Without a ``rule`` a small menu asks when there are several."""
        span = self._current_span()
        if span is None:
            self._window.say("No span is current: Tab goes to the next one, or click one.")
            return
        self._read()
        rules = rules_of(self._headings(), span.label, span.layer)
        if rule is None and len(rules) > 1 and not self._is_pinned(span, is_positive=is_positive):
            self._ask_rule(span, rules, is_positive=is_positive)
        else:
            self._pin(is_positive=is_positive, rule=rule or "")

    def edit(self) -> None:
        """Write the guideline on a page of its own."""
        self._window.pages.show(PAGE)

    def _connect(self) -> None:
        window, column, browser = self._window, self.column, self.column.browser
        window.canvas.current_span_changed.connect(self._on_current_span_changed)
        window.save_state_changed.connect(self._on_save_state_changed)
        column.pin_requested.connect(lambda is_positive, rule: self.pin(is_positive=is_positive, rule=rule))
        column.edit_requested.connect(self.edit)
        column.making_requested.connect(self._on_making_requested)
        browser.example_chosen.connect(self._on_example_chosen)
        browser.pin_again_requested.connect(self._on_pin_again_requested)
        browser.removal_requested.connect(self._on_removal_requested)
        browser.outside_link_chosen.connect(self._on_outside_link_chosen)

    def _read(self) -> None:
        project, session = self._window.project, self._window.session
        if project is None or session is None:
            return
        with self._window.saying_faults():
            self._view = project.guidelines.view(session.scheme)
            if self.is_shown:
                self.column.show_view(self._view, session.scheme)
                self.column.follow_span(self._current_span())

    def _headings(self) -> list[Heading]:
        session = self._window.session
        if session is None or self._view.guideline is None:
            return []
        return headings_of(self._view.guideline.body, session.scheme)

    def _current_span(self) -> Span | None:
        session, span_id = self._window.session, self._window.canvas.current_span_id
        if session is None or session.key is None or span_id is None:
            return None
        return session.doc.spans.find(span_id)

    def _is_pinned(self, span: Span, *, is_positive: bool) -> bool:
        session = self._window.session
        assert session is not None
        wanted = (session.key, session.annotator, span.start, span.end, span.label, is_positive)
        pins = (example.pin for example in self._view.examples)
        return any((pin.key, pin.annotator, pin.start, pin.end, pin.label, pin.is_positive) == wanted for pin in pins)

    def _ask_rule(self, span: Span, rules: list[Heading], *, is_positive: bool) -> None:
        """A small menu at the span: which of the headings that name its label it is an example of."""
        menu = QMenu(self._window)
        menu.setAccessibleName("Pin to which rule")
        for heading in rules:
            action = menu.addAction(heading.text.replace("&", "&&"))
            pin = partial(self._pin, is_positive=is_positive, rule=heading.text)
            action.triggered.connect(lambda _checked=False, pin=pin: pin())
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._below(span))
        menu.setActiveAction(menu.actions()[0])

    def _below(self, span: Span) -> QPoint:
        canvas = self._window.canvas
        if canvas.page is None or not (rects := canvas.page.rects_of(span.start, span.end)):
            return canvas.mapToGlobal(QPoint(0, 0))
        origin = canvas.page_point(QPoint(0, 0).toPointF())
        corner = rects[0].bottomLeft() - origin
        return canvas.viewport().mapToGlobal(corner.toPoint() + QPoint(0, 6))

    def _pin(self, *, is_positive: bool, rule: str) -> None:
        project, session, span = self._window.project, self._window.session, self._current_span()
        if project is None or session is None or session.key is None or span is None:
            return
        session.saver.flush(FLUSH_S)
        with self._window.saying_faults():
            report = project.guidelines.pin(session.key, session.doc, span.id, is_positive=is_positive, rule=rule)
            name = session.scheme.name_of(span.label, span.layer)
            words = pinned_in_words(report, f"{name}, rule “{rule}”" if rule and rule != name else name)
            self._window.say(words)
            self._window.canvas.announce(words)
        self.refresh()

    def _find_example(self, pin_id: int) -> Example | None:
        return next((example for example in self._view.examples if example.pin.id == pin_id), None)

    def _on_current_span_changed(self) -> None:
        if self.is_shown:
            self.column.follow_span(self._current_span())
            self._soon.start()  # another document may be open

    def _on_save_state_changed(self, state: object) -> None:
        if self.is_shown and isinstance(state, Saved):
            self._soon.start()  # an edit may have made an example stale

    def _on_making_requested(self) -> None:
        project, session = self._window.project, self._window.session
        if project is None or session is None:
            return
        with self._window.saying_faults():
            project.guidelines.save(guideline_from_scheme(session.scheme), session.annotator)
        self.refresh()

    def _on_example_chosen(self, pin_id: int) -> None:
        example = self._find_example(pin_id)
        if example is None:
            return
        pin, now = example.pin, example.now
        if now is not None:
            self._window.go_to(pin.key, now.start, now.end, span_id=now.id)
        else:
            self._window.go_to(pin.key, pin.start, pin.end, span_id=pin.span_id)

    def _on_pin_again_requested(self, pin_id: int) -> None:
        project, example = self._window.project, self._find_example(pin_id)
        if project is not None and example is not None:
            with self._window.saying_faults():
                project.guidelines.pin_again(example)
            self.refresh()

    def _on_removal_requested(self, pin_id: int) -> None:
        if (project := self._window.project) is not None:
            with self._window.saying_faults():
                project.guidelines.remove(pin_id)
            self.refresh()

    def _on_outside_link_chosen(self, url: QUrl) -> None:
        if url.scheme() not in OUTSIDE_SCHEMES:
            self._window.say("This link leads to no web address, so it is not opened.")
            return
        ask = QMessageBox(self._window)
        ask.setWindowTitle("Open a link")
        ask.setText("Open this address outside Annotator?")
        ask.setInformativeText(url.toDisplayString())
        opening = ask.addButton("Open", QMessageBox.ButtonRole.AcceptRole)
        ask.setDefaultButton(ask.addButton(QMessageBox.StandardButton.Cancel))
        opening.clicked.connect(lambda: open_outside(url))
        ask.finished.connect(ask.deleteLater)
        ask.open()


def open_outside(url: QUrl) -> None:
    """Hand an address to the system's browser."""
    QDesktopServices.openUrl(url)


def pinned_in_words(report: PinReport, label: str) -> str:
    """What a key did, and how to take it back: a pin is no edit, so Ctrl+Z does not."""
    key = "G" if report.pin.is_positive else "Shift+G"
    what = f"an example of {label}" if report.pin.is_positive else f"an example of what is not {label}"
    match report.outcome:
        case Pinned.TAKEN_AWAY:
            return f"Not pinned as {what} any more."
        case Pinned.TURNED | Pinned.ADDED if report.is_contradicted:
            return f"Pinned as {what}, though it is labelled so: relabel or remove it. {key} again takes the pin away."
        case _:
            return f"Pinned as {what}; {key} again takes the pin away."
