"""What random work must come to: a reference of plain words and lists; it knows nothing of edits, journals or keys.

Spans are ``[first, end)`` words. A row is what one step changed in one annotation set; a step is an edit of one
document or an operation (rows in many sets, and perhaps another scheme).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from enum import Enum

ANN, PIPELINE = "ann", "p"
Where = tuple[int, str]
"""A document's key and whose set it is."""


@dataclass(frozen=True)
class Plain:
    """A span: words ``[first, end)``."""

    first: int
    end: int
    label: str
    is_decided: bool

    @property
    def words(self) -> tuple[int, int]:
        return self.first, self.end

    @property
    def place_and_label(self) -> tuple[int, int, str]:
        return self.first, self.end, self.label


@dataclass
class State:
    """One annotation set."""

    spans: dict[str, Plain] = field(default_factory=dict)
    status: str = "new"

    def has_twin(self, span_id: str) -> bool:
        own = self.spans[span_id].place_and_label
        return any(one.place_and_label == own for other, one in self.spans.items() if other != span_id)


@dataclass
class Name:
    """A label as the scheme has it."""

    name: str
    hue: int
    split_into: tuple[str, ...] = ()


@dataclass
class Names:
    """A scheme: labels by id in order; ``merged``: what merged labels became; ``token``: the product's own scheme."""

    labels: dict[str, Name]
    merged: dict[str, str] = field(default_factory=dict)
    token: object = None

    def known(self, label: str) -> str:
        found = label if label in self.labels else self.merged.get(label)
        if found is None:
            raise Refused("deleted")
        return found

    def give_up(self, label: str, successor: str = "") -> None:
        """A label goes; ``successor`` takes its place."""
        del self.labels[label]
        if successor:
            self.labels[successor].split_into = ()
        for one in self.labels.values():
            one.split_into = tuple(dict.fromkeys(successor if part == label else part for part in one.split_into))
        self.merged = {old: successor if new == label else new for old, new in self.merged.items()}
        self.merged[label] = successor
        self.merged = {old: new for old, new in self.merged.items() if new}


class Kind(Enum):
    """What a change changes of a span."""

    PRESENCE = "presence"
    LABEL = "label"
    PLACE = "place"
    DECISION = "decision"


@dataclass(frozen=True)
class Change:
    """One span before and after; None: it is not there."""

    span: str
    kind: Kind
    before: Plain | None
    after: Plain | None

    def back(self, state: State) -> Change:
        """What takes it back; a suggestion that followed the scheme undecided stays as decided as it is now."""
        before = self.before
        if self.kind is Kind.LABEL and self.after is not None and before is not None and not self.after.is_decided:
            held = state.spans.get(self.span)
            before = replace(before, is_decided=held is not None and held.is_decided)
        return Change(self.span, self.kind, self.after, before)

    def holds(self, state: State) -> bool:
        """Whether the span is, in what was changed, as it was left."""
        held = state.spans.get(self.span)
        if self.kind is Kind.PRESENCE:
            return held == self.after
        if held is None or self.after is None:
            return False
        match self.kind:
            case Kind.LABEL:
                return held.label == self.after.label
            case Kind.PLACE:
                return (held.first, held.end) == (self.after.first, self.after.end)
            case _:
                return held.is_decided == self.after.is_decided

    def make(self, state: State, names: Names) -> None:
        held, after = state.spans.get(self.span), self.after
        if self.kind is Kind.PRESENCE:
            if (held is None) != (self.before is None):
                raise Refused("the span is there already, or not any more")
            if after is None:
                del state.spans[self.span]
            else:
                state.spans[self.span] = replace(after, label=names.known(after.label))
            return
        if held is None or after is None:
            raise Refused("the span is gone")
        state.spans[self.span] = {
            Kind.LABEL: lambda: replace(held, label=names.known(after.label), is_decided=after.is_decided),
            Kind.PLACE: lambda: replace(held, first=after.first, end=after.end, is_decided=after.is_decided),
            Kind.DECISION: lambda: replace(held, is_decided=after.is_decided),
        }[self.kind]()


class Refused(Exception):
    """It cannot be: one sentence is said, and nothing changes."""


@dataclass(eq=False)
class Step:
    """One step of undo."""

    is_operation: bool = False
    rows: list[Row] = field(default_factory=list)
    scheme: tuple[Names, Names] | None = None
    is_undone: bool = False


