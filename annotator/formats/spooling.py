"""Documents put by on the disk, for writers that must know something of all of them before they write the first.

This is how a folder format writes parts for training::

    with Spool(docs) as spool:
        for part, numbers in spool.parts(options).items():
            write(folder / part, spool.documents(numbers))
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from types import TracebackType

import orjson

from annotator.domain.codec import Plain, relation_from_plain, relation_to_plain, span_from_plain, span_to_plain
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import SpanSet
from annotator.domain.text import Document, Tokens
from annotator.formats.shapes import WriteOptions
from annotator.formats.splitting import PARTS, Stories

_BUFFER = 1024 * 1024


class Spool:
    """Documents in a temporary file, with label ids as they are. Only where each begins is held in memory."""

    def __init__(self, docs: Iterable[AnnotatedDocument] = ()) -> None:
        self._file = tempfile.TemporaryFile(buffering=_BUFFER)  # noqa: SIM115  # closed in __exit__
        self._starts: list[int] = []
        self._length = 0
        for doc in docs:
            self.add(doc)

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._starts)

    def add(self, doc: AnnotatedDocument) -> None:
        """Put one more document by."""
        self._starts.append(self._length)
        self._length += self._file.write(orjson.dumps(_to_plain(doc)) + b"\n")

    def documents(self, numbers: Iterable[int] | None = None) -> Iterator[AnnotatedDocument]:
        """The documents with these numbers (all), as they were."""
        return (_from_plain(plain) for plain in self._plains(range(len(self)) if numbers is None else numbers))

    def _plains(self, numbers: Iterable[int]) -> Iterator[Plain]:
        for number in numbers:
            self._file.seek(self._starts[number])
            yield orjson.loads(self._file.readline())

    def parts(self, options: WriteOptions, default: tuple[float, float, float] | None = None) -> dict[str, list[int]]:
        """The numbers of the documents by part, as the options or ``default`` say; without either all are "train"."""
        shares = options.split or default
        if shares is None:
            return {PARTS[0]: list(range(len(self)))}
        stories = Stories()
        for plain in self._plains(range(len(self))):
            stories.add(plain["text"])
        return stories.split(shares, options.seed)


def _to_plain(doc: AnnotatedDocument) -> Plain:
    document = doc.document
    return {
        "id": document.id,
        "text": document.text,
        "title": document.title,
        "language": document.language,
        "meta": dict(document.meta),
        "extra": dict(document.extra),
        "starts": document.tokens.starts.tolist(),
        "ends": document.tokens.ends.tolist(),
        "sentence_starts": document.tokens.sentence_starts.tolist(),
        "tokenizer": document.tokenizer,
        "annotator": doc.annotator,
        "spans": [span_to_plain(span) for span in doc.spans],
        "relations": {key: relation_to_plain(one) for key, one in doc.relations.items()},
        "cats": dict(doc.cats),
        "status": doc.status.value,
        "note": doc.note,
        "status_reason": doc.status_reason,
    }


def _from_plain(plain: Plain) -> AnnotatedDocument:
    document = Document(
        id=plain["id"],
        text=plain["text"],
        title=plain["title"],
        language=plain["language"],
        meta=plain["meta"],
        extra=plain["extra"],
        tokens=Tokens(plain["starts"], plain["ends"], plain["sentence_starts"]),
        tokenizer=plain["tokenizer"],
    )
    return AnnotatedDocument(
        document=document,
        annotator=plain["annotator"],
        spans=SpanSet(span_from_plain(span) for span in plain["spans"]),
        relations={key: relation_from_plain(one) for key, one in plain["relations"].items()},
        cats=plain["cats"],
        status=Status(plain["status"]),
        note=plain["note"],
        status_reason=plain["status_reason"],
    )
