"""The scheme editor by keys: every change is one step, said in a sentence when it cannot be, and shown everywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLineEdit, QListView, QPlainTextEdit
from pytestqt.qtbot import QtBot

from annotator.domain.edits import AddSpan, RemoveSpan
from annotator.domain.label_groups import DOCUMENTS, RELATIONS, LabelGroup
from annotator.domain.labels import HUES, Attribute, AttributeKind, Label, LabelScheme, Layer, Overlap
from annotator.domain.scheme_edits import AddLabel, MergeLabels
from annotator.domain.spans import Span
from annotator.domain.text import Document
from annotator.store import ProjectStore
from annotator.ui.actions import ACTIONS, key_collisions, reserved_keys
from annotator.ui.dialogs.scheme_sheets import DeleteSheet, MergeSheet, SplitSheet, whose_in_words
from annotator.ui.dialogs.words import split_names
from annotator.ui.main_window import MainWindow
from annotator.ui.models.scheme_rows import RowKind, rows_of
from annotator.ui.panels.kwic_lines import keys_for
from annotator.ui.panels.label_details import uses_in_words
from annotator.ui.panels.scheme_adding import LABEL_KEYS, addition, parts_of_split
from annotator.ui.panels.scheme_page import SchemePage
from annotator.workflows.project import Project
from annotator.workflows.scheme_editing import LabelUse, Preview
from annotator.workflows.schemes import load_scheme, save_scheme
from annotator.workflows.sets import append, begun_set
from tests.gui.conftest import ARTICLE
from tests.gui.test_correcting import press, span_at

SPANS = LabelGroup.of_layer("entities")
KULEBA = ARTICLE.index("Kuleba")


@pytest.fixture
def page(window: MainWindow, qtbot: QtBot) -> SchemePage:
    """The page, opened by its key, with the label GPE chosen and everything counted."""
    press(window, "Ctrl+4")
    made = window.pages.find_shown()
    assert isinstance(made, SchemePage)
    assert window.focusWidget() is made.list
    qtbot.waitUntil(lambda: "Counting" not in made.label.usage.text())
    return made


def row_text(page: SchemePage) -> str:
    row = page.list.find_row()
    assert row is not None
    return row.text


def choose(page: SchemePage, kind: RowKind, id_: str = "", group: LabelGroup = SPANS) -> None:
    page.list.choose((kind, group, id_))
    row = page.list.find_row()
    assert row is not None
    assert (row.kind, row.id) == (kind, id_)


def label_named(path: Path, id_: str) -> Label:
    with Project.open(path, read_only=True) as project:
        found = project.scheme().find_label(id_)
    assert found is not None
    return found


def label_list(path: Path) -> tuple[Label, ...]:
    with Project.open(path, read_only=True) as project:
        return project.scheme().layers[0].labels


def said(window: MainWindow) -> str:
    return window.frame.notice.text()


def find_sheet(window: MainWindow, qtbot: QtBot, kind: type[MergeSheet | DeleteSheet | SplitSheet]) -> object:
    sheet = next(one for one in window.findChildren(kind) if one.isVisible())
    qtbot.waitUntil(lambda: sheet.preview.is_known)
    return sheet


def come_back(window: MainWindow, qtbot: QtBot) -> None:
    """A window manager makes the window active when its sheet closes; there is none here."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_the_page_opens_on_the_first_label_and_escape_goes_back_to_the_article(
    window: MainWindow, page: SchemePage
) -> None:
    assert row_text(page) == "GPE"
    assert page.label.name.text() == "GPE"
    assert page.label.usage.text() == "No span carries it yet; pipelines suggest it 4 times."
    press(window, "Down")
    assert page.label.name.text() == "PERSON"
    press(window, "Escape")
    assert window.pages.find_shown() is None
    assert window.canvas.hasFocus()


def test_a_rename_is_one_step_and_shows_in_the_article_at_once(
    window: MainWindow, page: SchemePage, project_path: Path
) -> None:
    press(window, "Return")
    assert window.focusWidget() is page.label.name
    QTest.keyClicks(page.label.name, "Country")
    press(window, "Return")
    assert label_named(project_path, "GPE").name == "Country"
    assert window.inspector.rows[0].text() == "Country"
    assert row_text(page) == "Country"
    assert said(window) == "Rename GPE to Country. Ctrl+Z takes it back."
    press(window, "Ctrl+Z")
    assert label_named(project_path, "GPE").name == "GPE"
    assert page.label.name.text() == "GPE"
    assert window.inspector.rows[0].text() == "GPE"
    press(window, "Ctrl+Shift+Z")
    assert label_named(project_path, "GPE").name == "Country"


