r"""White space between the words of CoNLL-U: ``SpaceAfter=No``, ``SpacesAfter`` and ``SpacesBefore`` in MISC. Pure.

UDPipe's escapes: ``\s`` space, ``\t``, ``\n``, ``\r``, ``\p`` for ``|``, ``\\``. Other white space is written here
as ``\u2028``, so that no reader takes it for the end of a line or of a column.
"""

from __future__ import annotations

import re

from annotator.formats.conll.conllu_rows import Misc, find_value

_NAMES = {"s": " ", "t": "\t", "n": "\n", "r": "\r", "p": "|", "\\": "\\"}
_SIGNS = {char: f"\\{name}" for name, char in _NAMES.items()}
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.DOTALL)


def spaces_after(pairs: Misc) -> str | None:
    """What stands after a word; None when nothing is said."""
    given = find_value(pairs, "SpacesAfter")
    if given is not None and (white := _find_white(given)) is not None:
        return white
    return "" if find_value(pairs, "SpaceAfter") in ("No", "no") else None


def spaces_before(pairs: Misc) -> str:
    """What stands before a word besides what stands after the one before."""
    return _find_white(find_value(pairs, "SpacesBefore") or "") or ""


def pairs_for(before: str, after: str, *, is_last: bool) -> Misc:
    """What to say in MISC so that this white space is read again; nothing for one space, or none at the very end."""
    pairs: Misc = [("SpacesBefore", _escaped(before))] if before else []
    if after == ("" if is_last else " "):
        return pairs
    return [*pairs, ("SpaceAfter", "No") if not after else ("SpacesAfter", _escaped(after))]


def _escaped(white: str) -> str:
    return "".join(_SIGNS.get(char, f"\\u{ord(char):04X}") for char in white)


def _find_white(value: str) -> str | None:
    """White space only: None for a value that says anything else."""
    white = _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else _NAMES.get(found[2], found[0]), value)
    return None if white.strip() else white
