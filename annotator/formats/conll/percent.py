"""Words and labels as one word of a line: what cannot stand there as a percent code (``New%20York``). Pure."""

from __future__ import annotations

import re
from urllib.parse import unquote

_ESCAPED = re.compile(r"\s|%(?=[0-9A-Fa-f]{2})|^-(?=DOCSTART-)")
_CODE = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


def escaped(word: str) -> str:
    """A token or label as one word of a line, which is no border between documents either."""
    return _ESCAPED.sub(_as_codes, word)


def escaped_besides(label: str, others: str) -> str:
    """A label as one word of a line in which the characters ``others`` have a meaning of their own."""
    return re.sub(rf"\s|%(?=[0-9A-Fa-f]{{2}})|[{re.escape(others)}]", _as_codes, label)


def unescaped(word: str) -> str:
    """The word or label that was written; codes of no valid UTF-8 stay as they are."""
    return _CODE.sub(lambda found: _decoded(found[0]), word) if "%" in word else word


def _as_codes(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode())


def _decoded(codes: str) -> str:
    try:
        return unquote(codes, errors="strict")
    except UnicodeDecodeError:
        return codes
