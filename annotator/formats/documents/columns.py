"""Which column of a table is what: as somebody chose, else as its header and its cells suggest. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

Cell: TypeAlias = "str | int | float | bool | None"
ROLES = ("text", "id", "title", "label", "annotator", "language", "note")
"""What a column can be; any other is metadata."""
CHOICES = (*ROLES, "header", "sheet")
OWN = ("id", "text", "title", "language", "labels", "spans", "relations", "annotator", "status", "status_reason",
    "note", "meta", "extra")  # fmt: skip
"""The columns of a table that Annotator wrote, in this order."""
_SIGNS_OF_OWN = frozenset({"text", "spans", "annotator", "status"})

_NAMES = {
    "text": {
        "text", "texts", "body", "content", "contents", "article", "fulltext", "full_text", "plain_text", "raw_text",
        "document", "sentence", "tweet", "message", "comment", "review", "abstract", "story", "post", "paragraph",
        "transcript", "texte", "texto", "testo", "tekst", "inhalt", "contenu",
    },
    "id": {"id", "doc_id", "document_id", "docid", "uid", "uuid", "key", "article_id"},
    "title": {"title", "headline", "heading", "titel", "titre", "titolo"},
    "language": {"language", "lang"},
}  # fmt: skip
_LONGEST_NAME = 64


class NoSuchColumn(Exception):
    """What was chosen is not there; the message says it in one sentence."""


@dataclass(frozen=True, slots=True)
class Columns:
    """``names``: one for each column, all different. ``places``: of each role the columns that have it.

    ``is_guess``: nobody said which column is the text. ``has_header``: the first row is names. ``is_own``: Annotator
    wrote the table.
    """

    names: tuple[str, ...]
    places: dict[str, tuple[int, ...]]
    has_header: bool
    is_guess: bool
    is_own: bool = False

    def find(self, role: str) -> int | None:
        """The first column with this role."""
        return next(iter(self.places.get(role, ())), None)

    @property
    def text_name(self) -> str:
        """The name of the column that is the text."""
        return self.names[self.places["text"][0]]

    @property
    def others(self) -> list[int]:
        """The columns that are metadata."""
        taken = {place for places in self.places.values() for place in places}
        return [place for place in range(len(self.names)) if place not in taken]


def columns_of(rows: Sequence[Sequence[Cell]], chosen: Sequence[tuple[str, str]]) -> Columns:
    """The columns of a table that begins with ``rows`` (at least one). Raises `NoSuchColumn`."""
    unknown = next((role for role, _ in chosen if role not in CHOICES), None)
    if unknown is not None:
        raise NoSuchColumn(f"a table has no {unknown!r}; choose columns for {', '.join(ROLES)}")
    has_header = _has_header(rows, chosen)
    width = len(rows[0]) if has_header else max(len(row) for row in rows)
    names = _names(rows[0] if has_header else (), width)
    if has_header and set(names) >= _SIGNS_OF_OWN and not any(role in ROLES for role, _ in chosen):
        return Columns(names, {"text": (names.index("text"),)}, has_header=True, is_guess=False, is_own=True)
    places = _chosen_places(names, chosen)
    is_guess = "text" not in places
    taken = {place for held in places.values() for place in held}
    if has_header:
        places |= _named_places(names, places, taken)
    if "text" not in places:
        places["text"] = (_longest(rows[1:] if has_header else rows, width, taken),)
    return Columns(names, places, has_header, is_guess)


def _chosen_places(names: tuple[str, ...], chosen: Sequence[tuple[str, str]]) -> dict[str, tuple[int, ...]]:
    places: dict[str, tuple[int, ...]] = {}
    for role, name in chosen:
        if role in ROLES:
            places[role] = (*places.get(role, ()), _place_of(name, names))
    several = next((role for role, held in places.items() if len(held) > 1 and role != "label"), None)
    if several is not None:
        raise NoSuchColumn(f"only one column can be the {several}")
    return places


def _place_of(name: str, names: tuple[str, ...]) -> int:
    """By name, in any capitals where that is clear, or by number from 1."""
    if name in names:
        return names.index(name)
    alike = [place for place, one in enumerate(names) if one.casefold() == name.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    if name.isdecimal() and 1 <= int(name) <= len(names):
        return int(name) - 1
    raise NoSuchColumn(f"there is no column {name!r}; the columns are {', '.join(names[:20])}")


def _named_places(
    names: tuple[str, ...], chosen: dict[str, tuple[int, ...]], taken: set[int]
) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for role, known in _NAMES.items():
        places = [at for at, name in enumerate(names) if _plain(name) in known and at not in taken]
        if role not in chosen and places:
            found[role] = (places[0],)
    return found


def _plain(name: Cell) -> str:
    return str(name).strip().casefold().replace(" ", "_")


def _longest(rows: Sequence[Sequence[Cell]], width: int, taken: set[int]) -> int:
    """The column with the longest cells on average, of those that have no role yet."""
    free = [place for place in range(width) if place not in taken] or list(range(width))
    return max(free, key=lambda place: (_length(rows, place), -place))


def _length(rows: Sequence[Sequence[Cell]], place: int) -> float:
    cells = [str(row[place] or "") for row in rows if place < len(row)]
    return sum(map(len, cells)) / max(len(cells), 1)


def _names(header: Sequence[Cell], width: int) -> tuple[str, ...]:
    names: list[str] = []
    for place in range(width):
        wanted = str(header[place]).strip() if place < len(header) and header[place] is not None else ""
        name = wanted = wanted or f"column {place + 1}"
        number = 1
        while name in names:
            number += 1
            name = f"{wanted} ({number})"
        names.append(name)
    return tuple(names)


def _has_header(rows: Sequence[Sequence[Cell]], chosen: Sequence[tuple[str, str]]) -> bool:
    """Whether the first row is names: as chosen; a known name in it; or short words over longer cells or numbers."""
    said = dict(chosen).get("header", "")
    if said:
        return said.casefold() in ("yes", "true", "1")
    first, rest = rows[0], rows[1:]
    given = [str(cell).strip() for cell in first if cell not in (None, "")]
    wanted = {name.casefold() for role, name in chosen if role in ROLES and not name.isdecimal()}
    if wanted & {one.casefold() for one in given}:
        return True
    is_like_names = given and len(set(given)) == len(given) and all(_is_like_name(one) for one in given)
    if is_like_names and any(_plain(one) in known for one in given for known in _NAMES.values()):
        return True
    if not is_like_names or not rest:
        return bool(wanted) and bool(is_like_names)
    place = _longest(rest, len(first), set())
    return _length(rest, place) > 3 * len(str(first[place])) or any(
        _is_number_column(rest, at) for at in range(len(first))
    )


def _is_like_name(cell: str) -> bool:
    return len(cell) <= _LONGEST_NAME and "\n" not in cell and not _is_number(cell) and cell[-1:] not in (".", "!", "?")


def _is_number_column(rows: Sequence[Sequence[Cell]], place: int) -> bool:
    return all(place < len(row) and _is_number(row[place]) for row in rows)


def _is_number(cell: Cell) -> bool:
    try:
        float(str(cell))
    except ValueError:
        return False
    return True
