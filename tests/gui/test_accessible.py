"""The window as a screen reader meets it: a real client of AT-SPI reads it while real keys are pressed."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.gui.conftest import ARTICLE, SECOND, make_project
from tests.gui.reading import Reading, reading, what_is_missing

pytestmark = pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing())

WINDOW = "news – Annotator"
EMOJI = "👨‍👩‍👧 met 🇺🇦 Ukraine in Moscow."
MIXED = "שלום Berlin עולם 2023\r\nمرحبا Ukraine\t\x07 Moscow\r\n" * 20
LONG = (ARTICLE.replace("\n", " ") + " ") * 150
UNNAMED_ROLES = {
    "filler", "panel", "layered pane", "split pane", "scroll pane", "scroll bar", "separator", "menu bar", "viewport",
    "label",
}  # fmt: skip
"""Containers, and what says nothing when it is empty."""
STORM_S = float(os.environ.get("ANNOTATOR_STORM_S", "4"))
STORM_KEYS = (
    "Tab", "Tab", "shift+Tab", "Right", "Left", "shift+Right", "shift+Left", "Down", "Up", "Next", "Prior", "Home",
    "End", "ctrl+Home", "ctrl+End", "1", "2", "3", "Delete", "a", "Escape", "ctrl+z", "ctrl+z", "ctrl+shift+z",
    "bracketleft", "braceright", "ctrl+Next", "ctrl+Prior", "exclam", "ctrl+plus", "ctrl+minus", "F6", "ctrl+b",
    "Return", "ctrl+1", "ctrl+1", "ctrl+1", "ctrl+4", "ctrl+5", "ctrl+g", "ctrl+backslash", "f", "Escape", "Escape",
)  # fmt: skip


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reading]:
    """One window for all tests here, as starting one takes seconds; at the end it closes cleanly while it is read."""
    folder = tmp_path_factory.mktemp("reading")
    project = folder / "news.annotator"
    make_project(project, {"first": ARTICLE, "second": SECOND, "emoji": EMOJI, "mixed": MIXED, "long": LONG})
    with reading(project, folder) as made:
        yield made
        made.focus(WINDOW)
        made.press("Escape", "Escape", "ctrl+1", "ctrl+q")
        assert made.window.wait(20) == 0, made.log
        assert "Traceback" not in made.log


@pytest.fixture
def reader(session: Reading) -> Reading:
    """The window with the first article open, the cursor at its start and nothing chosen."""
    assert session.window.poll() is None, session.log
    session.focus(WINDOW)
    session.press("Escape", *["ctrl+Prior"] * 4, "Escape", "ctrl+Home")
    session.sees("read", until=lambda seen: seen["text"] == ARTICLE and (seen["caret"], seen["selections"]) == (0, []))
    time.sleep(0.1)
    session.forget()
    return session


def at(text: str, surface: str) -> list[int]:
    return [text.index(surface), text.index(surface) + len(surface)]


def test_the_article_is_a_text_that_can_be_read(reader: Reading) -> None:
    seen = reader.ask("read")
    assert (seen["role"], seen["name"]) == ("text", "Article")
    assert {"multi-line", "read-only", "focusable", "focused", "showing"} <= set(seen["states"])
    assert seen["text"] == ARTICLE
    assert seen["description"] == "first, 10 spans, 10 to decide"
    assert reader.ask("part", *at(ARTICLE, "Dmytro Kuleba")) == "Dmytro Kuleba"


def test_words_sentences_and_lines_are_told_apart(reader: Reading) -> None:
    inside = ARTICLE.index("Gang")
    assert reader.ask("at", inside, "WORD_START", "at") == ["Gang", inside, inside + 4]
    assert reader.ask("at", inside, "WORD_START", "before")[0].strip() == "Qin"
    assert reader.ask("at", inside, "WORD_START", "after")[0].strip() == "spoke"
    sentence = reader.ask("at", inside, "SENTENCE_START", "at")
    assert sentence[0].strip() == "The United States said Qin Gang spoke in New York."
    lines, offset = [], 0
    while offset < len(ARTICLE):
        line, start, end = reader.ask("at", offset, "LINE_START", "at")
        lines.append(line)
        assert start == offset
        offset = end + 1
    assert len(lines) > 4
    assert " ".join(lines).split() == ARTICLE.split()


def test_lines_are_where_they_are_on_the_screen(reader: Reading) -> None:
    (_, start, end), (_, start_below, end_below) = (reader.ask("at", at, "LINE_START", "at") for at in (0, 90))
    x, y, width, height = reader.ask("where", start, end)
    below = reader.ask("where", start_below, end_below)
    assert start < end <= start_below
    assert y + height <= below[1]
    assert start <= reader.ask("offset", x + width // 2, y + height // 2) < end
    word = reader.ask("where", *at(ARTICLE, "Chinese"))
    assert reader.ask("under", word[0] + word[2] // 2, word[1] + word[3] // 2) == "Chinese, NORP, suggested, .99"


def test_the_caret_moves_with_the_cursor_and_the_token_is_said(reader: Reading) -> None:
    reader.press("Right", "Right")
    reader.hears(lambda event: event["type"] == "object:text-caret-moved" and event["from"] == "Article")
    reader.hears_announced("The")
    assert reader.ask("read")["caret"] == ARTICLE.index("The")
    reader.press("Right")
    reader.hears_announced("Chinese, in NORP")


def test_the_current_span_is_the_selection_and_is_said(reader: Reading) -> None:
    reader.press("Tab", "Tab")
    reader.hears_announced("Chinese, NORP, suggested, .99")
    seen = reader.ask("read")
    assert (seen["caret"], seen["selections"]) == (ARTICLE.index("Chinese"), [at(ARTICLE, "Chinese")])
    states = {span["name"]: span["states"] for span in reader.ask("spans")}
    assert [name for name, those in states.items() if "selected" in those] == ["Chinese, NORP, suggested, .99"]


def test_the_selection_is_told_with_the_caret_at_its_moving_end(reader: Reading) -> None:
    reader.press("Right", "Right", "shift+Right")
    reader.hears(lambda event: event["type"] == "object:text-selection-changed" and event["from"] == "Article")
    start, end = at(ARTICLE, "The Chinese")
    seen = reader.ask("read")
    assert (seen["caret"], seen["selections"]) == (end, [[start, end]])


def test_the_span_just_added_is_said_and_can_be_read(reader: Reading) -> None:
    reader.press("Right", "Right", "Right", "Right", "shift+Right", "2")
    reader.hears_announced("PERSON added, 2 words")
    name = "foreign minister, PERSON"
    reader.hears(lambda event: event["type"] == "object:children-changed:add" and event["what"] == name)
    added = next(span for span in reader.ask("spans") if span["name"] == name)
    x, y, width, height = reader.ask("where", *at(ARTICLE, "foreign minister"))
    assert "showing" in added["states"] or "visible" in added["states"]
    assert abs(added["box"][0] - x) <= 2
    assert abs(added["box"][1] - y) <= height
    assert abs(added["box"][2] - width) <= 8
    assert reader.ask("read")["description"] == "first, 11 spans, 10 to decide"
    reader.press("3")
    reader.hears(lambda event: event["type"].endswith("accessible-name") and event["what"] == "foreign minister, ORG")
    reader.press("Delete")
    reader.hears_announced("removed")
    reader.sees("spans", until=lambda spans: len(spans) == 10)


def test_a_client_puts_the_caret_selects_presses_and_takes_the_focus(reader: Reading) -> None:
    assert reader.ask("caret", ARTICLE.index("Gang") + 2)
    reader.sees("read", until=lambda seen: seen["caret"] == ARTICLE.index("Gang"))
    assert reader.ask("select", *at(ARTICLE, "New York"))
    reader.sees("read", until=lambda seen: seen["selections"] == [at(ARTICLE, "New York")])
    assert reader.ask("press", "Western, NORP, suggested, .68")
    reader.sees("read", until=lambda seen: seen["selections"] == [at(ARTICLE, "Western")])
    reader.press("F6")
    reader.hears(lambda event: event["type"] == "object:state-changed:focused" and event["from"] != "Article")
    assert reader.ask("focus")
    reader.sees("read", until=lambda seen: "focused" in seen["states"])


def test_offsets_count_utf16_units_as_in_every_text_of_qt(reader: Reading) -> None:
    reader.press("ctrl+Next", "ctrl+Next")
    assert reader.sees("read", until=lambda seen: seen["text"] != ARTICLE and seen["text"] != SECOND)["text"] == EMOJI
    before = len(EMOJI[: EMOJI.index("Ukraine")].encode("utf-16-le")) // 2
    assert before == EMOJI.index("Ukraine") + 5  # three people and two letters of a flag are two units each
    reader.press("Tab")
    seen = reader.sees("read", until=lambda seen: seen["selections"])
    assert (seen["caret"], seen["selections"]) == (before, [[before, before + 7]])
    assert seen["count"] == len(EMOJI.encode("utf-16-le")) // 2
    assert reader.ask("part", before, before + 7) == "Ukraine"
    assert reader.ask("at", before, "WORD_START", "at") == ["Ukraine", before, before + 7]
    assert reader.ask("part", 0, 8) == "👨‍👩‍👧"


def test_another_document_is_told(reader: Reading) -> None:
    reader.press("ctrl+Next")
    reader.hears(lambda event: event["type"] == "object:text-changed:delete" and event["what"] == ARTICLE)
    reader.hears(lambda event: event["type"] == "object:text-changed:insert" and event["what"] == SECOND)
    reader.hears_announced("second, 0 spans")
    assert reader.ask("read")["text"] == SECOND


def test_messages_and_faults_are_said(reader: Reading) -> None:
    reader.press("Delete")
    reader.hears_announced("No span is current: Tab goes to the next one, or click one.")
    reader.press("Tab", "2")
    reader.hears_announced("BEIJING, PERSON")
    reader.press("ctrl+z")
    reader.hears_announced("Undone in “first”")


def check_tree(seen: list[dict[str, Any]]) -> None:
    """Everything that is shown has a role, and what can be reached or pressed has a name."""
    assert len(seen) > 3
    assert [one for one in seen if one["role"] in ("unknown", "invalid")] == []
    assert [one for one in seen if not one["name"].strip() and one["role"] not in UNNAMED_ROLES] == []
    assert [one for one in seen if "focusable" in one["states"] and not one["name"].strip()] == []


def test_every_control_of_the_window_has_a_name_and_a_role(reader: Reading) -> None:
    seen = reader.ask("tree", WINDOW)
    check_tree(seen)
    roles = {one["name"]: one["role"] for one in seen}
    assert roles["Documents"] == roles["Spans of this article"] == "list"
    assert roles["Keys, messages and save state"] == "status bar"
    assert roles["Documents and progress"] == roles["Labels and spans"] == "panel"
    assert roles["Label GPE, key 1"] == "push button"
    assert roles[next(name for name in roles if name.startswith("first, "))] == "list item"
    assert any(name.startswith(("Tab next span, 1–0 label, ", "This is the first document.")) for name in roles)
    assert "saved" in roles


@pytest.mark.parametrize(
    ("key", "name", "leave"),
    [
        ("ctrl+4", "Labels of the scheme", "ctrl+1"),
        ("ctrl+5", "Moments, the oldest first", "ctrl+1"),
        ("ctrl+backslash", "Second article, to read", "ctrl+backslash"),
        ("ctrl+g", "Guideline", "ctrl+g"),
    ],
)
def test_every_control_of_a_page_has_a_name_and_a_role(reader: Reading, key: str, name: str, leave: str) -> None:
    def is_there(found: list[dict[str, Any]]) -> bool:
        return any(one["name"].startswith(name) for one in found)

    reader.press("Tab", key)
    seen = reader.sees("tree", WINDOW, until=is_there)
    reader.press("Escape", leave)
    check_tree(seen)


@pytest.mark.parametrize(
    ("key", "title", "names"),
    [
        ("ctrl+i", "Import", {"Choose files…", "Labels by", "Guess from each file"}),
        ("ctrl+e", "Export", {"JSON lines, Annotator's own and Prodigy's (.jsonl)", "alice (you)", "Folder"}),
        ("ctrl+n", "New project", {"Project file", "Your name", "News (OntoNotes)"}),
        ("ctrl+comma", "Preferences", {"As the system", "17 px", "Your name"}),
        ("ctrl+shift+s", "Suggest spans", {"en_core_web_sm", "Cancel"}),
        ("F1", "All keys", {"All keys"}),
    ],
)
def test_every_control_of_a_dialog_has_a_name_and_a_role(
    reader: Reading, key: str, title: str, names: set[str]
) -> None:
    reader.press(key)
    seen = reader.sees("tree", title)
    reader.focus(title)
    reader.press("Escape")
    check_tree(seen)
    assert names <= {one["name"] for one in seen}
    reader.sees("tree", title, until=lambda found: not found)
    reader.lose(title)


def test_the_command_palette_says_what_is_chosen(reader: Reading) -> None:
    reader.press("ctrl+k")
    reader.hears(lambda event: event["type"] == "object:state-changed:focused" and event["from"] == "Command")
    reader.press("n", "e", "x", "t")
    first = reader.hears(lambda event: event["type"] == "object:announcement")["what"]
    reader.press("Down")
    reader.hears(lambda event: event["type"] == "object:announcement" and event["what"] != first)
    reader.press("Escape")


@pytest.mark.storm
def test_the_window_survives_a_client_that_asks_anything_while_keys_are_pressed(reader: Reading) -> None:
    chance, until = random.Random(7), time.monotonic() + STORM_S

    def type_on() -> None:
        while time.monotonic() < until and reader.window.poll() is None:
            reader.press(*(chance.choice(STORM_KEYS) for _ in range(8)))

    typing = threading.Thread(target=type_on)
    typing.start()
    reader.send("storm", STORM_S, 7)
    typing.join()
    assert reader.answer() > 50 * STORM_S
    assert reader.window.poll() is None, reader.log
    reader.focus(WINDOW)
    assert reader.sees("read")["count"] > 0
    assert "Traceback" not in reader.log
