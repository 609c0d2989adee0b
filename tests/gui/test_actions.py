"""The table of actions: no key twice, labels give way to actions, everything is offered everywhere."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from PySide6.QtGui import QKeySequence

from annotator.domain.labels import Label, LabelScheme, Layer
from annotator.ui.actions import ACTIONS, MENUS, hints, key_collisions, label_actions
from annotator.ui.key_help import key_tables, table_as_html
from annotator.ui.main_window import MainWindow
from annotator.ui.palette import Entry, ranked
from annotator.ui.theme import LIGHT
from annotator.workflows.schemes import load_scheme, shipped_schemes


def test_no_two_actions_share_an_id_or_a_key() -> None:
    assert max(Counter(spec.id for spec in ACTIONS).values()) == 1
    keys = Counter(QKeySequence(key).toString() for spec in ACTIONS for key in spec.keys)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_key_is_one_that_qt_knows() -> None:
    for spec in ACTIONS:
        for key in spec.keys:
            assert QKeySequence(key).toString(), key


def test_shipped_schemes_collide_with_no_action() -> None:
    for scheme in shipped_schemes():
        assert key_collisions(scheme) == []


def test_a_label_key_gives_way_to_an_action_and_the_person_is_told() -> None:
    news = load_scheme("news")
    layer = Layer("entities", (Label("GPE", "GPE", key="x"), Label("ORG", "ORG", key="3")))
    scheme: LabelScheme = replace(news, layers=(layer,))
    assert [spec.keys for spec in label_actions(scheme)] == [(), ("3",)]
    assert key_collisions(scheme) == ["GPE cannot have the key x: it means “Remove the span”"]


def test_menus_help_and_hints_come_from_the_table(window: MainWindow) -> None:
    specs = window.actions_.specs
    assert {spec.menu for spec in specs} <= set(MENUS)
    shown = " ".join(table_as_html(table, LIGHT) for table in key_tables(specs))
    for spec in specs:
        if spec.keys:
            assert spec.text in shown
    words = [hint.words for hint in hints(specs, load_scheme("news"))]
    assert words == [
        "next doubt",
        "next span",
        "label",
        "remove",
        "done, next",
        "left edge",
        "right edge",
        "reach a word",
        "all keys",
    ]


def test_the_palette_finds_by_letters_in_order() -> None:
    entries = [
        Entry(text, "", lambda: None) for text in ("Export training data", "Next document", "Done, next document")
    ]
    assert ranked("next", entries)[0].text == "Next document"
    assert ranked("etd", entries)[0].text == "Export training data"
    assert ranked("zzz", entries) == []
    assert ranked("", entries) == entries
