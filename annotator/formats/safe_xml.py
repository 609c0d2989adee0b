"""XML from anywhere: read by the standard library's expat, without document types, entities or anything outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, NoReturn
from xml.parsers import expat

CHUNK_BYTES = 1 << 16
NAMESPACE_END = "}"
"""Between namespace and local name of an element or attribute that has a namespace."""

Start = Callable[[str, Mapping[str, str]], None]


class BadXml(ValueError):
    """The XML is broken or not taken. ``line``: from 1; the message is one sentence without a full stop."""

    def __init__(self, reason: str, line: int) -> None:
        super().__init__(reason)
        self.line = line


def _nothing(*_: object) -> None:
    pass


def parse(
    file: BinaryIO,
    start: Start,
    end: Callable[[str], None] = _nothing,
    text: Callable[[str], None] = _nothing,
) -> None:
    """Read ``file`` to its end; elements and text are handed on as they come. Raises `BadXml`."""
    parser = expat.ParserCreate(namespace_separator=NAMESPACE_END)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    _refuse_declarations(parser)
    try:
        parser.ParseFile(file)
    except expat.ExpatError as fault:
        raise BadXml(f"it is not valid XML: {expat.ErrorString(fault.code)}", fault.lineno) from fault
    except (LookupError, ValueError) as fault:
        if isinstance(fault, BadXml):
            raise
        raise BadXml(f"its XML has an encoding that is not known ({fault})", 1) from fault


def _refuse_declarations(parser: expat.XMLParserType) -> None:
    def refuse(*_: object) -> NoReturn:
        raise BadXml("it has a document type declaration, which is not read", parser.CurrentLineNumber)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
