"""Reads what Label Studio exports and imports: tasks in JSON, JSON_MIN, CSV and TSV, and its configuration."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, cast

from annotator.domain.projects import AnnotatedDocument, Status
from annotator.domain.spans import SpanSet
from annotator.domain.text import Document
from annotator.formats.encoding import with_newlines
from annotator.formats.jsonl.record_fields import RecordFault, kept
from annotator.formats.label_studio.config import Config, ConfigFault, config_of, looks_like_config
from annotator.formats.label_studio.results import Reading, Said, places_in, said_by
from annotator.formats.label_studio.task_text import IS_INLINE, TaskText, text_of
from annotator.formats.label_studio.tasks import Numbered, tasks_in_json, tasks_in_table
from annotator.formats.label_studio.values import EXTRA, SPAN_TYPES, Opinion, Plain, Task, TaskFault
from annotator.formats.registry import suffix_of
from annotator.formats.shapes import Parsed, ReadOptions, Record, Rejected, SchemeFound, Source
from annotator.formats.tally import Tally
from annotator.formats.units import Unit, Votes

ONLY_NUMBERS = "a prediction stands there as a number only: export with full predictions to have it"
JOINED_LINES = "the lines of a dialogue were joined to one text; who says them is kept"
PAGE_AS_TEXT = "a web page was taken as its text; the page itself is kept"
SAME_ID = "an id that another text has already was left out"
IN_UTF16 = "its offsets count UTF-16 units, as its words show; they were converted"
UNPROVED = "a text has characters outside the Unicode BMP and nothing shows what offsets count: taken as code points"
_SPOOL_BYTES = 32 * 1024 * 1024
_DATA_KEYS = frozenset({"id", "title", "language", "meta", IS_INLINE})


class LabelStudioReader:
    """Two passes: the first one finds out what offsets count and which controls there are."""

    def read(self, source: Source, options: ReadOptions) -> Iterator[Record]:
        """The scheme, if there is a configuration; then each annotation and prediction of each task."""
        config = None
        try:
            config = _config_for(source)
        except ConfigFault as fault:
            yield Rejected(source.path, 1, str(fault))
        if config is not None:
            yield SchemeFound(source.path, config.scheme(source.stem or "label studio"))
        if suffix_of(source.name) == ".xml":
            return
        with source.open() as file, tempfile.SpooledTemporaryFile(_SPOOL_BYTES) as held:
            shutil.copyfileobj(file, held)
            yield from _File(cast(BinaryIO, held), source, options, config).records()


class _File:
    def __init__(self, file: BinaryIO, source: Source, options: ReadOptions, config: Config | None) -> None:
        self._file, self._source, self._options, self._config = file, source, options, config
        self._tally = Tally()
        self._ids: dict[str, int] = {}

    def records(self) -> Iterator[Record]:
        reading = self._looked_through()
        for line, task in self._tasks():
            if isinstance(task, TaskFault):
                yield Rejected(self._source.path, line, str(task))
            else:
                yield from self._of_task(task, line, reading)
        yield from self._tally.remarks(self._source.path)

    def _tasks(self) -> Iterator[Numbered]:
        self._file.seek(0)
        kinds = self._config.kinds if self._config else {}
        is_table = suffix_of(self._source.name) in (".csv", ".tsv")
        return tasks_in_table(self._file, kinds) if is_table else tasks_in_json(self._file, kinds)

    def _looked_through(self) -> Reading:
        votes = Votes()
        spans = list(self._config.span_controls) if self._config else []
        choices = list(self._config.choices) if self._config else []
        is_open = False
        for _, task in self._tasks():
            if isinstance(task, TaskFault):
                continue
            _note_controls(task, spans, choices)
            text = self._find_text(task)
            if text is not None and text.measured.is_ambiguous:
                is_open = _vote(votes, task, text) or is_open
        if votes.unit is Unit.UTF16:
            self._tally.add(IN_UTF16, 1)
        elif is_open and not votes.code_points:
            self._tally.add(UNPROVED, 1)
        return Reading(votes.unit, list(dict.fromkeys(spans)), list(dict.fromkeys(choices)))

    def _find_text(self, task: Task) -> TaskText | None:
        try:
            return self._text(task)
        except TaskFault:
            return None

    def _text(self, task: Task) -> TaskText:
        is_about_html = any(_is_about_html(one) for opinion in task.opinions for one in opinion.results)
        return text_of(task.data, self._config.texts if self._config else [], is_about_html)

    def _of_task(self, task: Task, line: int, reading: Reading) -> Iterator[Record]:
        try:
            text = self._text(task)
            if with_newlines(text.text, self._options.newlines) != text.text:
                raise TaskFault("line ends cannot be changed under existing offsets; import with --newlines keep")
        except TaskFault as fault:
            yield Rejected(self._source.path, line, str(fault))
            return
        self._tally.add(ONLY_NUMBERS, line, task.numbers_only)
        said: list[tuple[Opinion, Said]] = []
        for opinion in task.opinions:
            try:
                said.append((opinion, said_by(opinion, text, reading, self._tally, line)))
            except TaskFault as fault:
                yield Rejected(self._source.path, line, f"{_whose(opinion)}: {fault}")
        try:
            document = self._document(task, text, said, line)
        except RecordFault as fault:
            yield Rejected(self._source.path, line, str(fault))
            return
        if not task.opinions:
            yield Parsed(self._source.path, line, AnnotatedDocument(document))
        for opinion, one in said:
            yield Parsed(
                self._source.path, line, _annotated(document, opinion, one), opinion.is_prediction, is_annotated=True
            )

    def _document(self, task: Task, text: TaskText, said: list[tuple[Opinion, Said]], line: int) -> Document:
        data = task.data
        inner = data["meta"] if isinstance(data.get("meta"), dict) else {}
        meta = {key: value for key, value in data.items() if key not in _DATA_KEYS and key != text.key} | inner
        extra: Plain = {"task": task.kept} if task.kept else {}
        if text.key != "text":
            extra["text_key"] = text.key
        if text.kind != "text":
            extra["data"] = data[text.key]
            self._tally.add(JOINED_LINES if text.kind == "paragraphs" else PAGE_AS_TEXT, line)
        if people := {opinion.annotator: held for opinion, one in said if (held := _kept_of(opinion, one))}:
            extra["annotations"] = people
        return Document(
            self._id(data, text.text, line), text.text, _string(data, "title"), _string(data, "language"),
            kept(meta), {EXTRA: kept(extra)} if extra else {},
        )  # fmt: skip

    def _id(self, data: Plain, text: str, line: int) -> str:
        """The id that the data give; a task's number is none, since every project counts from 1."""
        given = data.get("id")
        if isinstance(given, bool) or not isinstance(given, (str, int)) or given == "":
            return ""
        if self._ids.setdefault(str(given), hash(text)) != hash(text):
            self._tally.add(SAME_ID, line)
            return ""
        return str(given)


