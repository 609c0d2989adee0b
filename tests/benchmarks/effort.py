"""How many keys, and how many clicks, turn a pipeline's suggestions into gold. Run: ``make effort GOLD=DIR``.

A scripted annotator sits before the real window and sends it key events (or mouse events) only: WikiGold and the
English PUD of Universal NER, suggestions of the bundled pipeline, each document corrected in its order and accepted
with one key. After each document the spans are read from the database and must be the gold exactly.

Read before the figures: a key with Shift or Ctrl counts once; "to get there" is finding the way (Tab, arrows, hints),
"to correct" the keys of the correction itself; the annotator knows the shortest way, as a trained person does. Tokens
are those of the gold, as a corpus brings them. Labels and what is left out: see `effort_gold`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest

from annotator.app import make_application
from annotator.domain.labels import LabelScheme
from annotator.ui.main_window import HEIGHT_PX, WIDTH_PX, MainWindow
from annotator.ui.settings import WindowSettings
from annotator.workflows.import_request import ImportRequest
from annotator.workflows.project import DocumentView, Project
from annotator.workflows.schemes import load_scheme
from annotator.workflows.suggesting import SuggestReport, SuggestRequest
from tests.benchmarks.effort_gold import CORPORA, Corpus, GoldDocument, GoldSpan
from tests.benchmarks.effort_keys import KeyAnnotator, label_keys, scene_of
from tests.benchmarks.effort_mouse import MouseAnnotator
from tests.benchmarks.effort_plan import Kind, knots
from tests.benchmarks.effort_tally import Act, Tally, comparison, table
from tests.benchmarks.effort_ways import EffortFault
from tests.benchmarks.effort_what_if import WhatIf

NAME = "effort"
LAYOUT_MS = 200
"""Until the article is set for the width that it has in the end."""


class ScriptedAnnotator(Protocol):
    """Somebody who corrects the open document and goes on; ``unit`` says what is counted."""

    unit: str

    def correct(self, gold: GoldDocument) -> Iterator[Act]:
        """Make every correction of the open document."""
        ...

    def accept_rest(self) -> int:
        """Accept what is left, go on, and say what that took."""
        ...


def _going_on(window: MainWindow) -> ScriptedAnnotator:
    """Somebody who has switched on that a decision leads to the next doubt by itself."""
    window.commands.toggle_going_on()
    return KeyAnnotator(window)


ANNOTATORS: dict[str, Callable[[MainWindow], ScriptedAnnotator]] = {
    "keys": KeyAnnotator,
    "going-on": _going_on,
    "mouse": MouseAnnotator,
}


@dataclass(frozen=True, slots=True)
class Bench:
    """A corpus as a project with suggestions, and its gold by document id."""

    corpus: Corpus
    path: Path
    gold: dict[str, GoldDocument]
    report: SuggestReport


@dataclass(frozen=True, slots=True)
class Run:
    """What came of one annotator on one corpus. ``what_if``: what other keys would have cost, when asked."""

    tally: Tally
    what_if: tuple[Tally, ...] = ()


def scheme_of(corpus: Corpus) -> LabelScheme:
    """The shipped scheme with the labels that the corpus has."""
    scheme = load_scheme("conll")
    (layer,) = scheme.layers
    labels = tuple(label for label in layer.labels if label.name in corpus.labels)
    return replace(scheme, layers=(replace(layer, labels=labels),))


def prepare(corpus: Corpus, documents: Sequence[GoldDocument], folder: Path) -> Bench:
    """A new project in ``folder`` with these documents, read by the bundled pipeline."""
    path, lines = folder / f"{corpus.name}.annotator", folder / f"{corpus.name}.jsonl"
    lines.write_text("\n".join(json.dumps(_line(one)) for one in documents), encoding="utf-8")
    with Project.create(path, scheme_of(corpus)) as project:
        imported = project.import_documents(ImportRequest((str(lines),)))
        if imported.accepted != len(documents):
            raise EffortFault(f"{imported.accepted} of {len(documents)} documents were imported: {imported.rejected}")
        report = project.suggest(SuggestRequest())
    return Bench(corpus, path, {one.id: one for one in documents}, report)


def _line(document: GoldDocument) -> dict[str, object]:
    tokens = [
        {"start": word.start, "end": word.end, **({"sent_start": True} if word.is_first else {})}
        for word in document.words
    ]
    return {"id": document.id, "text": document.text, "language": "en", "tokens": tokens}


@contextmanager
def open_window(path: Path, folder: Path) -> Iterator[MainWindow]:
    """The real window on a project, at its usual size, with the article focused."""
    make_application()
    window = MainWindow(NAME, WindowSettings(folder / f"{path.stem}.ini"))
    window.resize(WIDTH_PX, HEIGHT_PX)  # the screen of the offscreen platform is smaller
    window.show()
    if not window.open_project(str(path)):
        raise EffortFault(f"the window could not open {path}")
    window.activateWindow()
    window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
    QTest.qWaitForWindowActive(window)
    QTest.qWait(LAYOUT_MS)
    try:
        yield window
    finally:
        window.close()
        window.deleteLater()


def measure(bench: Bench, annotator: str, folder: Path, *, has_what_if: bool = False) -> Run:
    """Correct the whole corpus. Raises `EffortFault` when the stored spans of a document are not the gold."""
    with open_window(bench.path, folder) as window, Project.open(bench.path, read_only=True) as stored:
        views = {view.id: view for view in stored.documents(annotator=NAME)}
        person = ANNOTATORS[annotator](window)
        tally = Tally(f"{bench.corpus.name}, {annotator}", person.unit)
        what_if = WhatIf(label_keys(window)) if has_what_if else None
        for gold in bench.gold.values():
            _expect_open(window, gold)
            if what_if is not None:
                what_if.reckon(scene_of(window), gold)
            _correct(window, person, gold, tally)
            verify(views[gold.id], gold)
        _expect_all_done(stored, bench)
    return Run(tally, tuple(what_if.tallies) if what_if is not None else ())


def _correct(window: MainWindow, person: ScriptedAnnotator, gold: GoldDocument, tally: Tally) -> None:
    session = window.session
    assert session is not None
    ways = [knot.ways[0] for knot in knots(session.doc, gold.spans)]
    accepted = sum(correction.kind is Kind.ACCEPT for way in ways for correction in way)
    acts = list(person.correct(gold))
    accept_keys = person.accept_rest()
    if not session.saver.flush():
        raise EffortFault(f"{gold.id} could not be saved")
    tally.add(gold.id, acts, accepted=accepted, accept_keys=accept_keys)


def _expect_open(window: MainWindow, gold: GoldDocument) -> None:
    shown = window.canvas.doc
    if shown is None or shown.document.id != gold.id:
        raise EffortFault(f"{gold.id} should be open, not {shown.document.id if shown else 'nothing'}")


def verify(view: DocumentView, gold: GoldDocument) -> None:
    """Raise `EffortFault` unless the annotator's spans in the database are the gold, and all decided."""
    spans = view.spans(NAME)
    stored = [GoldSpan(span.start, span.end, span.label) for span in spans]
    if stored != gold.spans or not all(span.is_decided for span in spans):
        wrong = sorted(set(stored) ^ set(gold.spans))
        raise EffortFault(f"{gold.id}: stored and gold differ in {wrong}")