@dataclass(eq=False)
class Row:
    """What a step changed in one set."""

    where: Where
    changes: tuple[Change, ...]
    status: tuple[str, str] | None
    step: Step
    is_undone: bool = False


@dataclass
class Past:
    """What can be undone and made again in the annotator's set on one document."""

    undoable: list[Row] = field(default_factory=list)
    redoable: list[Row] = field(default_factory=list)


class Reference:
    """A project with one annotator and one pipeline; ``open`` is the open document."""

    def __init__(self, keys: Iterable[int], suggested: dict[str, Plain], names: Names) -> None:
        self.sets: dict[Where, State] = {(key, PIPELINE): State(dict(suggested)) for key in keys}
        self.names = names
        self.open = min(key for key, _ in self.sets)
        self.rows: dict[Where, list[Row]] = {}
        self.pasts: dict[int, Past] = {key: Past() for key, _ in self.sets}
        self.trail: list[Step] = []
        self.undone: list[Step] = []
        self.passed_over: set[Row] = set()
        self.scheme_done: list[Step] = []
        self.scheme_undone: list[Step] = []

    # what is seen

    def shown(self, key: int) -> State:
        """A document as the annotator sees it: the own set, else the suggestions."""
        own = self.sets.get((key, ANN))
        return own if own is not None else self.sets[key, PIPELINE]

    def givable(self) -> list[str]:
        return [label for label, name in self.names.labels.items() if not name.split_into]

    def carriers(self, label: str) -> list[Where]:
        return [where for where, state in self.sets.items() if any(one.label == label for one in state.spans.values())]

    @property
    def undoable(self) -> list[Row]:
        return [row for row in self.pasts[self.open].undoable if row not in self.passed_over]

    @property
    def redoable(self) -> list[Row]:
        return [row for row in self.pasts[self.open].redoable if row not in self.passed_over]

    # what is done

    def go_to(self, key: int) -> None:
        if key != self.open:
            self.open = key
            self.passed_over.clear()

    def begin_run(self) -> None:
        """The window was opened anew: what can be undone is the past of the open document."""
        self.trail, self.undone = [], []
        self.passed_over.clear()

    def edit(self, *changes: Change, status: str = "") -> None:
        """An edit of the open document."""
        step = Step()
        self._begin(self.open)
        self._write(step, (self.open, ANN), changes, status)
        self.trail.append(step)
        self.undone.clear()

    def operate(self, changes: dict[int, Change]) -> None:
        """An operation: a change in each of several documents, where it can be."""
        step = Step(is_operation=True)
        for key, change in changes.items():
            if (key, ANN) in self.sets or self.sets[key, PIPELINE].spans:
                self._begin(key)
            held = self.shown(key).spans.get(change.span)
            if held is None or change.after is None:
                continue
            moved = replace(held, label=change.after.label, is_decided=True)
            trial = deepcopy(self.shown(key))
            trial.spans[change.span] = moved
            may_be = moved.label in self.givable() and not trial.has_twin(change.span)
            if may_be or moved.label == held.label:
                self._write(step, (key, ANN), (Change(change.span, Kind.LABEL, held, moved),), "")
        self._operated(step)

    def change_scheme(self, after: Names, becomes: dict[str, str] | None = None) -> None:
        """Another scheme; ``becomes``: labels that become others, or nothing, in every set."""
        step = Step(is_operation=True, scheme=(deepcopy(self.names), deepcopy(after)))
        self.names = after
        for where, state in list(self.sets.items()):
            if changes := tuple(_migration(state, becomes or {})):
                self._write(step, where, changes, "", is_migration=True)
        self._operated(step)
        self.scheme_done.append(step)
        self.scheme_undone.clear()

    def _operated(self, step: Step) -> None:
        self.trail.append(step)
        self.undone.clear()
        self.passed_over.clear()

    def _begin(self, key: int) -> None:
        """The annotator takes the suggestions over."""
        if (key, ANN) not in self.sets:
            spans = {span: replace(one, is_decided=False) for span, one in self.sets[key, PIPELINE].spans.items()}
            self.sets[key, ANN] = State(spans)

    def _write(
        self, step: Step, where: Where, changes: tuple[Change, ...], status: str, *, is_migration: bool = False
    ) -> None:
        state = self.sets[where]
        turned = status or ("in progress" if state.status == "new" and not is_migration else "")
        row = Row(where, changes, (state.status, turned) if turned else None, step)
        for change in changes:
            change.make(state, self.names)
        state.status = turned or state.status
        step.rows.append(row)
        self.rows.setdefault(where, []).append(row)
        if where[1] == ANN:
            past = self.pasts[where[0]]
            past.undoable.append(row)
            past.redoable.clear()

    # undo and redo in the article

    def undo(self) -> None:
        """Ctrl+Z in the article."""
        self._step_in_article(self.trail, self.undone, is_redo=False)

    def redo(self) -> None:
        """Ctrl+Shift+Z in the article."""
        self._step_in_article(self.undone, self.trail, is_redo=True)

    def _step_in_article(self, source: list[Step], target: list[Step], *, is_redo: bool) -> None:
        step = source[-1] if source else None
        rows = self.redoable if is_redo else self.undoable
        if step is not None and not step.is_operation:
            key = step.rows[0].where[0]
            if key != self.open:
                self.go_to(key)
                self._step_alone(source, target, is_redo=is_redo)
                return
            step = None
        if step is None and rows and rows[-1].step.is_operation and rows[-1].step.is_undone == is_redo:
            step = rows[-1].step
        if step is not None:
            self.repeat(step, is_redo=is_redo)
        else:
            self._step_alone(source, target, is_redo=is_redo)

    def _step_alone(self, source: list[Step], target: list[Step], *, is_redo: bool) -> None:
        rows = self.redoable if is_redo else self.undoable
        row = rows[-1] if rows else None
        is_part = row is not None and row.step.is_operation
        if source and not source[-1].is_operation and source[-1].rows[0].where[0] == self.open and not is_part:
            source.pop()
        if row is None:
            return
        try:
            self.sets[row.where] = self._alone(row, is_redo=is_redo)
        except Refused:
            self.passed_over.add(row)
            return
        self._turn(row, is_undone=not is_redo)
        if not is_part:
            target.append(row.step)

    def _alone(self, row: Row, *, is_redo: bool) -> State:
        state = deepcopy(self.sets[row.where])
        before = deepcopy(state)
        if is_redo:
            changes = list(row.changes)
        elif row.step.is_operation:
            return self._back_where_it_holds(row, went_on=False)
        else:
            changes = [Change(one.span, one.kind, one.after, one.before) for one in reversed(row.changes)]
        for change in changes:
            change.make(state, self.names)
        if row.status is not None:
            state.status = row.status[is_redo]
        self._check(before, state, is_label_checked=is_redo)
        return state

    # operations as a whole

    def undo_scheme(self) -> None:
        """Ctrl+Z on the scheme's page."""
        if self.scheme_done:
            self.repeat(self.scheme_done[-1], is_redo=False)

    def redo_scheme(self) -> None:
        """Ctrl+Shift+Z on the scheme's page."""
        if self.scheme_undone:
            self.repeat(self.scheme_undone[-1], is_redo=True)

    def repeat(self, step: Step, *, is_redo: bool) -> None:
        """Take an operation back, or make it again, wherever it can be; or refuse it as a whole."""
        source, target = (self.undone, self.trail) if is_redo else (self.trail, self.undone)
        try:
            names, sets, turned = self._repeated(step, is_redo=is_redo)
        except Refused:
            source[:] = [one for one in source if one is not step]
            past = self.pasts[self.open]
            self.passed_over |= {row for row in (*past.undoable, *past.redoable) if row.step is step}
            return
        self.names, self.sets = names, sets
        for row in turned:
            self._turn(row, is_undone=not is_redo)
        step.is_undone = not is_redo
        source[:] = [one for one in source if one is not step]
        target.append(step)
        self.passed_over.clear()
        if step.scheme is not None:
            old, new = (self.scheme_undone, self.scheme_done) if is_redo else (self.scheme_done, self.scheme_undone)
            old[:] = [one for one in old if one is not step]
            new.append(step)

    def _repeated(self, step: Step, *, is_redo: bool) -> tuple[Names, dict[Where, State], list[Row]]:
        held = self.names, self.sets
        if step.scheme is not None:
            now, then = step.scheme if is_redo else reversed(step.scheme)
            if self.names.token != now.token:
                raise Refused("the scheme was changed again since")
            self.names = deepcopy(then)
        self.sets = deepcopy(self.sets)
        turned = []
        try:
            for row in step.rows if is_redo else reversed(step.rows):
                try:
                    self.sets[row.where] = self._part(row, is_redo=is_redo)
                    turned.append(row)
                except Refused:
                    continue  # left out and named
            if any(self.carriers(label) for label in held[0].labels if label not in self.names.labels):
                raise Refused("a label that would go is used")
            return self.names, self.sets, turned
        finally:
            self.names, self.sets = held

    def _part(self, row: Row, *, is_redo: bool) -> State:
        if not is_redo:
            return self._back_where_it_holds(row, went_on=self._went_on(row))
        before = self.sets[row.where]
        if row.step.scheme is not None:
            return self._again_where_it_holds(row)
        state = deepcopy(before)
        for change in row.changes:
            change.make(state, self.names)
        if row.status is not None:
            state.status = row.status[1]
        self._check(before, state, is_label_checked=True)
        return state

    def _went_on(self, row: Row) -> bool:
        """Whether edits stand that were made in the set since."""
        rows = self.rows[row.where]
        later = rows[rows.index(row) + 1 :]
        return row.step.scheme is None and any(not one.is_undone and one.step.scheme is None for one in later)

    def _back_where_it_holds(self, row: Row, *, went_on: bool) -> State:
        before = self.sets[row.where]
        state = deepcopy(before)
        holding = [change for change in reversed(row.changes) if change.holds(before)]
        has_status = row.status is not None and before.status == row.status[1]
        if not holding and not (has_status and not row.changes):
            raise Refused("it was changed since")
        for change in holding:
            change.back(before).make(state, self.names)
        is_whole = len(holding) == len(row.changes) and not (row.changes and went_on)
        if row.status is not None and has_status and is_whole:
            state.status = row.status[0]
        if row.step.scheme is None:
            self._check(before, state, is_label_checked=False)
        return state

    def _again_where_it_holds(self, row: Row) -> State:
        before = self.sets[row.where]
        state = deepcopy(before)
        holding = [one for one in row.changes if Change(one.span, one.kind, None, one.before).holds(before)]
        if not holding:
            raise Refused("it was changed since")
        for change in holding:
            kept = change
            if change.kind is Kind.LABEL and change.before and change.after and not change.before.is_decided:
                is_decided = before.spans[change.span].is_decided
                kept = replace(change, after=replace(change.after, is_decided=is_decided))
            kept.make(state, self.names)
        return state

    def _check(self, before: State, after: State, *, is_label_checked: bool) -> None:
        for span, one in after.spans.items():
            old = before.spans.get(span)
            if old is not None and old.place_and_label == one.place_and_label:
                continue
            if after.has_twin(span) or (is_label_checked and one.label not in self.givable()):
                raise Refused("it cannot stand there")

    def _turn(self, row: Row, *, is_undone: bool) -> None:
        row.is_undone = is_undone
        if row.where[1] != ANN:
            return
        past = self.pasts[row.where[0]]
        source, target = (past.undoable, past.redoable) if is_undone else (past.redoable, past.undoable)
        if row in source:
            source.remove(row)
            target.append(row)


def _migration(state: State, becomes: dict[str, str]) -> Iterator[Change]:
    """What becomes of spans: of those on the same words that come to have the same label, a decided one stays."""
    concerned = {span: one for span, one in state.spans.items() if one.label in becomes}
    gone: dict[str, Plain] = {span: one for span, one in concerned.items() if not becomes[one.label]}
    for span, one in concerned.items():
        if span in gone:
            continue
        wanted = (one.first, one.end, becomes[one.label])
        same = {
            other: held
            for other, held in state.spans.items()
            if (held.first, held.end, becomes.get(held.label, held.label)) == wanted
        }
        best = min(same, key=lambda other: (not same[other].is_decided, other in concerned, other))
        gone |= {other: held for other, held in same.items() if other != best}
    for span, one in concerned.items():
        if span not in gone:
            yield Change(span, Kind.LABEL, one, replace(one, label=becomes[one.label]))
    for span, one in gone.items():
        yield Change(span, Kind.PRESENCE, one, None)
