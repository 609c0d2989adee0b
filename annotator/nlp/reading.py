"""Loads a pipeline and reads texts, in the worker process. The only module of the package that imports spaCy."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from annotator.nlp.confidence import beam_shares, recognize
from annotator.nlp.gathering import Gathering
from annotator.nlp.messages import Suggested, TextToRead, Unreadable
from annotator.nlp.pieces import cut
from annotator.nlp.pipelines import SPAN_FACTORIES, Pipeline, name_and_version
from annotator.nlp.weighing import Weighed

GROUP_CHARS = 20_000
"""As much text is read at once: enough for speed, and memory stays flat on a 5 MB article."""

GREEDY_RECOGNIZER, BEAM_RECOGNIZER = "ner", "beam_ner"
RULERS = frozenset({"entity_ruler", "future_entity_ruler", "span_ruler"})
KEPT = SPAN_FACTORIES | {"tok2vec", "transformer", "curated_transformer", "span_finder", "senter", "sentencizer"}
"""Components that suggest spans, find sentences, or are needed by those; all others are not even loaded."""
NEEDED_BY_RULES = frozenset({"tagger", "morphologizer", "attribute_ruler", "lemmatizer"})

_Piece = tuple[int, int, int]
"""Which text of the batch, start and end in it."""


class PipelineReader:
    """A loaded pipeline with only the components that are needed here."""

    def __init__(self, source: str) -> None:
        self._nlp = _load(source)
        if not self._pipes({"senter", "sentencizer"}):
            self._nlp.add_pipe("sentencizer")
        labels = {label for pipe in self._pipes(SPAN_FACTORIES) for label in pipe.labels}
        self.pipeline = Pipeline(*name_and_version(source, self._nlp.meta), self._nlp.lang, tuple(sorted(labels)))

    def read(self, batch: Sequence[TextToRead]) -> list[Suggested | Unreadable]:
        """Read several texts at once; when that fails, one by one, so that one bad text spoils no other."""
        try:
            return list(self._read_together(batch))
        except Exception as fault:
            # Anything may go wrong in a foreign pipeline's code.
            if len(batch) == 1:
                return [Unreadable(batch[0].key, one_line(fault))]
        return [result for text in batch for result in self.read([text])]

    def _read_together(self, batch: Sequence[TextToRead]) -> Iterator[Suggested]:
        gathered = [Gathering(one) for one in batch]
        for group in _groups(batch):
            docs = [self._nlp.make_doc(batch[place].text[start:end]) for place, start, end in group]
            for (place, start, _), doc, weighed in zip(group, docs, self._annotate(docs), strict=True):
                gathered[place].add(start, doc, weighed)
        return (one.suggested() for one in gathered)

    def _annotate(self, docs: Sequence[Any]) -> list[Weighed]:
        """Let all components work on the docs, in their order; what its recognizers weighed in each."""
        weighed = [Weighed() for _ in docs]
        filled = [place for place, doc in enumerate(docs) if len(doc)]
        for name, pipe in self._nlp.pipeline if filled else ():
            found = self._run(name, pipe, [docs[place] for place in filled])
            for place, of_doc in zip(filled, found, strict=False):
                weighed[place] = weighed[place].and_also(of_doc)
        return weighed

    def _run(self, name: str, pipe: Any, docs: Sequence[Any]) -> list[Weighed]:
        factory = self._nlp.get_pipe_meta(name).factory
        if factory == GREEDY_RECOGNIZER:
            return recognize(pipe, docs)
        if hasattr(pipe, "pipe"):
            deque(pipe.pipe(docs), maxlen=0)  # components work on the docs in place
        else:
            deque(map(pipe, docs), maxlen=0)
        return beam_shares(pipe, docs) if factory == BEAM_RECOGNIZER else []

    def _pipes(self, factories: frozenset[str] | set[str]) -> list[Any]:
        nlp = self._nlp
        return [pipe for name, pipe in nlp.pipeline if nlp.get_pipe_meta(name).factory in factories]


def _groups(batch: Sequence[TextToRead]) -> Iterator[list[_Piece]]:
    """The pieces of all texts in order, as many at once as `GROUP_CHARS` allow."""
    group: list[_Piece] = []
    chars = 0
    for place, one in enumerate(batch):
        for start, end in cut(one.text):
            if group and chars + end - start > GROUP_CHARS:
                yield group
                group, chars = [], 0
            group.append((place, start, end))
            chars += end - start
    if group:
        yield group


def _load(source: str) -> Any:
    import spacy

    if source.startswith("blank:"):
        return spacy.blank(source.removeprefix("blank:"))
    factories = _factories(source)
    kept = KEPT | NEEDED_BY_RULES if RULERS & set(factories.values()) else KEPT
    nlp = spacy.load(source, exclude=[name for name, factory in factories.items() if factory not in kept])
    for name in nlp.disabled:
        if factories.get(name) == "senter":
            nlp.enable_pipe(name)
    return nlp


def _factories(source: str) -> dict[str, str]:
    """What makes each component of the pipeline, by the component's name; read before anything is loaded."""
    from spacy.util import get_package_path, is_package, load_config, load_meta

    path = Path(source)
    if is_package(source) or not path.is_dir():
        package = get_package_path(source)
        path = next(iter(package.glob(f"*-{load_meta(package / 'meta.json')['version']}")), package)
    config = load_config(path / "config.cfg")
    return {name: config["components"].get(name, {}).get("factory", name) for name in config["nlp"]["pipeline"]}


def one_line(fault: BaseException) -> str:
    """What is wrong, without a traceback."""
    words = " ".join(str(fault).split())
    return f"{type(fault).__name__}: {words[:300]}" if words else type(fault).__name__