def _expect_all_done(stored: Project, bench: Bench) -> None:
    done = sum(1 for _ in stored.documents(annotator=NAME, status="done"))
    if done != len(bench.gold):
        raise EffortFault(f"{done} of {len(bench.gold)} documents are done")


def fresh_copy(bench: Bench, name: str) -> Bench:
    """The same project in a file of its own, as it was before anybody annotated."""
    path = bench.path.with_name(f"{bench.path.stem}-{name}.annotator")
    with Project.open(bench.path) as project:
        project.back_up(path)
    return replace(bench, path=path)


def run_corpus(bench: Bench, annotators: Iterable[str], folder: Path, *, has_what_if: bool) -> None:
    """Measure one corpus and print its tables."""
    left_out = ", ".join(f"{count:,} {label}" for label, count in sorted(bench.report.unknown_labels.items()))
    print(f"\n{bench.corpus.name}: {bench.report.pipeline}, {bench.report.spans:,} suggestions; not shown: {left_out}")
    for annotator in annotators:
        begun = time.perf_counter()
        own = fresh_copy(bench, annotator)
        run = measure(own, annotator, folder, has_what_if=has_what_if and annotator == "keys")
        print(f"\n{table(run.tally)}")
        print(f"(in each document the stored spans are the gold; {time.perf_counter() - begun:.0f} s)", flush=True)
        if run.what_if:
            print(f"\n{bench.corpus.name}, what other keys would cost (reckoned):\n{comparison(run.what_if)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.effort")
    parser.add_argument("--gold", type=Path, required=True, metavar="DIR", help="holds wikigold/ and uner_en_pud/")
    parser.add_argument("--documents", type=int, metavar="N", help="only the first N of each corpus")
    parser.add_argument("--corpus", choices=[corpus.name for corpus in CORPORA], help="only this one")
    parser.add_argument("--annotator", choices=(*ANNOTATORS, "all"), default="all")
    parser.add_argument("--what-if", action="store_true", help="also reckon what keys would cost that are not there")
    options = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    qInstallMessageHandler(_print_unless_offscreen_noise)
    annotators = tuple(ANNOTATORS) if options.annotator == "all" else (options.annotator,)
    for corpus in (one for one in CORPORA if options.corpus in (None, one.name)):
        with tempfile.TemporaryDirectory() as folder:
            bench = prepare(corpus, corpus.read(options.gold)[: options.documents], Path(folder))
            run_corpus(bench, annotators, Path(folder), has_what_if=options.what_if)
    return 0


def _print_unless_offscreen_noise(_kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if not text.startswith("This plugin does not support"):
        print(text, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
