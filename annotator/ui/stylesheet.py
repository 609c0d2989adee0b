"""The window's palette and style sheet, made from a theme."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from annotator.ui.dialogs.style import dialog_stylesheet
from annotator.ui.theme import DARK, LIGHT, Theme

_Role = QPalette.ColorRole


def system_theme() -> Theme:
    """Light or dark, as the system has it."""
    return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Colours for everything that Qt draws itself."""
    palette = QPalette()
    for role, colour in {
        _Role.Window: theme.panel,
        _Role.Base: theme.page,
        _Role.AlternateBase: theme.panel,
        _Role.Button: theme.panel,
        _Role.ToolTipBase: theme.panel,
        _Role.Highlight: theme.selection,
        _Role.Accent: theme.accent,
        _Role.Link: theme.accent,
        _Role.PlaceholderText: theme.dim,
        _Role.Mid: theme.line,
    }.items():
        palette.setColor(role, QColor(colour))
    for role in (_Role.WindowText, _Role.Text, _Role.ButtonText, _Role.ToolTipText, _Role.HighlightedText):
        palette.setColor(role, QColor(theme.text))
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.dim))
    return palette


def window_stylesheet(theme: Theme) -> str:
    """Style sheet of the main window and of the dialogs."""
    return f"{_frame(theme)}\n{_lists(theme)}\n{dialog_stylesheet(theme)}"


def _frame(theme: Theme) -> str:
    return f"""
    QMainWindow, #column {{ background: {theme.panel}; }}
    #documents, #inspector {{ background: {theme.panel}; }}
    #hint_line {{ background: {theme.panel}; border-top: 1px solid {theme.line}; }}
    #hint_line[bad="true"] {{ background: {theme.bad}; border-top: 1px solid {theme.bad}; }}
    #notice {{ background: {theme.panel}; color: {theme.text}; border-top: 1px solid {theme.line}; padding: 9px 16px; }}
    #notice[bad="true"] {{ color: {theme.bad}; }}
    QSplitter::handle {{ background: {theme.line}; }}
    QLabel#project {{ font-size: 15px; font-weight: 600; color: {theme.text}; }}
    QLabel {{ color: {theme.text}; }}
    QLabel[dim="true"] {{ color: {theme.dim}; }}
    QLabel[section="true"] {{ color: {theme.dim}; font-size: 12px; }}
    QLabel#save_state {{ font-weight: 600; color: {theme.good}; }}
    QLabel#message[bad="true"] {{ color: {theme.bad}; font-weight: 500; }}
    #hint_line[bad="true"] QLabel {{ color: {theme.page}; font-weight: 600; }}
    QPushButton#retry {{ color: {theme.bad}; background: {theme.page}; border: 2px solid {theme.page};
        border-radius: 5px; padding: 2px 12px; font-weight: 600; }}
    QPushButton#retry:focus {{ border: 2px solid {theme.text}; }}
    QPushButton#link {{ color: {theme.accent}; background: transparent; border: 2px solid transparent;
        border-radius: 4px; padding: 1px 5px; text-align: left; }}
    QPushButton#link:hover {{ text-decoration: underline; }}
    QPushButton#link:focus {{ border: 2px solid {theme.accent}; }}
    QLineEdit#filter, QLineEdit#palette_query {{ background: {theme.page}; color: {theme.text};
        border: 1px solid {theme.line}; border-radius: 6px; padding: 7px 10px; }}
    #second_view QComboBox {{ background: {theme.page}; color: {theme.text}; border: 1px solid {theme.line};
        border-radius: 6px; padding: 5px 8px; }}
    #second_view QComboBox:focus {{ border: 2px solid {theme.accent}; padding: 4px 7px; }}
    #second_view QComboBox::drop-down {{ border: none; width: 18px; }}
    #second_view QComboBox QAbstractItemView {{ background: {theme.page}; color: {theme.text};
        selection-background-color: {theme.selection}; selection-color: {theme.text}; }}
    QLineEdit#filter:focus, QLineEdit#palette_query:focus {{ border: 2px solid {theme.accent}; padding: 6px 9px; }}
    QToolButton#statuses {{ color: {theme.dim}; background: transparent; border: 2px solid transparent;
        border-radius: 5px; padding: 1px 4px 1px 0; font-size: 12px; }}
    QToolButton#statuses:hover {{ color: {theme.text}; border: 2px solid {theme.line}; }}
    QToolButton#statuses:focus {{ color: {theme.text}; border: 2px solid {theme.accent}; }}
    QToolButton#statuses::menu-indicator {{ image: none; width: 0; }}
    QProgressBar {{ background: {theme.groove}; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 2px; }}
    QMenuBar {{ background: {theme.panel}; color: {theme.text}; border-bottom: 1px solid {theme.line}; }}
    QMenuBar::item {{ padding: 5px 9px; background: transparent; }}
    QMenuBar::item:selected {{ background: {theme.selection}; }}
    QMenu {{ background: {theme.page}; color: {theme.text}; border: 1px solid {theme.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 26px 5px 14px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {theme.selection}; }}
    QMenu::item:disabled {{ color: {theme.dim}; }}
    QMenu::separator {{ height: 1px; background: {theme.line}; margin: 4px 8px; }}
    QToolTip {{ background: {theme.panel}; color: {theme.text}; border: 1px solid {theme.line}; padding: 4px 6px; }}
    """


def _lists(theme: Theme) -> str:
    return f"""
    QListView {{ background: transparent; border: none; outline: none; color: {theme.text}; }}
    QListView#palette_list {{ background: {theme.page}; }}
    #command_palette, #key_help, #chooser, #writer {{ background: {theme.page}; border: 1px solid {theme.line};
        border-radius: 10px; }}
    QLabel#popup_title {{ font-weight: 600; }}
    QPlainTextEdit#writer_field {{ background: {theme.page}; color: {theme.text}; border: 1px solid {theme.accent};
        border-radius: 6px; padding: 4px 6px; }}
    #chooser QScrollArea > QWidget > QWidget {{ background: {theme.page}; }}
    QScrollArea {{ background: transparent; border: none; }}
    QScrollBar:vertical {{ background: transparent; width: 11px; margin: 0; }}
    QScrollBar::handle:vertical {{ background: {theme.line}; border-radius: 4px; min-height: 28px; margin: 1px 2px; }}
    QScrollBar::handle:vertical:hover {{ background: {theme.dim}; }}
    QScrollBar:horizontal {{ background: transparent; height: 11px; margin: 0; }}
    QScrollBar::handle:horizontal {{ background: {theme.line}; border-radius: 4px; min-width: 28px; margin: 2px 1px; }}
    QScrollBar::handle:horizontal:hover {{ background: {theme.dim}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    """
