"""The style sheet of dialogs and of the welcome page, made from a theme. Applied with the window's own."""

from __future__ import annotations

from annotator.ui.theme import Theme

ROOTS = ("#sheet", "#welcome", "#task_strip", "#history", "#guidelines", "#guideline_page", "#scheme_page")
"""Object names under which these rules hold, so that the rest of the window keeps its own look."""


def dialog_stylesheet(theme: Theme) -> str:
    """Qt style sheet rules for everything in `ui.dialogs`."""
    return "\n".join(_scoped(selector, rules) for selector, rules in _rules(theme).items())


def _scoped(selector: str, rules: str) -> str:
    """``QLabel`` below every root; a selector that begins with ``#`` stands as it is."""
    if selector.startswith("#"):
        return f"{selector} {{ {rules} }}"
    scoped = [f"{root} {one.strip()}" for root in ROOTS for one in selector.split(",")]
    return f"{', '.join(scoped)} {{ {rules} }}"


def _rules(theme: Theme) -> dict[str, str]:
    return {**_texts(theme), **_buttons(theme), **_fields(theme), **_tables(theme)}


def _texts(theme: Theme) -> dict[str, str]:
    return {
        "#sheet, #welcome, #history, #guideline_page, #scheme_page, #scheme_details": f"background: {theme.page};",
        "#scheme_side": f"background: {theme.panel}; border-right: 1px solid {theme.line};",
        "#task_strip": f"background: {theme.panel}; border-top: 1px solid {theme.line};",
        "QLabel": f"color: {theme.text}; font-size: 13px; background: transparent; border: none;",
        "QLabel[role='dim']": f"color: {theme.dim};",
        "QLabel[role='bad']": f"color: {theme.bad};",
        "QLabel[role='strong']": "font-size: 15px; font-weight: 600;",
        "QLabel[role='heading']": "font-size: 18px; font-weight: 600;",
        "QLabel[role='title']": "font-size: 26px; font-weight: 600;",
        "QLabel[role='small']": f"color: {theme.dim}; font-size: 11px;",
    }


def _buttons(theme: Theme) -> dict[str, str]:
    shape = "border-radius: 6px; padding: 6px 14px; min-height: 18px; font-size: 13px;"
    link = (
        "border: 2px solid transparent; border-radius: 4px; padding: 1px 2px; background: transparent;"
        "text-align: left; font-size: 13px;"
    )
    return {
        "QPushButton": f"{shape} color: {theme.text}; background: {theme.page}; border: 1px solid {theme.line};",
        "QPushButton:hover": f"background: {theme.panel};",
        "QPushButton:pressed": f"background: {theme.selection};",
        "QPushButton:focus": f"border: 2px solid {theme.accent}; padding: 5px 13px; outline: none;",
        "QPushButton:disabled": f"color: {theme.dim};",
        "QPushButton[role='primary']": (
            f"color: {theme.page}; background: {theme.accent}; border: 1px solid {theme.accent}; font-weight: 500;"
        ),
        "QPushButton[role='primary']:focus": f"border: 2px solid {theme.text}; padding: 5px 13px;",
        "QPushButton[role='primary']:disabled": (
            f"color: {theme.dim}; background: {theme.panel}; border: 1px dashed {theme.dim};"
        ),
        "QPushButton[role='link']": f"{link} color: {theme.accent};",
        "QPushButton[role='link']:hover": "text-decoration: underline;",
        "QPushButton[role='link']:focus": f"border: 2px solid {theme.accent}; padding: 1px 2px;",
        "QPushButton[role='link']:disabled": f"color: {theme.dim};",
        "QPushButton[role='row']": (f"{link} color: {theme.text}; padding: 7px 11px; border-radius: 6px;"),
        "QPushButton[role='row']:hover": f"background: {theme.panel};",
        "QPushButton[role='row']:focus": (
            f"background: {theme.selection}; border: 2px solid {theme.accent}; padding: 7px 11px;"
        ),
    }


