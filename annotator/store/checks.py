"""What can be wrong inside a project, found without trusting any of it, and what can be mended."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, Row, func, inspect, select, update

from annotator.domain.labels import LabelScheme
from annotator.store import rows, sqlite, sqlite_search
from annotator.store.tables import annotation_set, annotator, document, journal, metadata, span, tokenization
from annotator.store.values import Problem

SEARCH_INDEX = "search index"
COUNTERS = "correct the counters"


def find_problems(connection: Connection, scheme: LabelScheme) -> list[Problem]:
    """Everything that is wrong; empty when all is well."""
    problems = [
        Problem("file", what, "rebuild the search index" if "document_fts" in what else "")
        for what in sqlite.integrity_problems(connection)
    ]
    problems += _span_problems(connection, scheme)
    problems += _token_problems(connection)
    problems += _set_problems(connection)
    if not sqlite_search.is_search_index_sound(connection):
        problems.append(Problem(SEARCH_INDEX, "it does not say what the documents say", "rebuild the search index"))
    return problems


def schema_problems(connection: Connection) -> list[Problem]:
    """Tables and columns that are not there, of a file that somebody may have changed by other means."""
    present = inspect(connection)
    tables = set(present.get_table_names())
    found = [Problem("file", f"it has no table {name!r}") for name in metadata.tables if name not in tables]
    for name, table in metadata.tables.items():
        wanted = set(table.c.keys())
        held = {column["name"] for column in present.get_columns(name)} if name in tables else wanted
        found += [Problem("file", f"its table {name!r} has no {column!r}") for column in sorted(wanted - held)]
    return found


def repair(connection: Connection, problems: Iterable[object]) -> list[str]:
    """Mend what can be mended without guessing: counters and the search index."""
    done: list[str] = []
    wanted = [problem for problem in problems if isinstance(problem, Problem) and problem.repair]
    if any(problem.where == SEARCH_INDEX or "search index" in problem.repair for problem in wanted):
        sqlite_search.rebuild_search_index(connection)
        done.append("The search index was rebuilt")
    if any(problem.repair == COUNTERS for problem in wanted):
        done.append(f"The counters of {_recount(connection)} annotation sets were corrected")
    return done


def _span_problems(connection: Connection, scheme: LabelScheme) -> Iterator[Problem]:
    known = {(layer.name, label.id) for layer, label in scheme.labels}
    texts = dict[int, tuple[str, str]]()
    statement = (
        select(span, annotator.c.name)
        .join(annotator, annotator.c.id == span.c.annotator_id)
        .order_by(span.c.document_id)
        .execution_options(yield_per=2000)
    )
    for row in connection.execute(statement):
        if row.document_id not in texts:
            texts = {row.document_id: _text_of(connection, row.document_id)}
        name, text = texts[row.document_id]
        where = f"{name} {row.name} {row.start_char}–{row.end_char}"
        if row.end_char > len(text):
            yield Problem(where, f"the span ends after the text of {len(text)} characters")
        elif text[row.start_char : row.end_char] != row.surface:
            stands = text[row.start_char : row.end_char]
            yield Problem(where, f"the span was drawn on {row.surface!r}, but {stands!r} stands there")
        if (row.layer, row.label_id) not in known:
            yield Problem(where, f"the label {row.label_id!r} is not in the scheme's layer {row.layer!r}")


def _text_of(connection: Connection, key: int) -> tuple[str, str]:
    row = connection.execute(select(document.c.external_id, document.c.text).where(document.c.id == key)).one_or_none()
    return ("?", "") if row is None else (row.external_id, row.text)


def _token_problems(connection: Connection) -> Iterator[Problem]:
    statement = select(tokenization, document.c.external_id, document.c.length_chars).join(
        document, document.c.id == tokenization.c.document_id
    )
    for row in connection.execute(statement.execution_options(yield_per=100)):
        if fault := _token_fault(row):
            yield Problem(f"{row.external_id} tokens", fault)


def _token_fault(row: Row[Any]) -> str:
    try:
        tokens, _ = rows.tokens_from_row(row)
    except (ValueError, zlib.error):
        return "they cannot be read; let a pipeline read the document again (suggest --redo)"
    covered = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        if not covered <= start < end:
            return "they are not in order; let a pipeline read the document again (suggest --redo)"
        covered = end
    return "they reach beyond the text" if covered > row.length_chars else ""


def _set_problems(connection: Connection) -> Iterator[Problem]:
    statement = (
        select(annotation_set, annotator.c.name, document.c.external_id)
        .join(annotator, annotator.c.id == annotation_set.c.annotator_id)
        .join(document, document.c.id == annotation_set.c.document_id)
    )
    spans = _counts(connection, span)
    undecided = _counts(connection, span, only_undecided=True)
    entries = _counts(connection, journal)
    for row in connection.execute(statement):
        key = (row.document_id, row.annotator_id)
        where = f"{row.external_id} {row.name}"
        if (row.span_count, row.undecided_count) != (spans.get(key, 0), undecided.get(key, 0)):
            yield Problem(where, "the counters of spans are wrong", COUNTERS)
        if row.last_seq != entries.get(key, 0):
            yield Problem(where, f"the journal has {entries.get(key, 0)} rows where {row.last_seq} were written")


def _counts(connection: Connection, of: Any, *, only_undecided: bool = False) -> dict[tuple[int, int], int]:
    statement = select(of.c.document_id, of.c.annotator_id, func.count()).group_by(of.c.document_id, of.c.annotator_id)
    if only_undecided:
        statement = statement.where(~of.c.is_decided)
    return {(key, annotator_id): count for key, annotator_id, count in connection.execute(statement)}


def _recount(connection: Connection) -> int:
    spans, undecided = _counts(connection, span), _counts(connection, span, only_undecided=True)
    changed = 0
    for row in connection.execute(select(annotation_set)).all():
        key = (row.document_id, row.annotator_id)
        counted = (spans.get(key, 0), undecided.get(key, 0))
        if (row.span_count, row.undecided_count) != counted:
            changed += 1
            connection.execute(
                update(annotation_set)
                .where(
                    annotation_set.c.document_id == row.document_id,
                    annotation_set.c.annotator_id == row.annotator_id,
                )
                .values(span_count=counted[0], undecided_count=counted[1])
            )
    return changed
