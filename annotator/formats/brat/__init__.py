"""brat standoff: a text (``.txt``) and, beside it, what is said about it (``.ann``; in BioNLP-ST ``.a1``, ``.a2``).

How events, attributes, notes, normalisations and equivalences stand in a document is in decision 0022.
"""

from __future__ import annotations

from annotator.formats.brat.files import ANNOTATIONS, CONFIGURATIONS, TEXT, stem_of
from annotator.formats.registry import suffix_of
from annotator.formats.shapes import FolderWriter, Format, Reader, Source

LOSES = (
    "All spans are in one layer there; a layer other than the first is not written.",
    "Of attributes, texts, lists of texts and flags are written, under names without line breaks.",
    "Document labels, status, scores, where a span came from and annotator are not written.",
    "White space in a name is written as a code (%20).",
)


def _reader() -> Reader:
    from annotator.formats.brat.reader import BratReader

    return BratReader()


def _writer() -> FolderWriter:
    from annotator.formats.brat.writer import BratWriter

    return BratWriter()


def _recognises(source: Source, _head: bytes) -> int:
    """Annotations are this format's by their suffix; a text is so only if somebody says so."""
    return 2 if suffix_of(source.name) in ANNOTATIONS else 0


def _belongs(source: Source) -> bool:
    """A text beside its annotations, the second of two files of annotations, and brat's configuration."""
    suffix = suffix_of(source.name)
    if source.name in CONFIGURATIONS:
        return True
    if suffix != TEXT and suffix not in ANNOTATIONS:
        return False
    before = ANNOTATIONS if suffix == TEXT else ANNOTATIONS[: ANNOTATIONS.index(suffix)]
    return any(source.find_beside(stem_of(source.name) + one) is not None for one in before)


FORMATS = (
    Format(
        "brat",
        "brat standoff (.ann and .txt)",
        (*ANNOTATIONS, TEXT),
        make_reader=_reader,
        make_writer=_writer,
        loses=LOSES,
        recognises=_recognises,
        belongs=_belongs,
        is_folder=True,
    ),
)