def _fields(theme: Theme) -> dict[str, str]:
    field = (
        f"color: {theme.text}; background: {theme.page}; border: 1px solid {theme.line}; border-radius: 6px;"
        f"padding: 5px 9px; min-height: 18px; font-size: 13px; selection-background-color: {theme.accent};"
        f"selection-color: {theme.page};"
    )
    box = f"border: 1px solid {theme.dim}; background: {theme.page};"
    return {
        "QLineEdit, QComboBox": field,
        "QComboBox::drop-down": "border: none; width: 26px;",
        "QComboBox QAbstractItemView": f"color: {theme.text}; background: {theme.page};",
        "QLineEdit:focus, QComboBox:focus": f"border: 2px solid {theme.accent}; padding: 4px 8px;",
        "QLineEdit:disabled, QComboBox:disabled": f"color: {theme.dim};",
        "QRadioButton, QCheckBox": (
            f"color: {theme.text}; font-size: 13px; spacing: 8px;"
            "border: 2px solid transparent; border-radius: 5px; padding: 1px 4px 1px 1px;"
            f"selection-color: {theme.page};"
        ),
        "QRadioButton::indicator": f"width: 14px; height: 14px; {box} border-radius: 8px;",
        "QRadioButton::indicator:checked": f"width: 6px; height: 6px; border: 5px solid {theme.accent};",
        "QCheckBox::indicator": f"width: 14px; height: 14px; {box} border-radius: 4px;",
        "QCheckBox::indicator:checked": f"background: {theme.accent}; border: 1px solid {theme.accent};",
        "QRadioButton:focus, QCheckBox:focus": f"outline: none; border: 2px solid {theme.accent};",
        "QRadioButton:disabled, QCheckBox:disabled": f"color: {theme.dim};",
        "QFrame[role='drop']": f"border: 1px dashed {theme.dim}; border-radius: 8px; background: {theme.panel};",
        "QFrame[role='drop'][is_over='true']": f"border: 2px solid {theme.accent}; background: {theme.selection};",
        "QLabel[role='sample']": (
            f"color: {theme.text}; background: {theme.panel}; border-radius: 6px; padding: 14px 16px;"
        ),
    }


def _tables(theme: Theme) -> dict[str, str]:
    return {
        "QTableView, QListWidget, QPlainTextEdit, QTextBrowser": (
            f"color: {theme.text}; background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 6px;"
            f"font-size: 12px; outline: none; alternate-background-color: {theme.panel};"
            f"selection-background-color: {theme.selection}; selection-color: {theme.text};"
        ),
        "#scheme_page QPlainTextEdit": f"background: {theme.page}; font-size: 13px; padding: 2px 5px;",
        "QTableView:focus, QListWidget:focus, QPlainTextEdit:focus, QTextBrowser:focus": (
            f"border: 2px solid {theme.accent};"
        ),
        "QTableView::item, QListWidget::item": "padding: 2px 8px; border: none;",
        "QListWidget::item:selected": f"background: {theme.selection}; color: {theme.text};",
        "QScrollArea, QScrollArea > QWidget > QWidget": "background: transparent; border: none;",
        "QListWidget::indicator": (
            f"width: 14px; height: 14px; border: 1px solid {theme.dim}; background: {theme.page}; border-radius: 4px;"
        ),
        "QListWidget::indicator:checked": f"background: {theme.accent}; border: 1px solid {theme.accent};",
        "QHeaderView": f"background: {theme.panel}; border: none; border-radius: 6px;",
        "QHeaderView::section": (
            f"color: {theme.dim}; background: {theme.panel}; border: none; padding: 4px 10px; font-size: 11px;"
        ),
        "QScrollBar": "background: transparent; border: none; margin: 2px;",
        "QScrollBar:vertical": "width: 11px;",
        "QScrollBar:horizontal": "height: 11px;",
        "QScrollBar::handle": f"background: {theme.line}; border-radius: 3px; min-height: 24px; min-width: 24px;",
        "QScrollBar::handle:hover": f"background: {theme.dim};",
        "QScrollBar::add-line, QScrollBar::sub-line": "width: 0; height: 0;",
        "QScrollBar::add-page, QScrollBar::sub-page": "background: transparent;",
        "QProgressBar": f"background: {theme.groove}; border: none; border-radius: 2px;",
        "QProgressBar::chunk": f"background: {theme.accent}; border-radius: 2px;",
    }
