"""How many keys adjudicate a double-annotated sample. Run: ``make effort`` (the figures follow those of correcting).

The tweets are in `tests/data/crowd`: two judges each, and what three of five judges marked as the truth that the
adjudicator knows. Keys are pressed in the real window. Policy: if the truth is somebody's answer, that one's digit;
else an answer of one's own, key by key. Of places alike, all at once if the same answer is right in all of them.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.app import make_application
from annotator.domain.rulings import Said
from annotator.ui.adjudication.page import AdjudicationPage
from annotator.ui.main_window import MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.adjudication_bench import Item
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import Project

TWEETS = Path(__file__).parents[1] / "data" / "crowd" / "tweets.jsonl"
Truth = Mapping[str, set[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Effort:
    """``agreed`` places took no key. ``taken``: places whose truth is somebody's answer, ``own``: others."""

    agreed: int
    taken: int
    own: int
    keys_for_taken: int
    keys_for_own: int


def make_project(folder: Path, tweets: Sequence[Mapping[str, object]]) -> Path:
    """A project in which ann and bob have finished these tweets."""
    lines = folder / "tweets.jsonl"
    with lines.open("w", encoding="utf-8") as out:
        for tweet in tweets:
            for name in ("ann", "bob"):
                spans = [dict(zip(("start", "end", "label"), one, strict=True)) for one in _list(tweet[name])]
                record = {"id": tweet["id"], "text": tweet["text"], "annotator": name, "status": "done", "spans": spans}
                out.write(json.dumps(record) + "\n")
    path = folder / "tweets.annotator"
    with Project.create(path, "open") as project:
        project.import_documents(ImportRequest((str(lines),)))
    return path


def read_tweets() -> list[dict[str, object]]:
    """The sample."""
    return [json.loads(line) for line in TWEETS.read_text(encoding="utf-8").splitlines()]


def measure(window: MainWindow, page: AdjudicationPage, tweets: Sequence[Mapping[str, object]]) -> Effort:
    """Adjudicate all that is open, with keys."""
    truth = {str(tweet["id"]): {(one[0], one[1]) for one in _list(tweet["crowd"])} for tweet in tweets}
    agreed = page.settled
    counts = {True: [0, 0], False: [0, 0]}
    while (item := page.list.current) is not None and page.open_items:
        before = len(page.open_items)
        name = _who_is_right(item, truth)
        keys = _take(page, item, name, truth) if name else _take_own(page)
        counts[name is not None][0] += before - len(page.open_items)
        counts[name is not None][1] += keys
        if len(page.open_items) == before:
            raise AssertionError(f"nothing was decided: {window.frame.notice.text()}")
    return Effort(agreed, counts[True][0], counts[False][0], counts[True][1], counts[False][1])


def _list(held: object) -> list[list[int]]:
    assert isinstance(held, list)
    return held


def _who_is_right(item: Item, truth: Truth) -> str | None:
    place = item.place
    wanted = {one for one in truth[item.document] if one[0] < place.end and place.start < one[1]}
    right = (name for name, said in place.answers.items() if {(one.start, one.end) for one in said} == wanted)
    return next(right, None)


def _take(page: AdjudicationPage, item: Item, name: str, truth: Truth) -> int:
    """The digit of who is right, for all alike if they are right everywhere; returns the keys."""
    alike = page.alike(item)
    wanted = _relative(item, item.place.answers[name])
    is_for_all = len(alike) > 2 and all(
        (right := _who_is_right(one, truth)) is not None and _relative(one, one.place.answers[right]) == wanted
        for one in alike
    )
    keys = ["a"] if is_for_all else []
    keys.append(str(list(item.place.answers).index(name) + 1))
    for key in keys:
        _press(key)
    return len(keys)


def _take_own(page: AdjudicationPage) -> int:
    """As if the first answer that is none were mended by one edge: E, an arrow, Enter."""
    _press("e")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Return):
        QTest.keyClick(QApplication.focusWidget() or page, key)
    return 3


def _relative(item: Item, answer: Sequence[Said]) -> list[tuple[int, int, str]]:
    by = item.place.start
    return [(one.start - by, one.end - by, one.label) for one in answer]


def _press(key: str) -> None:
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, key)


def wait_for(is_ready: Callable[[], bool]) -> None:
    """Let the window work until something holds."""
    while not is_ready():
        QApplication.processEvents()


def in_words(effort: Effort) -> str:
    """The figures for a person."""
    return (
        f"adjudication of {effort.agreed + effort.taken + effort.own} places of two judges: {effort.agreed} agreed, "
        f"no key; {effort.taken} where somebody is right: {effort.keys_for_taken} keys, "
        f"{effort.keys_for_taken / max(effort.taken, 1):.2f} each; {effort.own} others: {effort.keys_for_own} keys"
    )


def main() -> None:
    """Print what the sample takes."""
    application = make_application()
    with tempfile.TemporaryDirectory() as folder:
        tweets = read_tweets()
        path = make_project(Path(folder), tweets)
        window = MainWindow("dora", WindowSettings(Path(folder) / "window.ini"))
        window.show()
        window.open_project(str(path))
        window.commands.show_page("adjudication")
        page = window.pages.find("adjudication")
        assert isinstance(page, AdjudicationPage)
        wait_for(lambda: not page.is_loading)
        print(in_words(measure(window, page, tweets)))
        window.close()
        application.processEvents()


if __name__ == "__main__":
    main()
