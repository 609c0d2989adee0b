"""The guideline as a column beside the text: shown, followed, pinned to; an offer while there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from annotator.domain.guidelines import Heading
from annotator.domain.labels import LabelScheme
from annotator.domain.spans import Span
from annotator.ui.dialogs.choice_box import ChoiceBox, TickBox
from annotator.ui.dialogs.sheet import plain_button, text_label
from annotator.ui.guidelines.browser import GuidelineBrowser
from annotator.ui.theme import Theme
from annotator.workflows.guidelines import GuidelineView

WIDTH_PX = 300
ITS_LABEL = "its label"


class GuidelineColumn(QWidget):
    """``pin_requested`` carries whether it is an example or a counter-example, and the rule ("": the label's own)."""

    pin_requested = Signal(bool, str)
    edit_requested = Signal()
    making_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("guidelines")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(220)
        self._section: tuple[str, str] | None = None
        self._view: GuidelineView | None = None
        self._scheme = LabelScheme("none")
        self.title = text_label("Guideline", "strong", is_wrapped=False)
        self.about = text_label("", "small", is_wrapped=False)
        self.edit = plain_button("Edit", "link")
        self.browser = GuidelineBrowser()
        self.follow = TickBox("Follow the current span")
        self.rule = ChoiceBox()
        self.yes, self.no = plain_button("Pin as yes"), plain_button("Pin as no")
        self.make = plain_button("Make one from the labels", "primary")
        self.write = plain_button("Write one", "link")
        self.stack = QStackedWidget()
        self._assemble()
        self._connect()

    @property
    def headings(self) -> list[Heading]:
        """The headings of the guideline shown."""
        return self.browser.headings

    def show_view(self, view: GuidelineView, scheme: LabelScheme) -> None:
        """Show a guideline with its examples, or the offer to make one."""
        if (view, scheme) == (self._view, self._scheme):
            return
        is_new = self._view is None or view.guideline != self._view.guideline
        self._view, self._scheme = view, scheme
        body = view.guideline.body if view.guideline else ""
        has_any = bool(body.strip()) or bool(view.examples)
        self.browser.show_guideline(body, scheme, view.examples)
        self.stack.setCurrentIndex(0 if has_any else 1)
        self.edit.setVisible(has_any)
        self.about.setText(f"version {view.guideline.version:,}" if view.guideline else "")
        if is_new:
            self._section = None
            self._fill_rules()

    def follow_span(self, span: Span | None) -> None:
        """Go to the rule of the current span's label, unless the person reads elsewhere."""
        for widget in (self.rule, self.yes, self.no):
            widget.setEnabled(span is not None)
        if span is None or not self.follow.isChecked() or self._section == (span.label, span.layer):
            return
        if self.browser.go_to_label(span.label, span.layer):
            self._section = (span.label, span.layer)

    def set_theme(self, theme: Theme) -> None:
        """Colours of the guideline; the rest has the style sheet."""
        self.browser.set_theme(theme)

    def _fill_rules(self) -> None:
        self.rule.clear()
        self.rule.addItem(ITS_LABEL, "")
        for heading in self.headings:
            self.rule.addItem(heading.text, heading.text)

    def _assemble(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 16, 8)
        head.setSpacing(8)
        head.addWidget(self.title)
        head.addWidget(self.about)
        head.addStretch(1)
        head.addWidget(self.edit)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.stack, 1)
        self.stack.addWidget(self._guideline_page())
        self.stack.addWidget(self._offer_page())

    def _guideline_page(self) -> QWidget:
        page = QWidget()
        self.follow.setChecked(True)
        self.follow.setToolTip("Scrolling by hand ends this, until it is ticked again.")
        self.rule.setAccessibleName("Pin the current span under")
        self.rule.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.yes.setToolTip("Pin the current span as an example (G)")
        self.no.setToolTip("Pin the current span as an example of what it is not (Shift+G)")
        rule_words = QLabel("Rule")
        rule_words.setProperty("role", "dim")
        rule_words.setBuddy(self.rule)
        rule = QHBoxLayout()
        rule.setSpacing(8)
        rule.addWidget(rule_words)
        rule.addWidget(self.rule, 1)
        pins = QHBoxLayout()
        pins.setSpacing(8)
        pins.addWidget(self.yes, 1)
        pins.addWidget(self.no, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 10, 16, 12)
        foot.setSpacing(8)
        foot.addWidget(self.follow)
        foot.addLayout(rule)
        foot.addLayout(pins)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.browser, 1)
        column.addLayout(foot)
        return page

    def _offer_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 4, 16, 16)
        column.setSpacing(12)
        column.addWidget(text_label("This project has no guideline yet.", "strong"))
        words = (
            "A guideline says what each label means and where a span ends. It stands here beside the text; the rule of "
            "the current span's label is always in view, with the examples that were pinned with G."
        )
        column.addWidget(text_label(words, "dim"))
        column.addWidget(self.make)
        column.addWidget(self.write)
        column.addStretch(1)
        return page

    def _connect(self) -> None:
        self.edit.clicked.connect(self.edit_requested)
        self.write.clicked.connect(self.edit_requested)
        self.make.clicked.connect(self.making_requested)
        self.browser.scrolled_by_hand.connect(lambda: self.follow.setChecked(False))
        self.follow.toggled.connect(self._on_follow_toggled)
        self.yes.clicked.connect(lambda: self.pin_requested.emit(True, self.rule.currentData() or ""))
        self.no.clicked.connect(lambda: self.pin_requested.emit(False, self.rule.currentData() or ""))

    def _on_follow_toggled(self) -> None:
        self._section = None
