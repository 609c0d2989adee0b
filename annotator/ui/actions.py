"""Every action as one record: menus, command palette, key help, hint line and tests all come from this table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from annotator.domain.corrections import Edge
from annotator.domain.labels import Label, LabelScheme, Layer
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
    """One action.

    ``hint``: its words in the line at the bottom, which shows only those that have one. ``keywords``: other words
    under which the palette finds it. ``is_repeatable``: whether a key held down repeats it. ``is_on``: for what
    can be on or off. ``label``: (label id, layer) of a label's action.
    """

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
    keywords: str = ""
    is_repeatable: bool = False
    is_on: Callable[[Commands], bool] | None = None
    label: tuple[str, str] | None = None


def _window(
    id_: str, text: str, menu: str, run: Callable[[Commands], object], *keys: str, when: When, keywords: str = ""
) -> ActionSpec:
    return ActionSpec(id_, text, menu, run, keys, when, Where.WINDOW, keywords=keywords)


def _switch(
    id_: str, text: str, run: Callable[[Commands], object], is_on: Callable[[Commands], bool], *keys: str, when: When
) -> ActionSpec:
    return ActionSpec(id_, text, "View", run, keys, when, Where.WINDOW, is_on=is_on, keywords="show hide theme colours")


def _theme(id_: str, text: str, name: str) -> ActionSpec:
    return _switch(id_, text, lambda c: c.choose_theme(name), lambda c: c.theme_name == name, when=When.ALWAYS)


def _edge(id_: str, text: str, edge: Edge, step: int, key: str, *, hint: str = "", hint_keys: str = "") -> ActionSpec:
    return ActionSpec(id_, text, "Edit", lambda c: c.move_edge(edge, step), (key,), hint=hint, hint_keys=hint_keys,
        is_repeatable=True, keywords="grow shrink extend boundary")  # fmt: skip


def _move(id_: str, text: str, run: Callable[[Commands], object], *keys: str) -> ActionSpec:
    return ActionSpec(id_, text, "Go", run, keys, is_in_menu=False, is_repeatable=True)


FILE = (
    _window("project.new", "New project…", "File", lambda c: c.new_project(), "Ctrl+N", when=When.ALWAYS),
    _window("project.open", "Open project…", "File", lambda c: c.open_project(), "Ctrl+O", when=When.ALWAYS),
    _window("project.sample", "Open the sample project", "File", lambda c: c.open_sample(), when=When.ALWAYS,
        keywords="demo example"),
    _window("import", "Import articles…", "File", lambda c: c.import_documents(), "Ctrl+I", when=When.PROJECT,
        keywords="load documents files corpus"),
    _window("export", "Export training data…", "File", lambda c: c.export(), "Ctrl+E", when=When.PROJECT,
        keywords="save as jsonl conll spacy"),
    _window("exports.recent", "Recent exports…", "File", lambda c: c.recent_exports(), when=When.ALWAYS,
        keywords="manifest written files proof"),
    _window("suggest", "Suggest spans…", "File", lambda c: c.suggest(), "Ctrl+Shift+S", when=When.PROJECT,
        keywords="spacy pipeline model predict"),
    _window("team.assign", "Assign documents…", "File", lambda c: c.assign_documents(), when=When.PROJECT,
        keywords="annotators team queue people"),
    _window("team.handout", "Hand out…", "File", lambda c: c.hand_out(), when=When.PROJECT,
        keywords="annotators team file offline send"),
    _window("team.collect", "Collect…", "File", lambda c: c.collect(), when=When.PROJECT,
        keywords="annotators team file merge take back"),
    _window("save", "Save now", "File", lambda c: c.save_now(), "Ctrl+S", when=When.PROJECT, keywords="retry disk"),
    _window("preferences", "Preferences…", "File", lambda c: c.preferences(), "Ctrl+,", when=When.ALWAYS,
        keywords="settings options font name"),
    _window("quit", "Quit", "File", lambda c: c.quit(), "Ctrl+Q", when=When.ALWAYS, keywords="exit close"),
)  # fmt: skip

CORRECT = (
    ActionSpec("undo", "Undo", "Edit", lambda c: c.undo(), ("Ctrl+Z",), When.PROJECT, Where.WINDOW,
        is_repeatable=True),
    ActionSpec("redo", "Redo", "Edit", lambda c: c.redo(), ("Ctrl+Shift+Z", "Ctrl+Y"), When.PROJECT, Where.WINDOW,
        is_repeatable=True),
    ActionSpec("span.remove", "Remove the span", "Edit", lambda c: c.remove(), ("Del", "Backspace", "X"), hint="remove",
        hint_keys="Del", keywords="delete reject"),
    ActionSpec("span.accept", "Accept the suggestion", "Edit", lambda c: c.accept(), ("A",), keywords="confirm"),
    _edge("edge.left.grow", "Left edge one token left", Edge.LEFT, -1, "[", hint="left edge", hint_keys="[ ]"),
    _edge("edge.left.shrink", "Left edge one token right", Edge.LEFT, 1, "]"),
    _edge("edge.right.shrink", "Right edge one token left", Edge.RIGHT, -1, "{", hint="right edge", hint_keys="{ }"),
    _edge("edge.right.grow", "Right edge one token right", Edge.RIGHT, 1, "}"),
    ActionSpec("edges.next", "Next likely edges", "Edit", lambda c: c.snap(1), ("B",), is_repeatable=True,
        keywords="boundary whole name widen snap expand"),
    ActionSpec("edges.previous", "Previous likely edges", "Edit", lambda c: c.snap(-1), ("Shift+B",),
        is_repeatable=True, keywords="boundary narrow snap"),
    ActionSpec("pin.yes", "Pin as an example of its label, or unpin", "Edit", lambda c: c.pin(is_positive=True), ("G",),
        keywords="guideline rule positive"),
    ActionSpec("pin.no", "Pin as an example of what is not its label, or unpin", "Edit",
        lambda c: c.pin(is_positive=False), ("Shift+G",), keywords="guideline rule negative counter-example"),
    ActionSpec("copy", "Copy the text", "Edit", lambda c: c.copy_text(), ("Ctrl+C",), keywords="clipboard"),
)  # fmt: skip

CARRY = (
    ActionSpec("span.attributes", "Values of the span or relation…", "Edit", lambda c: c.carrying.choose_attributes(),
        ("V",), keywords="attributes features choice flag"),
    ActionSpec("span.note", "Note on the span…", "Edit", lambda c: c.carrying.write_note(), ("C",),
        keywords="comment remark"),
    ActionSpec("span.relate", "Relation from or to this span", "Edit", lambda c: c.carrying.relate(), ("L",),
        keywords="link arrow arc"),
    ActionSpec("part.add", "Add the selection to the span", "Edit", lambda c: c.carrying.add_part(), ("+",),
        keywords="discontinuous fragment"),
    ActionSpec("part.next", "Next part of the span", "Edit", lambda c: c.carrying.go_to_part(), ("=",),
        keywords="discontinuous fragment inner edge", is_repeatable=True),
    ActionSpec("part.remove", "Take the chosen or last part away", "Edit", lambda c: c.carrying.remove_part(), ("-",),
        keywords="discontinuous fragment"),
)  # fmt: skip

STATUS = (
    ActionSpec("done", "Done, next document", "Document", lambda c: c.mark_and_go_on(Status.DONE),
        ("Space", "Return", "Enter"), hint="done, next", hint_keys="Enter", keywords="accept all finish"),
    ActionSpec("skip", "Skip, next document", "Document", lambda c: c.mark_and_go_on(Status.SKIPPED), ("S",)),
    ActionSpec("skip.reason", "Skip, and say why…", "Document", lambda c: c.carrying.skip_with_reason(), ("Shift+S",)),
    ActionSpec("flag", "Flag for later, or take the flag away", "Document", lambda c: c.flag(), ("!",)),
    ActionSpec("document.labels", "Labels of the document…", "Document",
        lambda c: c.carrying.choose_document_labels(), ("D",), keywords="categories topics text"),
    ActionSpec("document.note", "Note on the document…", "Document", lambda c: c.carrying.write_document_note(),
        ("Shift+C",), keywords="comment remark"),
    ActionSpec("document.next", "Next document", "Document", lambda c: c.go_to_document(1), ("Ctrl+PgDown",),
        When.PROJECT, Where.WINDOW, is_repeatable=True),
    ActionSpec("document.previous", "Previous document", "Document", lambda c: c.go_to_document(-1), ("Ctrl+PgUp",),
        When.PROJECT, Where.WINDOW, is_repeatable=True),
)  # fmt: skip

MOVES = (
    ActionSpec("doubt.next", "Next doubt", "Go", lambda c: c.go_to_doubt(1), ("N",), hint="next doubt",
        is_repeatable=True, keywords="unsure missed low score"),
    ActionSpec("doubt.previous", "Previous doubt", "Go", lambda c: c.go_to_doubt(-1), ("Shift+N",),
        is_repeatable=True, keywords="unsure missed low score"),
    ActionSpec("doubt.goes_on", "Go on to the next doubt after a decision", "Go", lambda c: c.toggle_going_on(),
        when=When.PROJECT, is_on=lambda c: c.goes_on, keywords="automatic advance label delete"),
    ActionSpec("span.next", "Next span", "Go", lambda c: c.canvas.go_to_next_span(), ("Tab",), hint="next span",
        is_repeatable=True),
    ActionSpec("span.previous", "Previous span", "Go", lambda c: c.canvas.go_to_previous_span(), ("Shift+Tab",),
        is_repeatable=True),
    ActionSpec("hints", "Reach a word by its letters", "Go", lambda c: c.canvas.show_hints(), ("F",),
        hint="reach a word", keywords="hints jump token cursor keyboard vimium"),
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
    ActionSpec("escape", "Nothing current, nothing selected", "Go", lambda c: c.escape(), ("Escape",),
        is_in_menu=False),
    _window("pane.next", "Next part of the window", "Go", lambda c: c.go_to_pane(1), "F6", when=When.PROJECT,
        keywords="focus panel column"),
    _window("pane.previous", "Previous part of the window", "Go", lambda c: c.go_to_pane(-1), "Shift+F6",
        when=When.PROJECT, keywords="focus panel column"),
)  # fmt: skip

MEMORY = (
    ActionSpec("propagate.document", "Label the same words in this article…", "Edit", lambda c: c.propagate(), ("P",),
        keywords="propagate repeat all occurrences"),
    ActionSpec("propagate.corpus", "Label the same words in all articles…", "Edit",
        lambda c: c.propagate(is_everywhere=True), ("Shift+P",), keywords="propagate corpus occurrences everywhere"),
    ActionSpec("memory.places", "Places of these words", "Go", lambda c: c.show_places(), ("M",),
        keywords="memory labelled before concordance context"),
)  # fmt: skip

PAGES = (
    _window("page.article", "Article", "View", lambda c: c.show_page("article"), "Ctrl+1", when=When.PROJECT,
        keywords="document text back"),
    _window("page.history", "History of the article", "View", lambda c: c.show_page("history"), "Ctrl+5",
        when=When.PROJECT, keywords="journal time machine moments compare restore undo"),
    _window("page.guidelines", "Write the guideline", "View", lambda c: c.show_page("guidelines"), when=When.PROJECT,
        keywords="edit markdown rules versions import export"),
    _window("page.scheme", "Scheme editor", "View", lambda c: c.show_page("scheme"), "Ctrl+4", when=When.PROJECT,
        keywords="labels layers attributes relations rename merge split"),
    _window("page.search", "Search the corpus", "View", lambda c: c.show_search(), "Ctrl+2", "Ctrl+F",
        when=When.PROJECT, keywords="find regex concordance kwic"),
    _window("page.inbox", "Inconsistencies", "View", lambda c: c.show_page("inbox"), "Ctrl+3", when=When.PROJECT,
        keywords="inbox different labels boundaries twins consistency"),
    _window("page.agreement", "Agreement", "View", lambda c: c.show_page("agreement"), "Ctrl+6", when=When.PROJECT,
        keywords="review kappa alpha f1 confusion matrix annotators report"),
    _window("page.adjudication", "Adjudication", "View", lambda c: c.show_page("adjudication"), "Ctrl+7",
        when=When.PROJECT, keywords="disagreements annotators gold decide curation review"),
)  # fmt: skip

VIEW = (
    _window("palette", "Command palette…", "View", lambda c: c.show_palette(), "Ctrl+K", when=When.ALWAYS),
    _window("filter", "Filter the documents", "View", lambda c: c.focus_filter(), "/", when=When.PROJECT,
        keywords="search find"),
    ActionSpec("zoom.in", "Larger text", "View", lambda c: c.zoom(1), ("Ctrl+=", "Ctrl++"), When.ALWAYS, Where.WINDOW,
        is_repeatable=True),
    ActionSpec("zoom.out", "Smaller text", "View", lambda c: c.zoom(-1), ("Ctrl+-",), When.ALWAYS, Where.WINDOW,
        is_repeatable=True),
    _window("zoom.reset", "Usual text size", "View", lambda c: c.zoom(0), "Ctrl+0", when=When.ALWAYS),
    _switch("panel.documents", "Documents column", lambda c: c.toggle_documents(), lambda c: c.has_documents_column,
        "Ctrl+B", when=When.PROJECT),
    _switch("panel.inspector", "Labels column", lambda c: c.toggle_inspector(), lambda c: c.has_inspector_column,
        "Ctrl+Alt+B", when=When.PROJECT),
    ActionSpec("split", "Second document beside this one", "View", lambda c: c.toggle_split(), ("Ctrl+\\",),
        When.DOCUMENT, Where.WINDOW, is_on=lambda c: c.is_split, keywords="split compare two side"),
    ActionSpec("split.swap", "Swap the two documents", "View", lambda c: c.swap_split(), ("Ctrl+|",),
        When.DOCUMENT, Where.WINDOW, keywords="split second"),
    _switch("panel.guidelines", "Guideline beside the text", lambda c: c.toggle_guidelines(),
        lambda c: c.has_guidelines, "Ctrl+G", when=When.PROJECT),
    _theme("theme.system", "Colours of the system", "system"),
    _theme("theme.light", "Light", "light"),
    _theme("theme.dark", "Dark", "dark"),
    _theme("theme.contrast", "High contrast", "high contrast"),
)  # fmt: skip

HELP = (
    ActionSpec("keys", "All keys", "Help", lambda c: c.show_keys(), ("?", "F1"), When.ALWAYS, Where.WINDOW,
        hint="all keys", hint_keys="?", keywords="help shortcuts"),
)  # fmt: skip

ACTIONS: tuple[ActionSpec, ...] = (*FILE, *CORRECT, *CARRY, *STATUS, *MOVES, *MEMORY, *PAGES, *VIEW, *HELP)
MENUS = ("File", "Edit", "Document", "Go", "Label", "View", "Help")
HINT_ORDER = ("doubt.next", "span.next", "label", "span.remove", "done", "edge.left.grow", "edge.right.shrink", "hints",
    "keys")  # fmt: skip
"""The keys in the line at the bottom; what finds no room goes from the end, those that are kept after all others."""
HINTS_KEPT = ("done", "keys")
SEPARATED = ("project.sample", "save", "quit", "span.remove", "edge.left.grow", "span.attributes",
    "copy", "propagate.document", "document.labels", "document.next", "pane.next",
    "palette", "zoom.in", "panel.documents", "theme.system")  # fmt: skip
"""Actions with a line above them in their menu."""


@dataclass(frozen=True, slots=True)
class Hint:
    """One entry of the line at the bottom; ``action`` is run by a click, empty when it stands for several.

    ``is_kept``: it goes after all others when there is no room.
    """

    keys: str
    words: str
    action: str = ""
    is_kept: bool = False


def label_actions(scheme: LabelScheme) -> list[ActionSpec]:
    """One action for each label of the scheme. A key that something else has already is not given to a label."""
    return [
        ActionSpec(
            id=f"label.{layer.name}.{label.id}",
            text=f"Label {label.name}",
            menu="Label",
            run=_labeller(label.id, layer.name),
            keys=(label.key,) if label.key and not owner else (),
            keywords=label.description,
            label=(label.id, layer.name),
        )
        for layer, label, owner in _labels_and_owners(scheme)
    ]


def key_collisions(scheme: LabelScheme) -> list[str]:
    """Labels whose key is one of the window's own or of a label before, in words."""
    return [
        f"{label.name} cannot have the key {label.key}: it means “{owner}”"
        for _, label, owner in _labels_and_owners(scheme)
        if owner
    ]


