"""Tasks in the shapes that Label Studio writes and imports: JSON, JSON_MIN, CSV and TSV, files of cloud storages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeAlias

import orjson

from annotator.formats.encoding import NotText, decode
from annotator.formats.json_stream import JsonFault, json_values
from annotator.formats.label_studio.values import CATS_CONTROL, NOTE_CONTROL, Opinion, Plain, Task, TaskFault

Numbered: TypeAlias = tuple[int, "Task | TaskFault"]

MAX_TABLE_BYTES = 256 * 1024 * 1024
_TASK_KEYS = frozenset({"data", "annotations", "completions", "predictions"})
_OPINION_KEYS = frozenset({"result", "completed_by", "was_cancelled", "skipped", "annotator"})
_ROW_KEYS = ("annotation_id", "annotator", "created_at", "updated_at", "lead_time", "agreement", "ground_truth", "id")


def tasks_in_json(file: BinaryIO, kinds: dict[str, str]) -> Iterator[Numbered]:
    """The tasks of a JSON file, or what is wrong with one. ``kinds``: of results, by control (see `Config.kinds`)."""
    for number, value in json_values(file):
        if isinstance(value, JsonFault):
            yield number, TaskFault(str(value))
        elif not isinstance(value, dict):
            yield number, TaskFault("the task is not a JSON object")
        else:
            yield number, _task_or_fault(value, kinds)


def _task_or_fault(value: Plain, kinds: dict[str, str]) -> Task | TaskFault:
    try:
        return task_of(value, kinds)
    except TaskFault as fault:
        return fault


def task_of(value: Plain, kinds: dict[str, str]) -> Task:
    """A task from any of the JSON shapes. Raises `TaskFault`."""
    if isinstance(value.get("task"), dict) and isinstance(value.get("result"), list):  # one annotation of a storage
        task = value["task"]
        bare = {key: one for key, one in value.items() if key != "task"}
        value = task | {"annotations": [bare], "predictions": []}
    if "annotation_id" in value:
        return task_of_row(value, kinds)
    data = value.get("data")
    if isinstance(data, str):
        data = {"text": data}
    if data is None and "text" in value and not value.keys() & (_TASK_KEYS - {"data"}):
        return Task(value)
    if not isinstance(data, dict):
        raise TaskFault("the task has no data")
    people = _list(value, "annotations") or _list(value, "completions")
    guesses = _list(value, "predictions")
    opinions = [_opinion(one) for one in people] + [_prediction(one) for one in guesses if isinstance(one, dict)]
    kept = {key: one for key, one in value.items() if key not in _TASK_KEYS}
    return Task(data, tuple(_named_apart(opinions)), kept, sum(not isinstance(one, dict) for one in guesses))


def _list(value: Plain, key: str) -> list[Any]:
    found = value.get(key)
    if found is not None and not isinstance(found, list):
        raise TaskFault(f"{key} is not a list")
    return found or []


def _opinion(plain: Any) -> Opinion:
    if not isinstance(plain, dict):
        raise TaskFault("an annotation is not an object")
    given = plain.get("annotator")
    name = given if isinstance(given, str) else _name_of(plain.get("completed_by"))
    kept = {key: one for key, one in plain.items() if key not in _OPINION_KEYS}
    if plain.get("completed_by") is not None:
        kept["completed_by"] = plain["completed_by"]
    cancelled = bool(plain.get("was_cancelled") or plain.get("skipped"))
    return Opinion(name, _list(plain, "result"), was_cancelled=cancelled, kept=kept)


def _prediction(plain: Plain) -> Opinion:
    score = plain.get("score")
    is_score = isinstance(score, (int, float)) and not isinstance(score, bool) and 0 <= score <= 1
    name = str(plain.get("model_version") or "label-studio")
    return Opinion(name, _list(plain, "result"), is_prediction=True, score=float(score or 0) if is_score else None)


def _name_of(completed_by: Any) -> str:
    """The annotator: an e-mail address, or the number that is all there is."""
    if isinstance(completed_by, dict):
        found = (completed_by.get(key) for key in ("email", "username", "id"))
        return next((str(one) for one in found if one), "")
    return "" if completed_by is None else str(completed_by)


def _named_apart(opinions: list[Opinion]) -> Iterator[Opinion]:
    """Somebody's second annotation of a task goes by another name: nobody has two sets on one text."""
    seen: dict[tuple[str, bool], int] = {}
    for one in opinions:
        key = (one.annotator, one.is_prediction)
        seen[key] = seen.get(key, 0) + 1
        is_again = seen[key] > 1
        name = f"{one.annotator or 'annotator'}#{seen[key]}"
        yield Opinion(name, one.results, one.is_prediction, one.was_cancelled, one.score, one.kept) if is_again else one


