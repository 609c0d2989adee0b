"""GATE's own XML: a text with nodes in it, sets of annotations between nodes, features of annotations and document.

A set is what one annotator says: the default set belongs to whoever imports, the set "Key" is gold. "Original markups",
which GATE makes of the tags of the page it read, is kept beside the text.
"""

from __future__ import annotations

from annotator.formats.shapes import Format, Reader, Source


def _reader() -> Reader:
    from annotator.formats.gate.reader import GateReader

    return GateReader()


def _recognises(_source: Source, head: bytes) -> int:
    return 4 if b"<GateDocument" in head or b"G\0a\0t\0e\0D\0o\0c" in head else 0


FORMATS = (Format("gate", "GATE XML", (".xml",), make_reader=_reader, recognises=_recognises),)
