"""Reads ``.spacy`` files, Annotator's own and other people's. Only msgpack is decoded; nothing is unpickled."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from functools import partial
from typing import Any

from annotator.formats.docbin.reading import record_of
from annotator.formats.jsonl.record_fields import RecordFault
from annotator.formats.jsonl.record_reading import record_from_plain
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, Source
from annotator.formats.tally import Tally

MOST_BYTES = 4 * 1024**3
_STEP = 1024 * 1024


class _Damaged(ValueError):
    """This is no DocBin; the message says why."""


class DocBinReader:
    """Reads every document of a DocBin: text, tokens, sentences, spans, document labels, custom attributes."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """One record a document."""
        with source.open() as file:
            content = file.read()
        try:
            bin_, vocab = _opened(content)
        except _Damaged as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        tally = Tally()
        for number in range(len(bin_)):
            try:
                made = _made(bin_, number, vocab)
                plain = record_of(made, partial(_noted, tally, number + 1))
                is_gold = "status" not in plain and made.has_annotation("ENT_IOB")
                yield Parsed(source.path, number + 1, record_from_plain(plain, options), is_annotated=is_gold)
            except (RecordFault, _Damaged) as fault:
                yield Rejected(source.path, number + 1, str(fault))
        yield from tally.remarks(source.path)
        if not len(bin_):
            yield Remark(source.path, 1, "there are no documents in it")


def _noted(tally: Tally, line: int, what: str) -> None:
    tally.add(what, line)


def _opened(content: bytes) -> tuple[Any, Any]:
    """The DocBin, and a vocabulary that knows its strings."""
    from spacy.tokens import DocBin
    from spacy.vocab import Vocab

    if _is_too_much(content):
        raise _Damaged(f"it unpacks to more than {MOST_BYTES // 1024**3} GiB; write several files")
    try:
        bin_ = DocBin().from_bytes(content)
        vocab = Vocab()
        for string in bin_.strings:
            vocab.strings.add(string)
    except Exception as fault:  # whatever a decoder stumbles over in bytes that are anything
        raise _Damaged(f"it is no spaCy DocBin, or it is damaged ({_in_a_line(fault)})") from fault
    return bin_, vocab


def _is_too_much(content: bytes) -> bool:
    """Whether it unpacks to more than may be held. Damage shows later."""
    unpacker, size, rest = zlib.decompressobj(), 0, content
    try:
        while rest and not unpacker.eof and size <= MOST_BYTES:
            size += len(unpacker.decompress(rest, _STEP))
            rest = unpacker.unconsumed_tail
    except zlib.error:
        return False
    return size > MOST_BYTES


def _made(bin_: Any, number: int, vocab: Any) -> Any:
    """The document with this number, made by itself: one that is damaged stops no other."""
    from spacy.tokens import DocBin

    one = DocBin()
    one.attrs, one.strings = bin_.attrs, set()
    try:
        for name in ("tokens", "spaces", "cats", "span_groups", "flags", "user_data"):
            setattr(one, name, [getattr(bin_, name)[number]])
        return next(iter(one.get_docs(vocab)))
    except Exception as fault:  # as above: the bytes may say anything
        raise _Damaged(f"the document is damaged ({_in_a_line(fault)})") from fault


def _in_a_line(fault: Exception) -> str:
    return " ".join(f"{type(fault).__name__}: {fault}".split())[:160]
