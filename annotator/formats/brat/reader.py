"""Reads brat standoff: a document with what all files of annotations beside it say, and once a folder the scheme."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from annotator.domain.projects import AnnotatedDocument
from annotator.domain.text import Document
from annotator.formats.brat.building import Numbered, built
from annotator.formats.brat.configuration import ConfigurationFault, scheme_from
from annotator.formats.brat.files import ANNOTATIONS, files_of, find_configuration, stem_of
from annotator.formats.brat.lines import LineFault, Same, TextBound, parsed_line
from annotator.formats.brat.offsets import Offsets, find_offsets, without_returns
from annotator.formats.brat.rules import without_broken_rules
from annotator.formats.encoding import NotText, decode, with_newlines
from annotator.formats.registry import suffix_of
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, Remark, SchemeFound, Source

MAX_BYTES = 256 * 1024 * 1024
MOST_REFUSED = 100
"""More lines of one file that cannot be taken are counted, not named."""


class BratReader:
    """Reads a text with its annotations. Offsets are code points of the file as it is, as brat counts them."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The scheme, if this reader has not read it yet, and one document; lines that cannot be taken are named."""
        files = files_of(source)
        if files.text is None:
            yield Rejected(source.path, 1, f"there is no text beside it ({stem_of(source.name)}.txt)")
            return
        yield from self._scheme_of(source)
        try:
            text, encoding, has_mark = _text_of(files.text)
            parts = [(one.path, _text_of(one)[0]) for one in files.annotations]
        except NotText as fault:
            yield Rejected(source.path, 1, str(fault))
            return
        if not text.strip():
            yield Rejected(files.text.path, 1, "the text has only white space" if text else "the text is empty")
            return
        for name in files.left:
            yield Remark(source.path, 1, f"{name} beside it is not read, because brat does not either")
        lines: list[Numbered] = []
        for path, content in parts:
            yield from _parsed(path, content, lines)
        yield from _built(source, text, encoding, lines, options, has_mark=has_mark)

    def _scheme_of(self, source: Source) -> Iterator[Record]:
        labels, drawing = find_configuration(source)
        if labels is None or labels.path in self._known:
            return
        self._known.add(labels.path)
        try:
            scheme = scheme_from(_text_of(labels)[0], _text_of(drawing)[0] if drawing else "")
        except (NotText, ConfigurationFault) as fault:
            yield Rejected(labels.path, 1, str(fault))
            return
        scheme, broken = without_broken_rules(scheme, _contents_beside(source))
        if broken:
            names = ", ".join(broken)
            yield Remark(labels.path, 1, f"what {names} may join is left out, because annotations here break it")
        yield SchemeFound(labels.path, scheme)


def _contents_beside(source: Source) -> Iterator[str]:
    """The annotations of the folder, a document at a time."""
    size = 0
    for name in source.neighbours():
        beside = source.find_beside(name) if suffix_of(name) == ANNOTATIONS[0] else None
        if beside is None and suffix_of(name) == ANNOTATIONS[1]:
            parts = [source.find_beside(stem_of(name) + suffix) for suffix in ANNOTATIONS[1:]]
        else:
            parts = [beside]
        try:
            content = "\n".join(_text_of(one)[0] for one in parts if one is not None)
        except NotText:
            continue  # it is refused when its turn comes
        size += len(content)
        if size > MAX_BYTES:
            return
        yield content


def _text_of(source: Source) -> tuple[str, str, bool]:
    """The text of a file, its encoding, and whether it began with a byte-order mark."""
    with source.open() as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise NotText(f"the file is larger than {MAX_BYTES // 1024**2} MiB; part it into articles")
    has_mark = content.startswith(codecs.BOM_UTF8)
    try:
        text = content[3 if has_mark else 0 :].decode()
        if "\0" not in text:
            return text, "", has_mark
    except UnicodeDecodeError:
        pass
    found = decode(content)
    return found.text, f"{found.encoding} (guessed)" if found.is_guess else found.encoding, has_mark


def _parsed(path: str, content: str, lines: list[Numbered]) -> Iterator[Record]:
    """Adds what the lines of one file say to ``lines``."""
    known = {one.line.id for one in lines if not isinstance(one.line, Same)}
    refused = 0
    for number, raw in enumerate(content.split("\n"), 1):
        raw = raw.removesuffix("\r")
        if not raw.strip():
            continue
        try:
            line = parsed_line(raw)
            if not isinstance(line, Same) and line.id in known:
                raise LineFault(f"the id {line.id} is there twice")
        except LineFault as fault:
            refused += 1
            if refused <= MOST_REFUSED:
                yield Rejected(path, number, str(fault))
            continue
        if not isinstance(line, Same):
            known.add(line.id)
        lines.append(Numbered(path, number, raw, line))
    if refused > MOST_REFUSED:
        yield Rejected(path, 1, f"{refused - MOST_REFUSED} more of its lines cannot be taken")


def _built(
    source: Source, text: str, encoding: str, lines: list[Numbered], options: ReadOptions, *, has_mark: bool
) -> Iterator[Record]:
    bound = [one.line for one in lines if isinstance(one.line, TextBound)]
    offsets = find_offsets(text, bound, has_mark=has_mark) if bound else Offsets()
    if offsets.counted:
        yield Remark(source.path, 1, f"its offsets count {offsets.counted}; they were converted")
    places = without_returns(text) if options.newlines == "lf" and "\r" in text else None
    meta = {"encoding": encoding} if encoding else {}
    found = built(Document(source.stem, with_newlines(text, options.newlines), meta=meta), lines, offsets, places)
    for path, number, reason in found.refused[:MOST_REFUSED]:
        yield Rejected(path, number, reason)
    if len(found.refused) > MOST_REFUSED:
        yield Rejected(source.path, 1, f"{len(found.refused) - MOST_REFUSED} more of its lines cannot be taken")
    for what, count in found.mended.items():
        yield Remark(source.path, 1, f"{what} ({count}x)")
    for what, count in found.kept.items():
        yield Remark(source.path, 1, f"{what} ({count}) are not shown, but kept and written back")
    yield Parsed(source.path, 1, AnnotatedDocument(found.doc.document) if not lines else found.doc, is_annotated=True)