def reserved_keys() -> dict[str, str]:
    """Keys that no label can have, as `plain_key` writes them, with what they do."""
    return {plain_key(key): spec.text.rstrip("…") for spec in ACTIONS for key in spec.keys}


def plain_key(key: str) -> str:
    """A key as it is compared: neither case nor the choice among Qt's names for it matters."""
    return _SAME_KEY.get(key.upper(), key.upper())


def hints(specs: Sequence[ActionSpec], scheme: LabelScheme | None) -> list[Hint]:
    """The entries of the line at the bottom, in its order."""
    by_id = {spec.id: spec for spec in specs}
    found: list[Hint] = []
    for id_ in HINT_ORDER:
        if id_ == "label":
            keys = [label.key for _, label in scheme.labels if label.key] if scheme else []
            if keys:
                found.append(Hint(f"{keys[0]}–{keys[min(len(keys), 10) - 1]}" if keys[1:] else keys[0], "label"))
        elif (spec := by_id.get(id_)) is not None:
            keys_shown = spec.hint_keys or spec.keys[0]
            found.append(Hint(keys_shown, spec.hint, "" if " " in keys_shown else id_, is_kept=id_ in HINTS_KEPT))
    return found


_SAME_KEY = {"DELETE": "DEL", "ESC": "ESCAPE", "PAGEUP": "PGUP", "PAGEDOWN": "PGDOWN", "INSERT": "INS"}


def _labels_and_owners(scheme: LabelScheme) -> Iterator[tuple[Layer, Label, str]]:
    """Each label with what has its key already: an action's or another label's name, else an empty string."""
    owners = {plain_key(key): spec.text for spec in ACTIONS for key in spec.keys}
    for layer, label in scheme.labels:
        yield layer, label, owners.get(plain_key(label.key), "") if label.key else ""
        if label.key:
            owners.setdefault(plain_key(label.key), label.name)


def _labeller(label_id: str, layer: str) -> Callable[[Commands], object]:
    return lambda commands: commands.label(label_id, layer)
