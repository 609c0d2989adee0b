"""Every action as one record: menus, command palette, key help, hint line and tests all come from this table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from annotator.domain.corrections import Edge
from annotator.domain.labels import LabelScheme
from annotator.domain.projects import Status

if TYPE_CHECKING:
    from annotator.ui.commands import Commands


class When(Enum):
    """What must be there for an action to make sense."""

    ALWAYS = "always"
    PROJECT = "a project is open"
    DOCUMENT = "a document is open"


class Where(Enum):
    """Where an action's keys work."""

    WINDOW = "anywhere in the window"
    ARTICLE = "while the article has the focus"


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. ``hint``: its words in the line at the bottom, which shows only those that have one."""

    id: str
    text: str
    menu: str
    run: Callable[[Commands], object]
    keys: tuple[str, ...] = ()
    when: When = When.DOCUMENT
    where: Where = Where.ARTICLE
    hint: str = ""
    hint_keys: str = ""
    is_in_menu: bool = True


def _window(id_: str, text: str, menu: str, run: Callable[[Commands], object], *keys: str, when: When) -> ActionSpec:
    return ActionSpec(id_, text, menu, run, keys, when, Where.WINDOW)


def _move(id_: str, text: str, run: Callable[[Commands], object], *keys: str) -> ActionSpec:
    return ActionSpec(id_, text, "Go", run, keys, is_in_menu=False)


FILE = (
    _window("project.new", "New project…", "File", lambda c: c.new_project(), "Ctrl+N", when=When.ALWAYS),
    _window("project.open", "Open project…", "File", lambda c: c.open_project(), "Ctrl+O", when=When.ALWAYS),
    _window("project.sample", "Open the sample project", "File", lambda c: c.open_sample(), when=When.ALWAYS),
    _window("import", "Import articles…", "File", lambda c: c.import_documents(), "Ctrl+I", when=When.PROJECT),
    _window("export", "Export training data…", "File", lambda c: c.export(), "Ctrl+E", when=When.PROJECT),
    _window("suggest", "Suggest spans…", "File", lambda c: c.suggest(), "Ctrl+Shift+S", when=When.PROJECT),
    _window("preferences", "Preferences…", "File", lambda c: c.preferences(), "Ctrl+,", when=When.ALWAYS),
    _window("quit", "Quit", "File", lambda c: c.quit(), "Ctrl+Q", when=When.ALWAYS),
)

CORRECT = (
    ActionSpec("undo", "Undo", "Edit", lambda c: c.undo(), ("Ctrl+Z",), where=Where.WINDOW),
    ActionSpec("redo", "Redo", "Edit", lambda c: c.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), where=Where.WINDOW),
    ActionSpec("span.remove", "Remove the span", "Edit", lambda c: c.remove(), ("Del", "Backspace", "X"), hint="remove",
        hint_keys="Del"),
    ActionSpec("span.accept", "Accept the suggestion", "Edit", lambda c: c.accept(), ("A",)),
    ActionSpec("edge.left.grow", "Left edge one token left", "Edit", lambda c: c.move_edge(Edge.LEFT, -1), ("[",),
        hint="left edge", hint_keys="[ ]"),
    ActionSpec("edge.left.shrink", "Left edge one token right", "Edit", lambda c: c.move_edge(Edge.LEFT, 1), ("]",)),
    ActionSpec("edge.right.shrink", "Right edge one token left", "Edit", lambda c: c.move_edge(Edge.RIGHT, -1), ("{",),
        hint="right edge", hint_keys="{ }"),
    ActionSpec("edge.right.grow", "Right edge one token right", "Edit", lambda c: c.move_edge(Edge.RIGHT, 1), ("}",)),
    ActionSpec("copy", "Copy the text", "Edit", lambda c: c.copy_text(), ("Ctrl+C",)),
)  # fmt: skip

STATUS = (
    ActionSpec("done", "Done, next document", "Document", lambda c: c.mark_and_go_on(Status.DONE),
        ("Space", "Return", "Enter"), hint="done, next", hint_keys="Enter"),
    ActionSpec("skip", "Skip, next document", "Document", lambda c: c.mark_and_go_on(Status.SKIPPED), ("S",)),
    ActionSpec("flag", "Flag for later", "Document", lambda c: c.flag(), ("!",)),
    ActionSpec("document.next", "Next document", "Document", lambda c: c.go_to_document(1), ("Ctrl+PgDown",),
        where=Where.WINDOW),
    ActionSpec("document.previous", "Previous document", "Document", lambda c: c.go_to_document(-1), ("Ctrl+PgUp",),
        where=Where.WINDOW),
)  # fmt: skip

MOVES = (
    ActionSpec("span.next", "Next span", "Go", lambda c: c.canvas.go_to_next_span(), ("Tab",), hint="next span"),
    ActionSpec("span.previous", "Previous span", "Go", lambda c: c.canvas.go_to_previous_span(), ("Shift+Tab",)),
    _move("cursor.left", "Cursor one token left", lambda c: c.canvas.move_cursor(-1), "Left"),
    _move("cursor.right", "Cursor one token right", lambda c: c.canvas.move_cursor(1), "Right"),
    _move("cursor.up", "Cursor one line up", lambda c: c.canvas.move_cursor_line(-1), "Up"),
    _move("cursor.down", "Cursor one line down", lambda c: c.canvas.move_cursor_line(1), "Down"),
    _move("select.left", "Select one token left", lambda c: c.canvas.move_cursor(-1, extend=True), "Shift+Left"),
    _move("select.right", "Select one token right", lambda c: c.canvas.move_cursor(1, extend=True), "Shift+Right"),
    _move("select.up", "Select one line up", lambda c: c.canvas.move_cursor_line(-1, extend=True), "Shift+Up"),
    _move("select.down", "Select one line down", lambda c: c.canvas.move_cursor_line(1, extend=True), "Shift+Down"),
    _move("cursor.home", "Start of the line", lambda c: c.canvas.move_cursor_to_line_edge(-1), "Home"),
    _move("cursor.end", "End of the line", lambda c: c.canvas.move_cursor_to_line_edge(1), "End"),
    _move("cursor.top", "Start of the article", lambda c: c.canvas.move_cursor_to_text_edge(-1), "Ctrl+Home"),
    _move("cursor.bottom", "End of the article", lambda c: c.canvas.move_cursor_to_text_edge(1), "Ctrl+End"),
    _move("cursor.page.up", "A screenful up", lambda c: c.canvas.move_cursor_page(-1), "PgUp"),
    _move("cursor.page.down", "A screenful down", lambda c: c.canvas.move_cursor_page(1), "PgDown"),
    _move("escape", "Nothing current, nothing selected", lambda c: c.escape(), "Escape"),
)

VIEW = (
    _window("palette", "Command palette…", "View", lambda c: c.show_palette(), "Ctrl+K", when=When.ALWAYS),
    ActionSpec("keys", "All keys", "View", lambda c: c.show_keys(), ("?", "F1"), When.ALWAYS, hint="all keys",
        hint_keys="?"),
    ActionSpec("filter", "Filter the documents", "View", lambda c: c.focus_filter(), ("/",), When.PROJECT),
    _window("zoom.in", "Larger text", "View", lambda c: c.zoom(1), "Ctrl+=", "Ctrl++", when=When.ALWAYS),
    _window("zoom.out", "Smaller text", "View", lambda c: c.zoom(-1), "Ctrl+-", when=When.ALWAYS),
    _window("zoom.reset", "Usual text size", "View", lambda c: c.zoom(0), "Ctrl+0", when=When.ALWAYS),
    _window("panel.documents", "Documents column", "View", lambda c: c.toggle_documents(), "Ctrl+B", when=When.PROJECT),
    _window("panel.inspector", "Labels column", "View", lambda c: c.toggle_inspector(), "Ctrl+Alt+B",
        when=When.PROJECT),
    _window("theme.system", "Colours of the system", "View", lambda c: c.choose_theme("system"), when=When.ALWAYS),
    _window("theme.light", "Light", "View", lambda c: c.choose_theme("light"), when=When.ALWAYS),
    _window("theme.dark", "Dark", "View", lambda c: c.choose_theme("dark"), when=When.ALWAYS),
    _window("theme.contrast", "High contrast", "View", lambda c: c.choose_theme("high contrast"), when=When.ALWAYS),
)  # fmt: skip

ACTIONS: tuple[ActionSpec, ...] = (*FILE, *CORRECT, *STATUS, *MOVES, *VIEW)
MENUS = ("File", "Edit", "Document", "Go", "Label", "View")
HINT_ORDER = ("span.next", "label", "span.remove", "edge.left.grow", "edge.right.shrink", "done", "keys")


def label_actions(scheme: LabelScheme) -> list[ActionSpec]:
    """One action for each label of the scheme. A key that an action has already is not given to a label."""
    taken = {key.upper() for spec in ACTIONS for key in spec.keys}
    return [
        ActionSpec(
            id=f"label.{layer.name}.{label.id}",
            text=f"Label {label.name}",
            menu="Label",
            run=_labeller(label.id, layer.name),
            keys=(label.key,) if label.key and label.key.upper() not in taken else (),
        )
        for layer, label in scheme.labels
    ]


def key_collisions(scheme: LabelScheme) -> list[str]:
    """Labels whose key is one of the window's own, in words."""
    owners = {key.upper(): spec for spec in ACTIONS for key in spec.keys}
    return [
        f"{label.name} cannot have the key {label.key}: it means “{owners[label.key.upper()].text}”"
        for _, label in scheme.labels
        if label.key and label.key.upper() in owners
    ]


def hints(specs: Sequence[ActionSpec], scheme: LabelScheme | None) -> list[tuple[str, str]]:
    """(keys, words) for the line at the bottom, in its order."""
    by_id = {spec.id: spec for spec in specs}
    found: list[tuple[str, str]] = []
    for id_ in HINT_ORDER:
        if id_ == "label":
            keys = [label.key for _, label in scheme.labels if label.key] if scheme else []
            if keys:
                found.append((f"{keys[0]}–{keys[min(len(keys), 10) - 1]}", "label"))
        elif (spec := by_id.get(id_)) is not None:
            found.append((spec.hint_keys or spec.keys[0], spec.hint))
    return found


def _labeller(label_id: str, layer: str) -> Callable[[Commands], object]:
    return lambda commands: commands.label(label_id, layer)
