"""Full-text search by SQLite's FTS5: an index beside the documents, kept by triggers.

A PostgreSQL store would have the same two functions over ``tsvector``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Subquery,
    bindparam,
    column,
    func,
    select,
    text,
    type_coerce,
)
from sqlalchemy.exc import DatabaseError
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import custom_op

from annotator.store import sqlite, tables

_COLUMNS = "display_title, text"
_NEW = "new.id, new.display_title, new.text"
_OLD = "'delete', old.id, old.display_title, old.text"

STATEMENTS = (
    "CREATE VIRTUAL TABLE document_fts USING fts5(display_title, text, content='document', content_rowid='id', "
    'tokenize="unicode61 remove_diacritics 2")',
    f"CREATE TRIGGER document_fts_insert AFTER INSERT ON document BEGIN "
    f"INSERT INTO document_fts(rowid, {_COLUMNS}) VALUES ({_NEW}); END",
    f"CREATE TRIGGER document_fts_delete AFTER DELETE ON document BEGIN "
    f"INSERT INTO document_fts(document_fts, rowid, {_COLUMNS}) VALUES ({_OLD}); END",
    f"CREATE TRIGGER document_fts_update AFTER UPDATE OF display_title, text ON document BEGIN "
    f"INSERT INTO document_fts(document_fts, rowid, {_COLUMNS}) VALUES ({_OLD}); "
    f"INSERT INTO document_fts(rowid, {_COLUMNS}) VALUES ({_NEW}); END",
)


def add_search_index(connection: Connection) -> None:
    """Make the index and the triggers that keep it."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)


def rebuild_search_index(connection: Connection) -> None:
    """Build the index anew from the documents."""
    connection.exec_driver_sql("INSERT INTO document_fts(document_fts) VALUES ('rebuild')")


def is_search_index_sound(connection: Connection) -> bool:
    """Whether the index says what the documents say.

    FTS5 wants the write lock to answer, and a transaction that has read gets it no more once somebody else has
    written: a connection of its own asks, and waits for its turn. A file that may not be written counts as sound.
    """
    try:
        with sqlite.writing_beside(connection) as own:
            own.exec_driver_sql("INSERT INTO document_fts(document_fts, rank) VALUES ('integrity-check', 1)")
    except DatabaseError as fault:
        name = sqlite.fault_name(fault)
        if name.startswith(("SQLITE_CORRUPT", "SQLITE_ERROR")):
            return False
        if not name.startswith("SQLITE_READONLY"):
            raise
    return True


def matches(query: str) -> ColumnElement[bool]:
    """Documents that have every word of ``query``, the last letters of each left open.

    What a person types is never search syntax: each word is quoted.
    """
    return _matching(" ".join(f"{_quoted(word)}*" for word in query.split()))


def matches_in_a_row(words: Sequence[str], *, is_whole: bool) -> ColumnElement[bool]:
    """Documents in whose text all the words stand near each other, with ``is_whole`` one after another.

    Otherwise the last letters of each are left open. Finds every document in which they follow each other, and some
    more: the index does not know what stands between words. Each word has a letter or digit.
    """
    if is_whole:
        return _matching(f"text : {_quoted(' '.join(words))}")
    distance = sum(map(len, words[1:-1]))  # in words; those between the first and the last count, too
    near = " ".join(f"{_quoted(word)}*" for word in words)
    return _matching(f"text : NEAR({near}, {distance})" if len(words) > 1 else f"text : {near}")


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'


def _matching(expression: str) -> ColumnElement[bool]:
    """Documents that FTS5 finds by an expression of its own."""
    asked: BindParameter[str] = bindparam("fts_query", expression, unique=True)  # a statement may ask for several
    found = text("SELECT rowid FROM document_fts WHERE document_fts MATCH :fts_query").bindparams(asked)
    hits = found.columns(column("rowid")).subquery("hits")
    return tables.document.c.id.in_(hits.select())


def documents_with_phrase(connection: Connection, phrase: str) -> list[int] | None:
    """Keys of the documents in whose text the words of ``phrase`` follow each other, whatever stands between them.

    None when the index cannot say, because the phrase has no letter or digit. A place glued to letters on either side,
    as words are in Chinese or Thai, is not found.
    """
    if not any(char.isalnum() for char in phrase):
        return None
    quoted = 'text : "' + phrase.replace("\0", " ").replace('"', " ") + '"'
    statement = text("SELECT rowid FROM document_fts WHERE document_fts MATCH :phrase ORDER BY rowid")
    return list(connection.execute(statement, {"phrase": quoted}).scalars())


def _make_stretch() -> Subquery:
    rows = func.json_each(bindparam("stretches")).table_valued("value")
    parts = [
        type_coerce(func.json_extract(rows.c.value, f"$[{place}]"), Integer).label(name)
        for place, name in enumerate(("key", "annotator", "start", "end"))
    ]
    return select(*parts).subquery("stretch")


STRETCH = _make_stretch()
"""Stretches of annotation sets, to be joined: columns ``key``, ``annotator``, ``start``, ``end``; see `stretches`."""


def stretches(of: Iterable[tuple[int, int, int, int]]) -> dict[str, str]:
    """What a statement with `STRETCH` is executed with: (key, annotator, start, end) of each.

    One bound value however many there are: thousands of them would take longer to bind than to look up.
    """
    return {"stretches": orjson.dumps(list(of)).decode()}


def stands_in_text(words: str) -> ColumnElement[bool]:
    """Documents in whose text ``words`` stand exactly so."""
    return func.instr(tables.document.c.text, words) > 0


def unindexed(of: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same value, for which SQLite takes no index: without statistics it would take the wrong one."""
    return UnaryExpression(of, operator=custom_op("+"), type_=of.type)