def test_a_name_that_is_taken_is_said_while_typing_and_escape_takes_it_back(
    window: MainWindow, page: SchemePage, project_path: Path
) -> None:
    press(window, "Return")
    QTest.keyClicks(page.label.name, "org")
    assert page.label.fault.text() == "There is already a label ORG; choose another name."
    press(window, "Return")
    assert label_named(project_path, "GPE").name == "GPE"
    press(window, "Escape")
    assert page.label.name.text() == "GPE"
    assert page.label.fault.isHidden()
    assert window.pages.find_shown() is page


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        ("2", "The key 2 gives PERSON already; choose another key."),
        ("x", "The key x means “Remove the span” already; choose another key."),
        ("/", "The key / means “Filter the documents” already; choose another key."),
    ],
)
def test_a_key_that_means_something_else_is_refused_in_one_sentence(
    window: MainWindow, page: SchemePage, project_path: Path, key: str, sentence: str
) -> None:
    page.label.key.setFocus()
    press(window, key)
    assert page.label.fault.text() == sentence
    assert label_named(project_path, "GPE").key == "1"
    assert window.pages.find_shown() is page


def test_a_free_key_is_taken_and_works_in_the_article(window: MainWindow, page: SchemePage, project_path: Path) -> None:
    page.label.key.setFocus()
    press(window, "u")
    assert label_named(project_path, "GPE").key == "u"
    press(window, "Escape")
    window.canvas.set_current_span(span_at(window, "BEIJING"))
    press(window, "u")
    assert window.session is not None
    span = next(span for span in window.session.doc.spans if span.start == 0)
    assert (span.label, span.decided) == ("GPE", True)
    press(window, "Ctrl+4")
    page.label.key.setFocus()
    press(window, "Backspace")
    assert label_named(project_path, "GPE").key == ""


