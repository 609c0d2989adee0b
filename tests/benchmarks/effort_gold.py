"""The two gold corpora of the effort benchmark, as documents with tokens and gold spans. Pure: no Qt, no database.

WikiGold (Balasuriya et al. 2009): ``token tag`` lines, tags ``I-PER`` and the like, documents parted by
``-DOCSTART-``. The spaces of the text are lost there and are put back by rule. Two neighbouring names of one label
cannot be told apart in tags without ``B-``: they are one span.

Universal NER, English PUD (Mayhew et al. 2024): columns with ``B-``/``I-`` tags; the text of each sentence stands
in a comment, its document is what stands before the last ``-`` of ``sent_id``.

Labels: both corpora say PER, ORG, LOC, and WikiGold also MISC. A project for them has just these labels (the shipped
scheme ``conll``, without MISC for UNER); its aliases map what the pipeline says: PERSON is PER; GPE and FAC are LOC;
NORP, EVENT, WORK_OF_ART, LAW, PRODUCT, LANGUAGE are MISC, as in CoNLL-2003, which WikiGold follows. Suggestions with
any other label (DATE, CARDINAL, ...; for UNER also all that would be MISC) are not stored at all: nobody who labels
names would be shown dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple


class GoldSpan(NamedTuple):
    """A gold span: code points, half-open, and the label's name."""

    start: int
    end: int
    label: str


class Word(NamedTuple):
    """A token of the gold: code points, half-open, and its tag; ``is_first``: it begins a sentence."""

    start: int
    end: int
    tag: str
    is_first: bool


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """One document: text, the tokens of the gold, gold spans in order."""

    id: str
    text: str
    words: tuple[Word, ...]

    @property
    def spans(self) -> list[GoldSpan]:
        """The gold spans, from the tags."""
        found: list[GoldSpan] = []
        before = "O"
        for word in self.words:
            kind, _, label = word.tag.partition("-")
            goes_on = kind == "I" and not word.is_first and before == label
            if goes_on:
                found[-1] = found[-1]._replace(end=word.end)
            elif kind != "O":
                found.append(GoldSpan(word.start, word.end, label))
            before = label
        return found


@dataclass(frozen=True, slots=True)
class Corpus:
    """Where a gold corpus lies below the folder of all, and the labels it has."""

    name: str
    file: str
    labels: tuple[str, ...]

    def read(self, folder: Path) -> list[GoldDocument]:
        """All documents, in the order of the file. Raises `OSError` when it is not there."""
        text = (folder / self.file).read_text(encoding="utf-8")
        lines = text.split("\n")
        return read_wikigold(lines) if self.name == "wikigold" else read_uner(lines)


WIKIGOLD = Corpus("wikigold", "wikigold/CONLL-format/data/wikigold.conll.txt", ("PER", "ORG", "LOC", "MISC"))
UNER = Corpus("uner_en_pud", "uner_en_pud/en_pud-ud-test.iob2", ("PER", "ORG", "LOC"))
CORPORA = (WIKIGOLD, UNER)

DOCUMENT_BREAK = "-DOCSTART-"


def read_wikigold(lines: Iterable[str]) -> list[GoldDocument]:
    """Documents from the lines of ``wikigold.conll.txt``."""
    documents: list[list[list[tuple[str, str]]]] = [[]]
    for sentence in _blocks(lines):
        pairs = [(form, tag) for form, _, tag in (line.rpartition(" ") for line in sentence)]
        if pairs[0][0] == DOCUMENT_BREAK:
            documents.append([])
        else:
            documents[-1].append(pairs)
    filled = [sentences for sentences in documents if sentences]
    return [_wiki_document(f"wikigold-{number:03}", one) for number, one in enumerate(filled, 1)]


def read_uner(lines: Iterable[str]) -> list[GoldDocument]:
    """Documents from the lines of an ``.iob2`` file of Universal NER."""
    documents: dict[str, _Writing] = {}
    for block in _blocks(lines):
        said = dict(line[2:].split(" = ", 1) for line in block if line.startswith("# ") and " = " in line)
        columns = [line.split("\t") for line in block if not line.startswith("#")]
        document = documents.setdefault(said["sent_id"].rpartition("-")[0], _Writing())
        document.add(said["text"], _found_in(said["text"], columns))
    return [GoldDocument(id_, one.text, tuple(one.words)) for id_, one in documents.items()]


def joined(words: Sequence[str]) -> tuple[str, list[int]]:
    """A sentence with the spaces that English has between these tokens, and where each begins."""
    text, starts = "", []
    quotes = _Quotes()
    is_glued = True
    for word in words:
        before, after = quotes.gaps(word, text)
        text += "" if is_glued or not before else " "
        starts.append(len(text))
        text += word
        is_glued = not after
    return text, starts


class _Quotes:
    """Which tokens have a space before and after them; straight quotes open and close in turn."""

    closing = frozenset(
        (",", ".", ";", ":", "!", "?", ")", "]", "%", "..", "...", "'s", "'d", "'m", "'re", "'ll", "'ve", "n't")
    )
    opening = frozenset(("(", "[", "#", "$", "£"))

    def __init__(self) -> None:
        self._open: set[str] = set()

    def gaps(self, word: str, text: str) -> tuple[bool, bool]:
        """Whether there is a space (before, after) ``word``, which follows on ``text``."""
        if word in ('"', "'"):
            return self._quote(word, text)
        return word not in self.closing, word not in self.opening

    def _quote(self, mark: str, text: str) -> tuple[bool, bool]:
        if mark in self._open:
            self._open.remove(mark)
            return False, True
        if mark == "'" and text.endswith("s"):
            return False, True  # the owner of something: "the Markets' album"
        self._open.add(mark)
        return True, False


class _Writing:
    """A document while its sentences are put together, one space between them."""

    def __init__(self) -> None:
        self.text = ""
        self.words: list[Word] = []

    def add(self, sentence: str, words: Iterable[tuple[int, int, str]]) -> None:
        at = len(self.text) + 1 if self.text else 0
        self.text += f" {sentence}" if self.text else sentence
        for number, (start, end, tag) in enumerate(words):
            self.words.append(Word(at + start, at + end, tag, number == 0))


def _wiki_document(id_: str, sentences: Iterable[Sequence[tuple[str, str]]]) -> GoldDocument:
    writing = _Writing()
    for pairs in sentences:
        text, starts = joined([form for form, _ in pairs])
        words = zip(starts, pairs, strict=True)
        writing.add(text, ((start, start + len(form), tag) for start, (form, tag) in words))
    return GoldDocument(id_, writing.text, tuple(writing.words))


def _found_in(sentence: str, columns: Iterable[Sequence[str]]) -> Iterator[tuple[int, int, str]]:
    """Where each token stands in the sentence. Raises `ValueError` when one does not."""
    at = 0
    for _number, form, tag, *_rest in columns:
        start = sentence.index(form, at)
        if sentence[at:start].strip():
            raise ValueError(f"{sentence[at:start]!r} in {sentence!r} is no token")
        at = start + len(form)
        yield start, at, tag


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    """Runs of lines between blank ones."""
    block: list[str] = []
    for line in lines:
        if line.strip():
            block.append(line.rstrip("\r"))
        elif block:
            yield block
            block = []
    if block:
        yield block