def tasks_in_table(file: BinaryIO, kinds: dict[str, str]) -> Iterator[Numbered]:
    """The rows of a CSV or TSV export, one annotation each."""
    content = file.read(MAX_TABLE_BYTES + 1)
    if len(content) > MAX_TABLE_BYTES:
        yield 1, TaskFault(f"the table is larger than {MAX_TABLE_BYTES // 1024**2} MiB; export it as JSON")
        return
    try:
        text = decode(content).text
    except NotText as fault:
        yield 1, TaskFault(str(fault))
        return
    header = text.split("\n", 1)[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter="\t" if header.count("\t") else ",")
    yield from _rows(rows, kinds)


def _rows(rows: Any, kinds: dict[str, str]) -> Iterator[Numbered]:
    try:
        names = [name.strip() for name in next(rows, [])]
        for row in rows:
            if not row:
                continue
            if len(row) != len(names):
                yield rows.line_num, TaskFault(f"the row has {len(row)} columns, not {len(names)}")
                continue
            cells = {name: _cell(name, value) for name, value in zip(names, row, strict=True) if value}
            try:
                yield rows.line_num, task_of_row(cells, kinds)
            except TaskFault as fault:
                yield rows.line_num, fault
    except csv.Error as fault:
        yield rows.line_num, TaskFault(f"the table is broken ({fault})")


def _cell(name: str, value: str) -> Any:
    """JSON where lists and objects stand in a cell; a text that looks so stays one."""
    if name != "text" and value[:1] in "[{":
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def task_of_row(row: Plain, kinds: dict[str, str]) -> Task:
    """A task with its one annotation: a row of a table, an object of JSON_MIN."""
    results: list[Plain] = []
    data: Plain = {}
    for key, value in row.items():
        if key in _ROW_KEYS:
            continue
        made = list(_results_of(key, value, kinds.get(key, "")))
        results += made
        if not made:
            data[key] = value
    kept = {key: row[key] for key in _ROW_KEYS if key in row and key not in ("annotator", "id")}
    if "annotation_id" in kept:
        kept["id"] = kept.pop("annotation_id")
    opinion = Opinion(_name_of(row.get("annotator")), results, kept=kept)
    return Task(data, (opinion,), {"id": row["id"]} if "id" in row else {})


def _results_of(control: str, value: Any, kind: str) -> Iterator[Plain]:
    """The results of one control, which JSON_MIN gives without their frame."""
    regions = value if isinstance(value, list) else []
    if regions and all(isinstance(one, dict) and "start" in one and "end" in one for one in regions):
        for one in regions:
            named = next((key for key in ("labels", "hypertextlabels", "paragraphlabels") if key in one), None)
            named = named or next(
                (key for key in ("choices", "taxonomy", "number", "rating") if key in one), "textarea"
            )
            place = "-".join(str(one.get(key)) for key in ("start", "startOffset", "end", "endOffset") if key in one)
            yield {"id": place, "from_name": control, "type": named, "value": one}
    elif isinstance(value, dict) and value.keys() in ({"choices"}, {"text"}, {"taxonomy"}, {"rating"}, {"number"}):
        (name,) = value
        yield {"from_name": control, "type": "textarea" if name == "text" else name, "value": value}
    elif kind in ("choices", "textarea") or (not kind and control in (CATS_CONTROL, NOTE_CONTROL)):
        values = value if isinstance(value, list) else [value]
        name = "choices" if kind == "choices" or control == CATS_CONTROL else "text"
        yield {"from_name": control, "type": "choices" if name == "choices" else "textarea", "value": {name: values}}
    elif kind in ("rating", "number", "taxonomy"):
        yield {"from_name": control, "type": kind, "value": {kind: value}}
