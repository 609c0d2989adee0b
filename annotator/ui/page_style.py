"""The style sheet of the full pages: search and inbox."""

from __future__ import annotations

from annotator.ui.theme import Theme


def page_stylesheet(theme: Theme) -> str:
    """Rules for a page and everything on it."""
    quiet = f"color: {theme.dim}; background: transparent; border: 1px solid transparent; border-radius: 5px;"
    return f"""
    #page {{ background: {theme.page}; }}
    #page_head, #kwic_line, #side {{ background: {theme.panel}; }}
    #page_head {{ border-bottom: 1px solid {theme.line}; }}
    #kwic_line {{ border-top: 1px solid {theme.line}; min-height: 30px; }}
    #side {{ border-right: 1px solid {theme.line}; }}
    QScrollArea, #lanes {{ background: {theme.page}; border: none; }}
    QLabel {{ color: {theme.text}; background: transparent; font-size: 13px; }}
    QLabel[dim="true"] {{ color: {theme.dim}; }}
    QLabel[bad="true"] {{ color: {theme.bad}; }}
    QLabel[heading="true"] {{ font-size: 18px; font-weight: 600; }}
    QLabel[strong="true"] {{ font-weight: 600; }}
    QTableView#kwic {{ background: {theme.page}; border: none; outline: none; }}
    QLineEdit#query {{ background: {theme.page}; color: {theme.text}; border: 1px solid {theme.line};
        border-radius: 6px; padding: 8px 11px; font-size: 14px; selection-background-color: {theme.accent};
        selection-color: {theme.page}; }}
    QLineEdit#query:focus {{ border: 1px solid {theme.accent}; }}
    QLineEdit#query[bad="true"] {{ border: 1px solid {theme.bad}; }}
    QToolButton {{ {quiet} padding: 3px 7px; font-size: 12px; }}
    QToolButton[on="true"] {{ color: {theme.accent}; }}
    QToolButton:hover {{ color: {theme.text}; border: 1px solid {theme.line}; }}
    QToolButton:focus {{ color: {theme.text}; border: 1px solid {theme.accent}; }}
    QToolButton:disabled {{ color: {theme.line}; }}
    QToolButton::menu-indicator {{ image: none; width: 0; }}
    QPushButton {{ color: {theme.text}; background: {theme.page}; border: 1px solid {theme.line};
        border-radius: 6px; padding: 4px 12px; font-size: 12px; }}
    QPushButton:hover {{ background: {theme.selection}; }}
    QPushButton:focus {{ border: 1px solid {theme.accent}; }}
    QPushButton:disabled {{ color: {theme.dim}; background: transparent; }}
    QPushButton#link {{ color: {theme.accent}; background: transparent; border: 1px solid transparent;
        padding: 3px 6px 3px 0; text-align: left; font-size: 13px; }}
    QPushButton#link:hover, QPushButton#link:focus {{ text-decoration: underline; }}
    QPushButton#link:focus {{ border: 1px solid {theme.accent}; }}
    #side QToolButton {{ text-align: left; font-size: 13px; padding: 4px 8px; }}
    #side QToolButton[on="true"] {{ font-weight: 600; }}
    QCheckBox {{ color: {theme.text}; font-size: 12px; spacing: 7px; }}
    QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {theme.dim}; background: {theme.page};
        border-radius: 4px; }}
    QCheckBox::indicator:checked {{ background: {theme.accent}; border: 1px solid {theme.accent}; }}
    QCheckBox:focus {{ outline: none; text-decoration: underline; }}
    QTextBrowser {{ color: {theme.text}; background: transparent; border: none; font-size: 13px; }}
    QComboBox, QSpinBox {{ color: {theme.text}; background: {theme.page}; border: 1px solid {theme.line};
        border-radius: 6px; padding: 4px 8px; font-size: 13px; }}
    QComboBox:focus, QSpinBox:focus {{ border: 2px solid {theme.accent}; padding: 3px 7px; }}
    QComboBox::drop-down {{ border: none; width: 22px; }}
    QComboBox QAbstractItemView {{ color: {theme.text}; background: {theme.page}; }}
    QSpinBox::up-button, QSpinBox::down-button {{ width: 0; border: none; }}
    QListView {{ background: transparent; border: none; outline: none; }}
    """
