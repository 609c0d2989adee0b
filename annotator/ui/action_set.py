"""The table of actions as Qt actions: in menus, under keys, enabled when they make sense."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from annotator.domain.labels import LabelScheme
from annotator.ui.actions import ACTIONS, MENUS, SEPARATED, ActionSpec, When, Where, label_actions
from annotator.ui.commands import Commands
from annotator.ui.icons import swatch_icon
from annotator.ui.theme import LIGHT, Theme

CONTEXT_OF_SPAN = ("span.accept", "span.remove", "edge.left.grow", "edge.left.shrink", "edge.right.shrink",
    "edge.right.grow")  # fmt: skip


class ActionSet:
    """Qt actions for every `ActionSpec`, and for the labels of the open project's scheme."""

    def __init__(self, window: QMainWindow, article: QWidget, commands: Commands) -> None:
        self.commands = commands
        self._window = window
        self._article = article
        self._made: dict[str, tuple[ActionSpec, QAction]] = {}
        self._labels: list[str] = []
        self._scheme = LabelScheme("none")
        self._there: set[When] = {When.ALWAYS}
        self._theme: Theme = LIGHT
        self._menus = {name: window.menuBar().addMenu(f"&{name}") for name in MENUS}
        for name, menu in self._menus.items():
            menu.setAccessibleName(name)
            menu.aboutToShow.connect(self.refresh_switches)
        for spec in ACTIONS:
            self._add(spec)

    @property
    def specs(self) -> list[ActionSpec]:
        """Every action there is now, labels included."""
        return [spec for spec, _ in self._made.values()]

    def action(self, id_: str) -> QAction:
        """The Qt action of a record."""
        return self._made[id_][1]

    def show_labels(self, scheme: LabelScheme) -> None:
        """Replace the label actions by those of this scheme."""
        for id_ in self._labels:
            _, action = self._made.pop(id_)
            self._article.removeAction(action)
            self._menus["Label"].removeAction(action)
            action.deleteLater()
        self._scheme = scheme
        specs = label_actions(scheme)
        self._labels = [spec.id for spec in specs]
        for spec in specs:
            self._add(spec)
        self.set_theme(self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Show each label's colour in the menus."""
        self._theme = theme
        for id_, (_, label) in zip(self._labels, self._scheme.labels, strict=True):
            self._made[id_][1].setIcon(swatch_icon(theme, label.hue))

    def label_keys(self) -> dict[tuple[str, str], str]:
        """The key of each label by (label id, layer)."""
        specs = (self._made[id_][0] for id_ in self._labels)
        return {spec.label: spec.keys[0] if spec.keys else "" for spec in specs if spec.label}

    @property
    def enabled_specs(self) -> list[ActionSpec]:
        """Every action that makes sense now."""
        return [spec for spec in self.specs if spec.when in self._there]

    def enable(self, there: set[When]) -> bool:
        """Enable what makes sense with what is there; false when that is as before."""
        if there == self._there:
            return False
        self._there = there
        for spec, action in self._made.values():
            action.setEnabled(spec.when in there)
        return True

    def refresh_switches(self) -> None:
        """Show what is on and what is off."""
        for spec, action in self._made.values():
            if spec.is_on is not None:
                action.setChecked(spec.is_on(self.commands))

    def runner(self, spec: ActionSpec) -> Callable[[], object]:
        """What runs an action."""
        return lambda: spec.run(self.commands)

    def fill_context_menu(self, menu: QMenu, *, has_span: bool) -> None:
        """What can be done with what is under the pointer."""
        for id_ in CONTEXT_OF_SPAN if has_span else ():
            menu.addAction(self.action(id_))
        if has_span:
            menu.addSeparator()
        labels = menu.addMenu("Relabel" if has_span else "Label as")
        for id_ in self._labels:
            labels.addAction(self.action(id_))
        menu.addAction(self.action("copy"))

    def _add(self, spec: ActionSpec) -> None:
        action = QAction(spec.text.replace("&", "&&"), self._window)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setAutoRepeat(spec.is_repeatable)
        action.setCheckable(spec.is_on is not None)
        action.triggered.connect(lambda _checked=False: spec.run(self.commands))
        action.setEnabled(spec.when in self._there)
        if spec.where is Where.ARTICLE:
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            self._article.addAction(action)
        else:
            self._window.addAction(action)
        if spec.is_in_menu:
            if spec.id in SEPARATED:
                self._menus[spec.menu].addSeparator()
            self._menus[spec.menu].addAction(action)
        self._made[spec.id] = (spec, action)