def _kept_of(opinion: Opinion, said: Said) -> Plain:
    """What only Label Studio knows of an annotation; of a prediction nothing is kept."""
    if opinion.is_prediction:
        return {}
    found: Plain = {"kept": opinion.kept, "results": said.left, "regions": said.regions, "note": said.note_control}
    return {key: value for key, value in found.items() if value}


def _annotated(document: Document, opinion: Opinion, said: Said) -> AnnotatedDocument:
    status = Status.NEW if opinion.is_prediction else Status.SKIPPED if opinion.was_cancelled else Status.DONE
    return AnnotatedDocument(
        document, opinion.annotator, SpanSet(said.spans.values()), said.relations, said.cats, status,
        "\n".join(said.notes),
    )  # fmt: skip


def _note_controls(task: Task, spans: list[str], choices: list[str]) -> None:
    for opinion in task.opinions:
        regions = {one.get("id") for one in opinion.results if isinstance(one, dict) and one.get("type") in SPAN_TYPES}
        for one in opinion.results:
            if not isinstance(one, dict):
                continue
            control = str(one.get("from_name", ""))
            if one.get("type") in SPAN_TYPES and control not in spans:
                spans.append(control)
            elif one.get("type") == "choices" and one.get("id") not in regions - {None} and control not in choices:
                choices.append(control)


def _vote(votes: Votes, task: Task, text: TaskText) -> bool:
    """Count the regions of a task; whether there are some without words whose place depends on the unit."""
    is_open = False
    for opinion in task.opinions:
        for start, end, words in places_in(opinion, text):
            if words:
                votes.by_surface(text.measured, start, end, words)
            else:
                is_open = is_open or text.measured.to_chars(start, end, Unit.UTF16) != (start, end)
    return is_open


def _is_about_html(result: object) -> bool:
    value = result.get("value") if isinstance(result, dict) else None
    is_page = isinstance(result, dict) and result.get("type") == "hypertextlabels"
    return is_page or (isinstance(value, dict) and str(value.get("start", "")).startswith("/"))


def _whose(opinion: Opinion) -> str:
    kind = "prediction" if opinion.is_prediction else "annotation"
    return f"the {kind} of {opinion.annotator}" if opinion.annotator else f"the {kind}"


def _string(data: Plain, key: str) -> str:
    return data[key] if isinstance(data.get(key), str) else ""


def _config_for(source: Source) -> Config | None:
    """The configuration that the file is, or that lies beside it. Raises `ConfigFault`."""
    if suffix_of(source.name) == ".xml":
        with source.open() as file:
            return config_of(file.read())
    names = [name for name in source.neighbours() if suffix_of(name) == ".xml"]
    for name in sorted(names, key=lambda name: ("config" not in name, name)):
        beside = source.find_beside(name)
        if beside is not None:
            with beside.open() as file:
                content = file.read(1 << 16)
            if looks_like_config(content):
                with beside.open() as file:
                    return config_of(file.read())
    return None
