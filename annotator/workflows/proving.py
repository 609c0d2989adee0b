"""The export's proof: what was written is read back and compared with the database, span by span."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Status
from annotator.formats.proof import Difference, differences
from annotator.formats.registry import find_format
from annotator.formats.shapes import Holds, Parsed, ReadOptions, Record, Rejected
from annotator.formats.sources import read_sources

MOST_DIFFERENCES = 100


@dataclass(slots=True)
class Proof:
    """What reading back found. ``unproved_because``: why there is none, empty when there is."""

    documents: int = 0
    spans: int = 0
    differences: list[Difference] = field(default_factory=list)
    unproved_because: str = ""

    @property
    def in_words(self) -> str:
        """``read back and compared: 3 documents and 12 spans are as in the project``."""
        if self.unproved_because:
            return f"not read back: {self.unproved_because}"
        if self.differences:
            return f"read back and compared: {_counted(len(self.differences), 'difference')}"
        same = f"{_counted(self.documents, 'document')} and {_counted(self.spans, 'span')} are as in the project"
        return f"read back and compared: {same}"

    @property
    def holds(self) -> bool:
        """Whether everything came back as it was written."""
        return not self.differences and not self.unproved_because


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def proof_to_plain(proof: Proof) -> dict[str, Any]:
    """The proof as it stands in the manifest."""
    return {
        "is_proved": proof.holds,
        "unproved_because": proof.unproved_because,
        "documents": proof.documents,
        "spans": proof.spans,
        "differences": [{"document": one.document_id, "what": one.what} for one in proof.differences],
    }


def can_be_proved(format_name: str) -> bool:
    """Whether what is written in this format can be read back."""
    return find_format(format_name).make_reader is not None


def prove(
    place: Path, format_name: str, written: Iterable[AnnotatedDocument], scheme: LabelScheme, holds: Holds, proof: Proof
) -> None:
    """Read ``place`` back and compare it with ``written``: the documents as they must come back, label ids and all.

    They are paired by annotator and text, whatever the order; where the order is the same nothing is held in memory.
    Of several with the same text, the one with the same id, else one without a difference, is taken: then all that was
    read is held.
    """
    if not can_be_proved(format_name):
        proof.unproved_because = "this format is only written here, not read"
        return
    back = _ReadBack(read_sources([str(place)], format_name, ReadOptions()), holds)
    for doc in written:
        proof.documents += 1
        proof.spans += len(doc.spans)
        _note(proof, back.differences(doc, scheme))
    _note(proof, back.left_over())


def _note(proof: Proof, found: Iterable[Difference]) -> None:
    for one in found:
        if len(proof.differences) < MOST_DIFFERENCES:
            proof.differences.append(one)


class _ReadBack:
    """Documents as they are read, until the one that is looked for is there."""

    def __init__(self, records: Iterator[Record], holds: Holds) -> None:
        self._records = records
        self._holds = holds
        self._waiting: dict[tuple[str, str], list[AnnotatedDocument]] = defaultdict(list)
        self._faults: list[Difference] = []

    def differences(self, doc: AnnotatedDocument, scheme: LabelScheme) -> list[Difference]:
        """How the document that belongs to ``doc`` differs from it."""
        waiting = self._waiting[self._key(doc)]
        while not waiting and self._read_on():
            pass
        if not waiting:
            return [Difference(doc.document.id, "the document did not come back")]
        found = differences(doc, waiting[0], scheme, self._holds)
        if not found:
            waiting.pop(0)
            return []
        while self._read_on():  # another one with the same text may be meant
            pass
        likely = sorted(waiting, key=lambda one: one.document.id != doc.document.id)
        compared = [(differences(doc, one, scheme, self._holds), one) for one in likely]
        found, chosen = next((pair for pair in compared if not pair[0]), compared[0])
        waiting.remove(chosen)
        return found

    def _read_on(self) -> bool:
        """Take the next record in; false at the end."""
        record = next(self._records, None)
        if isinstance(record, Rejected):
            self._faults.append(Difference(record.path, f"line {record.line} cannot be read: {record.reason}"))
        elif isinstance(record, Parsed):
            self._waiting[self._key(record.doc)].append(record.doc)
        return record is not None

    def left_over(self) -> Iterator[Difference]:
        yield from self._faults
        rest = [doc for docs in self._waiting.values() for doc in docs]
        rest += [record.doc for record in self._records if isinstance(record, Parsed)]
        yield from (Difference(doc.document.id, "a document came back that was not written") for doc in rest)

    def _key(self, doc: AnnotatedDocument) -> tuple[str, str]:
        text = doc.document.text if self._holds.text == "exact" else "".join(doc.document.text.split())
        is_begun = bool(len(doc.spans) or doc.relations or doc.cats or doc.note)
        is_begun = is_begun or (self._holds.status and doc.status is not Status.NEW)
        return (doc.annotator if self._holds.annotators and is_begun else "", text)
