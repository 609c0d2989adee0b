"""The worker process: loads a pipeline and reads texts. The only module of the package that imports spaCy."""

from __future__ import annotations

import logging
import os
import signal
import sys
import warnings
from array import array
from collections.abc import Iterable, Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from annotator.domain.offsets import trim
from annotator.domain.spans import DEFAULT_LAYER
from annotator.domain.text import Tokens
from annotator.nlp.confidence import span_scores
from annotator.nlp.messages import CannotLoad, Suggested, SuggestedSpan, TextToRead, Unreadable
from annotator.nlp.pieces import cut
from annotator.nlp.pipelines import BUNDLED, Pipeline

SPAN_PIPES = {"ner", "entity_ruler", "span_ruler", "spancat", "spancat_singlelabel"}
KEPT = {"tok2vec", "transformer", "senter"} | SPAN_PIPES
"""The components that suggest spans or find sentences; all others are not even loaded."""


def serve(connection: Connection, source: str) -> None:
    """Answer batches of texts until the connection closes. Runs in the worker process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's business
    _silence()
    try:
        reader = PipelineReader(source)
    except Exception as fault:
        # Anything may go wrong in a foreign pipeline's code; the parent turns it into one sentence.
        connection.send(CannotLoad(_one_line(fault)))
        return
    connection.send(reader.pipeline)
    try:
        while (batch := connection.recv()) is not None:
            connection.send(reader.read(batch))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the parent is gone


class PipelineReader:
    """A loaded pipeline with only the components that are needed here."""

    def __init__(self, source: str) -> None:
        self._nlp = _load(source)
        if not self._nlp.has_pipe("senter"):
            self._nlp.add_pipe("sentencizer")
        meta = self._nlp.meta
        name = _public_name(source, meta)
        labels = sorted({label for pipe in self._span_pipes() for label in self._nlp.get_pipe(pipe).labels})
        version = _spacy_version() if source.startswith("blank:") else str(meta.get("version") or "0")
        self.pipeline = Pipeline(name, version, self._nlp.lang, tuple(labels))

    def read(self, batch: Sequence[TextToRead]) -> list[Suggested | Unreadable]:
        """Read several texts at once; when that fails, one by one, so that one bad text spoils no other."""
        try:
            return list(self._read_together(batch))
        except Exception as fault:
            if len(batch) == 1:
                return [Unreadable(batch[0].key, _one_line(fault))]
        return [result for text in batch for result in self.read([text])]

    def _read_together(self, batch: Sequence[TextToRead]) -> Iterator[Suggested]:
        ranges = [(place, start, end) for place, one in enumerate(batch) for start, end in cut(one.text)]
        docs = list(self._nlp.pipe(batch[place].text[start:end] for place, start, end in ranges))
        scores = self._scores(docs)
        for place, one in enumerate(batch):
            parts = [
                (start, doc, known)
                for (owner, start, _), doc, known in zip(ranges, docs, scores, strict=True)
                if owner == place
            ]
            yield _joined(one, parts)

    def _scores(self, docs: Sequence[Any]) -> Sequence[dict[Any, float] | None]:
        if not self._nlp.has_pipe("ner"):
            return [None] * len(docs)
        recognizer = self._nlp.get_pipe("ner")
        if not hasattr(recognizer, "beam_parse"):
            return [None] * len(docs)
        filled = [doc for doc in docs if len(doc)]  # an empty doc has no beam; spaCy would fail on it
        found = iter(_beam_scores(recognizer, filled) if filled else ())
        return [next(found) if len(doc) else {} for doc in docs]

    def _span_pipes(self) -> list[str]:
        return [name for name in self._nlp.pipe_names if name in SPAN_PIPES]


def _beam_scores(recognizer: Any, docs: Sequence[Any]) -> list[dict[Any, float]]:
    """Scores for docs that have their entities already: the beam would keep to those, so they are taken off."""
    entities = [doc.ents for doc in docs]
    for doc in docs:
        doc.set_ents([], default="missing")
    scores = span_scores(recognizer, docs)
    for doc, kept in zip(docs, entities, strict=True):
        doc.ents = kept
    return scores


def _load(source: str) -> Any:
    import spacy

    if source.startswith("blank:"):
        return spacy.blank(source.removeprefix("blank:"))
    unneeded = sorted(_component_names(source) - KEPT)
    nlp = spacy.load(source, exclude=unneeded)
    if "senter" in nlp.disabled:
        nlp.enable_pipe("senter")
    return nlp


def _spacy_version() -> str:
    from importlib.metadata import version

    return version("spacy")


def _component_names(source: str) -> set[str]:
    from spacy.util import get_package_path, load_config, load_meta

    path = Path(source)
    if not path.is_dir():
        package = get_package_path(source)
        meta = load_meta(package / "meta.json")
        path = next(iter(package.glob(f"*-{meta['version']}")), package)
    return set(load_config(path / "config.cfg")["nlp"]["pipeline"])


def _public_name(source: str, meta: dict[str, Any]) -> str:
    """``en_core_web_sm`` for a package whatever its module is called; the folder's name for a path."""
    if source.startswith("blank:"):
        return source
    if not Path(source).is_dir():
        return next((name for name, module in BUNDLED.items() if module == source), source)
    return Path(source).name if meta.get("name") in (None, "", "pipeline") else f"{meta['lang']}_{meta['name']}"


def _joined(one: TextToRead, parts: Iterable[tuple[int, Any, dict[Any, float] | None]]) -> Suggested:
    """Tokens and spans of one text from the docs of its pieces."""
    starts, ends, sentence_starts = array("I"), array("I"), array("I")
    spans: dict[SuggestedSpan, None] = {}
    words = 0
    for offset, doc, scores in parts:
        for token in doc:
            if token.is_sent_start and not token.is_space:
                sentence_starts.append(len(starts))
            starts.append(offset + token.idx)
            ends.append(offset + token.idx + len(token))
            words += not token.is_space
        spans |= dict.fromkeys(_spans_of(one.text, offset, doc, scores))
    return Suggested(one.key, Tokens(starts, ends, sentence_starts), tuple(spans), words)


def _spans_of(text: str, offset: int, doc: Any, scores: dict[Any, float] | None) -> Iterator[SuggestedSpan]:
    for entity in doc.ents:
        score = None if scores is None else scores.get((entity.start, entity.end, entity.label_), 0.0)
        yield from _trimmed(text, offset, entity, score, DEFAULT_LAYER)
    for group in doc.spans.values():
        shares = group.attrs.get("scores")
        for number, span in enumerate(group):
            score = None if shares is None or number >= len(shares) else float(shares[number])
            yield from _trimmed(text, offset, span, score, DEFAULT_LAYER)


def _trimmed(text: str, offset: int, span: Any, score: float | None, layer: str) -> Iterator[SuggestedSpan]:
    start, end = trim(text, offset + span.start_char, offset + span.end_char)
    if start < end and span.label_:
        yield SuggestedSpan(start, end, span.label_, None if score is None else round(min(score, 1.0), 6), layer)


def _silence() -> None:
    """Pipelines warn and log; none of that belongs on the terminal of whoever started the parent."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def _one_line(fault: BaseException) -> str:
    words = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {words[:300]}" if words else type(fault).__name__