def test_colour_description_and_aliases_are_edited_in_place(
    window: MainWindow, page: SchemePage, project_path: Path
) -> None:
    press(window, "Down")
    amber = next(swatch for swatch in page.label.hue.swatches if swatch.hue == 85)
    amber.click()
    page.label.description.setFocus()
    page.label.description.selectAll()
    QTest.keyClicks(page.label.description, "People.")
    QTest.keyClick(page.label.description, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    page.label.aliases.setFocus()
    page.label.aliases.selectAll()
    QTest.keyClicks(page.label.aliases, "PER, PERS")
    press(window, "Return")
    label = label_named(project_path, "PERSON")
    assert (label.hue, label.description, label.aliases) == (85, "People.", ("PER", "PERS"))
    others = [one.name for one in label_list(project_path) if one.hue == 85 and one.id != "PERSON"]
    assert amber.toolTip() == f"amber, also {', '.join(others)}"
    assert amber.accessibleName() == "Colour amber"


def test_what_is_typed_counts_when_the_field_is_left(window: MainWindow, page: SchemePage, project_path: Path) -> None:
    page.label.description.setFocus()
    page.label.description.setPlainText("Lands.")
    page.list.setFocus()
    assert label_named(project_path, "GPE").description == "Lands."


def test_labels_are_added_one_after_the_other_with_free_keys_and_colours(
    window: MainWindow, page: SchemePage, project_path: Path
) -> None:
    page.add.setFocus()
    for name in ("CITY", "RIVER", "city"):
        QTest.keyClicks(page.add, name)
        press(window, "Return")
    assert said(window) == "There is already a label CITY; choose another name."
    assert page.add.text() == "city"
    with Project.open(project_path, read_only=True) as project:
        labels = list(project.scheme().layers[0].labels)
        assert key_collisions(project.scheme()) == []
    assert [one.name for one in labels[-2:]] == ["CITY", "RIVER"]
    assert [one.key for one in labels[-2:]] == ["u", ""]
    assert len({one.hue for one in labels[-2:]}) == 2
    assert row_text(page) == "RIVER"


def test_alt_and_an_arrow_move_a_label(window: MainWindow, page: SchemePage, project_path: Path) -> None:
    QTest.keyClick(page.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(page.list, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    with Project.open(project_path, read_only=True) as project:
        assert [one.name for one in project.scheme().layers[0].labels[:3]] == ["PERSON", "ORG", "GPE"]
    assert row_text(page) == "GPE"
    assert window.focusWidget() is page.list


def test_a_merge_is_previewed_and_reaches_the_open_article(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    press(window, "Ctrl+1")
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "a")
    press(window, "Ctrl+4")
    page.label.merge.click()
    sheet = find_sheet(window, qtbot, MergeSheet)
    assert isinstance(sheet, MergeSheet)
    assert sheet.preview.counts.text() == ("alice: 4 spans in 1 document\nen_core_web_sm: 4 suggestions in 1 document")
    assert sheet.preview.examples.lines.lines[0].span.surface == "Kuleba"
    sheet.target.setCurrentIndex(sheet.target.findText("LOC"))
    assert sheet.go.text() == "Merge 4 spans into LOC"
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    come_back(window, qtbot)
    assert said(window) == "Merge GPE into LOC. 1 document changed. Ctrl+Z takes it back."
    assert window.session is not None
    kuleba = next(span for span in window.session.doc.spans if span.start == KULEBA)
    assert (kuleba.label, kuleba.decided) == ("LOC", True)
    assert window.canvas.doc == window.session.doc
    press(window, "Ctrl+Z")
    kuleba = next(span for span in window.session.doc.spans if span.start == KULEBA)
    assert (kuleba.label, kuleba.decided) == ("GPE", True)
    assert label_named(project_path, "GPE").key == "1"


def test_a_change_of_many_documents_runs_in_the_background_and_the_page_keeps_the_focus(
    window: MainWindow, page: SchemePage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.ui.operating.AT_ONCE_DOCUMENTS", 0)
    page.perform(MergeLabels(SPANS, ("GPE",), "LOC"), documents=1)
    assert not window.frame.stack.isEnabled()
    qtbot.waitUntil(lambda: said(window).startswith("Merge GPE into LOC."))
    assert window.frame.stack.isEnabled()
    assert window.pages.find_shown() is page
    assert not window.canvas.hasFocus()
    assert page.list.rows.find((RowKind.LABEL, SPANS, "GPE")) is None
    press(window, "Ctrl+Z")
    qtbot.waitUntil(lambda: page.list.rows.find((RowKind.LABEL, SPANS, "GPE")) is not None)


def test_a_label_is_deleted_by_its_key_with_what_carries_it_or_relabelled(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    press(window, "Delete")
    sheet = find_sheet(window, qtbot, DeleteSheet)
    assert isinstance(sheet, DeleteSheet)
    assert sheet.go.text() == "Delete GPE and 4 suggestions"
    sheet.relabel.click()
    assert sheet.go.text() == "Relabel 4 suggestions as PERSON"
    sheet.remove.click()
    sheet.go.click()
    come_back(window, qtbot)
    with ProjectStore.open(project_path, read_only=True) as store, store.reading() as reader:
        assert reader.scheme().find_label("GPE") is None
        assert reader.problems() == []
    assert window.session is not None
    assert "GPE" not in {span.label for span in window.session.doc.spans}
    press(window, "Ctrl+Z")
    assert [span.label for span in window.session.doc.spans].count("GPE") == 4


def split_gpe(window: MainWindow, page: SchemePage, qtbot: QtBot) -> None:
    page.label.split.click()
    sheet = find_sheet(window, qtbot, SplitSheet)
    assert isinstance(sheet, SplitSheet)
    assert not sheet.go.isEnabled()
    QTest.keyClicks(sheet.parts[0], "PERSON")
    QTest.keyClicks(sheet.parts[1], "person")
    assert not sheet.go.isEnabled()
    sheet.parts[1].clear()
    QTest.keyClicks(sheet.parts[1], "LAND")
    assert sheet.go.text() == "Split GPE into 2 labels"
    sheet.go.click()
    come_back(window, qtbot)


def test_a_split_is_decided_one_key_a_span_and_ends_by_itself(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    split_gpe(window, page, qtbot)
    assert page.split.title.text() == "4 to decide"
    assert window.focusWidget() is page.split.list
    surfaces = [row.span.surface for row in page.split.rows]
    assert sorted(surfaces) == ["Kuleba", "Moscow", "Ukraine", "United States"]
    for surface in surfaces:
        press(window, "2" if surface == "Kuleba" else "u")
    qtbot.waitUntil(lambda: row_text(page) != "GPE")
    with ProjectStore.open(project_path, read_only=True) as store, store.reading() as reader:
        assert reader.scheme().find_label("GPE") is None
        assert reader.problems() == []
    assert window.session is not None
    labels = {span.start: window.session.scheme.name_of(span.label) for span in window.session.doc.spans}
    assert (labels[KULEBA], sorted(labels.values()).count("LAND")) == ("PERSON", 3)
    press(window, "Ctrl+Z")
    choose(page, RowKind.LABEL, "GPE")
    assert page.split.title.text() == "Nothing is left to decide"
    assert page.split.finish.isVisible()
    press(window, "Ctrl+Z")
    assert page.split.title.text() == "1 to decide"
    for _ in range(3):
        press(window, "Ctrl+Z")
    assert page.split.title.text() == "4 to decide"
    press(window, "Ctrl+Z")
    assert label_named(project_path, "GPE").split_into == ()


def test_what_was_decided_before_is_proposed_and_enter_takes_it_while_no_row_moves(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    places = [Span(f"p{at}", at, at + 6, "GPE", decided=False) for at in (0, 13, 26)]
    with ProjectStore.open(project_path) as store, store.writing() as unit:
        key = unit.add_document(Document("third", "Moscow said, Warsaw and, Moscow."))
        unit.put_suggestions(key, "p", "p 1", [places[0], places[1], replace(places[2], start=25, end=31)])
    split_gpe(window, page, qtbot)
    surfaces = [row.span.surface for row in page.split.rows]
    assert surfaces[:3] == ["Moscow"] * 3
    press(window, "u")
    assert [row.span.surface for row in page.split.rows] == surfaces[1:]
    assert [row.proposal != "" for row in page.split.rows] == [True, True, False, False, False, False]
    assert page.split.list.lines.lines[0].about == "LAND 1×"
    press(window, "Return")
    press(window, "Return")
    press(window, "Return")  # nothing is proposed here
    assert [row.span.surface for row in page.split.rows] == surfaces[3:]


def test_one_key_decides_all_with_the_same_words(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    split_gpe(window, page, qtbot)
    press(window, "=")
    assert page.split.is_for_all.isChecked()
    assert page.split.is_for_all.text().startswith("Decide all 1 with the same words")
    press(window, "u")
    assert page.split.title.text() == "3 to decide"


def test_a_span_of_the_queue_is_shown_in_the_article(window: MainWindow, page: SchemePage, qtbot: QtBot) -> None:
    split_gpe(window, page, qtbot)
    span = page.split.rows[0].span
    press(window, "Space")
    assert window.pages.find_shown() is None
    assert window.canvas.current_span_id == span.span_id


def test_layers_attributes_relations_and_document_labels_are_edited(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    choose(page, RowKind.LAYER, "entities")
    assert page.layer.name.isReadOnly()
    assert "10 spans hold the layer's name" in page.layer.usage.text()
    page.layer.overlap.setCurrentIndex(page.layer.overlap.findData(Overlap.NESTED))
    page.layer.fragments.click()
    choose(page, RowKind.ATTRIBUTES, "entities")
    page.add.setFocus()
    QTest.keyClicks(page.add, "certainty")
    press(window, "Return")
    page.attribute.kind.setCurrentIndex(page.attribute.kind.findData(AttributeKind.CHOICE))
    assert page.attribute.fault.text() == "Entities: certainty is a choice without values; type at least one value."
    QTest.keyClicks(page.attribute.values, "sure, likely")
    press(window, "Return")
    page.attribute.labels.setFocus()
    QTest.keyClicks(page.attribute.labels, "GPE, ORX")
    assert page.attribute.fault.text().startswith("There is no label ORX")
    press(window, "Backspace")
    QTest.keyClicks(page.attribute.labels, "G")
    press(window, "Return")
    choose(page, RowKind.RELATIONS, "", RELATIONS)
    page.add.setFocus()
    QTest.keyClicks(page.add, "works for")
    press(window, "Return")
    page.label.heads.setFocus()
    QTest.keyClicks(page.label.heads, "person")
    press(window, "Return")
    choose(page, RowKind.ATTRIBUTES, "", RELATIONS)
    assert page.add.placeholderText() == "Add an attribute to relations"
    page.add.setFocus()
    QTest.keyClicks(page.add, "since")
    press(window, "Return")
    page.attribute.labels.setFocus()
    QTest.keyClicks(page.attribute.labels, "Works For")
    press(window, "Return")
    assert page.attribute.usage.text() == "No relation has a value of it yet."
    choose(page, RowKind.DOCUMENTS, "", DOCUMENTS)
    page.documents.choice.setCurrentIndex(1)
    choose(page, RowKind.SCHEME, "", RELATIONS)
    page.whole.extensible.click()
    with Project.open(project_path, read_only=True) as project:
        scheme = project.scheme()
    layer = scheme.layers[0]
    assert (layer.overlap, layer.allows_fragments) == (Overlap.NESTED, False)
    assert (layer.attributes[0].values, layer.attributes[0].labels) == (("sure", "likely"), ("GPE", "ORG"))
    assert (scheme.relation_labels[0].name, scheme.relation_rules[0].heads) == ("works for", ("PERSON",))
    assert scheme.relation_attributes == (Attribute("since", labels=(scheme.relation_labels[0].id,)),)
    assert (scheme.has_single_document_label, scheme.is_extensible) == (True, True)
    for _ in range(11):
        press(window, "Ctrl+Z")
    with Project.open(project_path, read_only=True) as project:
        assert project.scheme() == load_scheme("news")
    press(window, "Ctrl+Z")
    assert said(window) == "Nothing was changed in the scheme yet."


def test_a_layer_without_spans_is_added_renamed_and_removed(
    window: MainWindow, page: SchemePage, project_path: Path, qtbot: QtBot
) -> None:
    choose(page, RowKind.SCHEME, "", RELATIONS)
    page.add.setFocus()
    QTest.keyClicks(page.add, "events")
    press(window, "Return")
    qtbot.waitUntil(lambda: page.layer.usage.text() == "No span is in this layer yet.")
    page.layer.name.setFocus()
    page.layer.name.selectAll()
    QTest.keyClicks(page.layer.name, "happenings")
    press(window, "Return")
    with Project.open(project_path, read_only=True) as project:
        assert [layer.name for layer in project.scheme().layers] == ["entities", "happenings"]
    choose(page, RowKind.LAYER, "happenings", LabelGroup.of_layer("happenings"))
    qtbot.waitUntil(lambda: page.layer.remove.isEnabled())
    page.layer.remove.click()
    with Project.open(project_path, read_only=True) as project:
        assert [layer.name for layer in project.scheme().layers] == ["entities"]


def test_undo_on_the_page_is_undo_of_the_scheme_also_after_edits_in_the_article(
    window: MainWindow, page: SchemePage, project_path: Path
) -> None:
    page.label.key.setFocus()
    press(window, "u")
    press(window, "Ctrl+1")
    window.canvas.set_current_span(span_at(window, "Kuleba"))
    press(window, "2")
    press(window, "Ctrl+4")
    press(window, "Ctrl+Z")
    assert label_named(project_path, "GPE").key == "1"
    assert window.session is not None
    assert next(span for span in window.session.doc.spans if span.start == KULEBA).label == "PERSON"
    press(window, "Ctrl+1")
    press(window, "Ctrl+Z")
    assert next(span for span in window.session.doc.spans if span.start == KULEBA).label == "GPE"


def test_a_scheme_goes_to_a_file_and_another_one_comes_in(
    window: MainWindow, page: SchemePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, project_path: Path
) -> None:
    file, other = tmp_path / "mine.toml", tmp_path / "other.toml"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file.with_suffix("")), ""))
    page.whole.save.click()
    assert load_scheme(str(file)) == load_scheme("news")
    save_scheme(LabelScheme("other", layers=(Layer("entities", (Label("CAR", "CAR"),)),)), other)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    page.whole.bring.click()
    assert [label.name for label in label_list(project_path)] == ["CAR", "GPE", "PERSON", "ORG", "DATE", "NORP"]
    other.write_text("name = ", encoding="utf-8")
    page.whole.bring.click()
    assert "not valid TOML" in said(window)
    assert window.frame.notice.property("bad") is True


def test_every_control_of_the_page_has_a_name(window: MainWindow, page: SchemePage, qtbot: QtBot) -> None:
    split_gpe(window, page, qtbot)
    for kind in (QLineEdit, QPlainTextEdit, QAbstractButton, QListView):
        for control in page.findChildren(kind):
            owner = control.parent()
            is_qts_own = control.objectName().startswith("qt_") or (
                owner is not None and owner.metaObject().className().startswith("QComboBoxPrivate")
            )
            text = control.text() if isinstance(control, QAbstractButton) else ""
            assert is_qts_own or control.accessibleName() or text, control


def test_the_list_says_each_row_in_words(page: SchemePage) -> None:
    index = page.list.rows.index(2)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "GPE, key 1, 0 spans"


def test_an_empty_layer_has_its_row_and_takes_the_first_label() -> None:
    scheme = LabelScheme("open")
    rows = rows_of(scheme, {})
    assert [row.kind for row in rows] == [
        RowKind.SCHEME, RowKind.LAYER, RowKind.ATTRIBUTES, RowKind.RELATIONS, RowKind.DOCUMENTS
    ]  # fmt: skip
    edit = addition(scheme, rows[1], "GPE", "id", reserved_keys())
    assert isinstance(edit, AddLabel)
    assert (edit.label.key, edit.label.hue) == ("1", HUES[0])


def test_keys_for_labels_are_none_of_the_windows() -> None:
    assert not {key.upper() for key in LABEL_KEYS} & set(reserved_keys())
    assert reserved_keys()["DEL"] == "Remove the span"
    assert len(reserved_keys()) == sum(len(spec.keys) for spec in ACTIONS)


def test_parts_of_a_split_get_different_keys_and_colours_and_known_names_mean_known_labels() -> None:
    ids = iter(("a", "b"))
    make_id: Callable[[], str] = lambda: next(ids)  # noqa: E731
    parts = parts_of_split(load_scheme("conll"), SPANS, "LOC", ("city", "per", "river"), make_id, reserved_keys())
    assert [(part.id, part.name, part.key) for part in parts] == [
        ("a", "city", "5"), ("PER", "PER", "1"), ("b", "river", "6")
    ]  # fmt: skip
    assert len({part.hue for part in parts}) == 3


def test_parts_without_a_key_are_decided_by_digits_that_are_free() -> None:
    assert keys_for({"a": "A", "b": "B", "c": "C"}, {"a": "", "b": "1", "c": ""}) == {"a": "2", "b": "1", "c": "3"}


def test_counts_are_told_in_words() -> None:
    uses = [
        LabelUse(SPANS, "x", "ann", is_pipeline=False, count=300, undecided=17, documents=30),
        LabelUse(SPANS, "x", "bob", is_pipeline=False, count=12, undecided=0, documents=10),
        LabelUse(SPANS, "x", "en", is_pipeline=True, count=290, undecided=290, documents=50),
    ]
    assert uses_in_words(uses, "span") == (
        "2 annotators: 312 spans in 40 documents, 17 of them not decided; pipelines suggest it 290 times."
    )
    assert uses_in_words([], "relation") == "No relation carries it yet."
    assert whose_in_words(Preview(tuple(uses * 3)), "span").endswith("and 3 others")
    assert split_names(" a, ,b ,") == ("a", "b")


def test_what_could_not_be_undone_on_the_page_is_not_made_again(
    window: MainWindow, page: SchemePage, project_path: Path
) -> None:
    page.add.setFocus()
    QTest.keyClicks(page.add, "CITY")
    press(window, "Return")
    city = next(label for label in label_list(project_path) if label.name == "CITY")
    with ProjectStore.open(project_path) as store, store.writing() as unit:
        append(unit, 2, begun_set(unit, 2, "bob"), AddSpan(Span("c", 0, 1, city.id)))
    page.list.setFocus()
    press(window, "Ctrl+Z")
    assert "CITY is used in 1 document by now" in said(window)
    press(window, "Ctrl+Shift+Z")
    assert said(window) == "There is nothing to do again in the scheme."
    with ProjectStore.open(project_path) as store, store.writing() as unit:
        append(unit, 2, unit.load(2, "bob"), RemoveSpan("c"))
    press(window, "Ctrl+Z")
    assert all(label.name != "CITY" for label in label_list(project_path))
    press(window, "Ctrl+Shift+Z")
    assert any(label.name == "CITY" for label in label_list(project_path))
