"""`Project`: everything the commands do, from Python. Values are frozen; writing goes through the journal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from annotator.domain.labels import LabelScheme
from annotator.domain.projects import AnnotatedDocument, Annotator, Status
from annotator.domain.spans import Span
from annotator.domain.text import Json
from annotator.store import DocumentRow, Operation, Problem, ProjectStats, ProjectStore, Step
from annotator.workflows.annotate import AnnotationSession
from annotator.workflows.pace import Pace, pace_of
from annotator.workflows.progress import Progress, Silent
from annotator.workflows.saving import Saver
from annotator.workflows.schemes import load_scheme
from annotator.workflows.sets import load_for_annotator

if TYPE_CHECKING:
    from annotator.agreement.report import AgreementReport
    from annotator.domain.assigning import Plan
    from annotator.domain.inconsistencies import Entry
    from annotator.domain.planting import Plant
    from annotator.domain.propagation import Offer
    from annotator.workflows.adjudicating import Adjudication, AdjudicationRequest
    from annotator.workflows.agreeing import AgreementRequest
    from annotator.workflows.agreement_review import Review
    from annotator.workflows.assigning import AssignRequest, WorkDone
    from annotator.workflows.collecting import Collected
    from annotator.workflows.dismissing import Dismissals
    from annotator.workflows.doubting import DoubtFinder
    from annotator.workflows.export_request import ExportRequest
    from annotator.workflows.exporting import ExportReport
    from annotator.workflows.feedback import Feedback
    from annotator.workflows.guidelines import Guidelines
    from annotator.workflows.handing_out import HandoutReport
    from annotator.workflows.history import SetHistory, VisibleSet
    from annotator.workflows.import_request import ImportReport, ImportRequest
    from annotator.workflows.memory import CorpusMemory
    from annotator.workflows.planting import Detection
    from annotator.workflows.propagating import CorpusSearch
    from annotator.workflows.scheme_editing import SchemeDesk
    from annotator.workflows.searching import Searcher
    from annotator.workflows.suggesting import AcceptReport, SuggestReport, SuggestRequest
    from annotator.workflows.taking_back import TakenBack

__all__ = ["DocumentRow", "DocumentView", "Operation", "Problem", "Project", "ProjectStats", "SpanView", "Step"]


@dataclass(frozen=True, slots=True)
class SpanView:
    """A span as a script sees it: ``label`` is the label's name, offsets are code points."""

    id: str
    start: int
    end: int
    label: str
    layer: str
    text: str
    origin: str
    is_decided: bool
    score: float | None
    pipeline: str
    attributes: Mapping[str, Json]
    note: str


class DocumentView:
    """A document as a script sees it; its annotation sets are read when asked for."""

    def __init__(self, store: ProjectStore, scheme: LabelScheme, key: int, row: DocumentRow) -> None:
        self._store = store
        self._scheme = scheme
        self.key = key
        self.id = row.id
        self.title = row.title
        self.status = row.status

    @property
    def text(self) -> str:
        """The text exactly as imported."""
        with self._store.reading() as reader:
            return reader.load_document(self.key).text

    def spans(self, annotator: str) -> list[SpanView]:
        """This annotator's spans (a pipeline is an annotator too), in document order."""
        with self._store.reading() as reader:
            doc = reader.load(self.key, annotator)
        return [_span_view(span, doc, self._scheme) for span in doc.spans]


class Project:
    """An open project. Also a context manager."""

    def __init__(self, store: ProjectStore) -> None:
        self._store = store
        self._savers: list[Saver] = []
        self._searchers: list[Searcher] = []

    @classmethod
    def open(cls, location: str | Path, *, read_only: bool = False) -> Project:
        """Open a project file or URL. Raises a `UserError` when it is missing, locked, newer or no project."""
        return cls(ProjectStore.open(location, read_only=read_only))

    @classmethod
    def create(cls, location: str | Path, scheme: LabelScheme | str = "news") -> Project:
        """Make an empty project with a scheme (or the name or file of one). Raises a `UserError`."""
        return cls(ProjectStore.create(location, load_scheme(scheme) if isinstance(scheme, str) else scheme))

    @property
    def location(self) -> str:
        """The file or URL as given."""
        return str(self._store.location)

    @property
    def name(self) -> str:
        """A short name for titles: the file's name without its suffix."""
        return Path(self.location).stem

    def scheme(self) -> LabelScheme:
        """The label scheme as it is now."""
        with self._store.reading() as reader:
            return reader.scheme()

    def annotators(self) -> list[Annotator]:
        """Everybody with an annotation set, pipelines included."""
        with self._store.reading() as reader:
            return reader.annotators()

    def listing(
        self, annotator: str, query: str = "", statuses: Collection[Status] = (), *, only_assigned: bool = False
    ) -> list[DocumentRow]:
        """The documents as this annotator sees them: status, what is left to decide. Blind to others.

        ``only_assigned``: those in the annotator's queue; see `has_queue`.
        """
        with self._store.reading() as reader:
            return reader.listing(annotator, query=query, statuses=statuses, only_assigned=only_assigned)

    def has_queue(self, annotator: str) -> bool:
        """Whether documents are assigned to this annotator; to who has no queue every document is open."""
        with self._store.reading() as reader:
            return bool(reader.team().queue(annotator))

    def find_owner(self) -> str | None:
        """To whom this file was handed out, or None for a project of its own."""
        with self._store.reading() as reader:
            return reader.team().find_owner()

    def refuse_handed_out(self) -> None:
        """Raise a `UserError` if this file was handed out: then it has no team to lead."""
        from annotator.workflows.assigning import refuse_handed_out

        with self._store.reading() as reader:
            refuse_handed_out(reader)

    def assign(self, request: AssignRequest, *, is_dry_run: bool = False) -> Plan:
        """Assign documents to annotators, or only say how. See `annotator.workflows.assigning`."""
        from annotator.workflows.assigning import assign, preview_assignment

        return preview_assignment(self._store, request) if is_dry_run else assign(self._store, request)

    def work_done(self) -> list[WorkDone]:
        """How far every annotator is, and how long a document takes."""
        from annotator.workflows.assigning import work_done

        return work_done(self._store)

    def hand_out(self, annotator: str, out: Path, progress: Progress | None = None) -> HandoutReport:
        """Write an annotator's documents as a project of its own. See `annotator.workflows.handing_out`."""
        from annotator.workflows.handing_out import hand_out

        return hand_out(self._store, annotator, out, progress)

    def collect(self, files: Sequence[Path], progress: Progress | None = None) -> list[Collected]:
        """Take back what was labelled in files that were handed out. See `annotator.workflows.collecting`."""
        from annotator.workflows.collecting import collect

        return collect(self._store, files, progress)

    def review(self, request: AgreementRequest, progress: Progress | None = None) -> Review:
        """Agreement, and where annotators differ most. See `annotator.workflows.agreement_review`."""
        from annotator.workflows.agreement_review import review_agreement

        return review_agreement(self._store, request, progress)

    def adjudication(self, request: AdjudicationRequest) -> Adjudication:
        """The sets of several annotators, to be made gold. See `annotator.workflows.adjudicating`."""
        from annotator.workflows.adjudicating import Adjudication

        return Adjudication(self._store, request)

    def feedback(self, annotator: str, progress: Progress | None = None) -> Feedback:
        """Where an annotator differs from gold. See `annotator.workflows.feedback`."""
        from annotator.workflows.feedback import give_feedback

        return give_feedback(self._store, annotator, progress)

    def plant_errors(self, annotator: str, share: float, seed: int, progress: Progress | None = None) -> list[Plant]:
        """Make some suggestions wrong, unknown to the annotator. See `annotator.workflows.planting`."""
        from annotator.workflows.planting import plant_errors

        return plant_errors(self._store, annotator, share, seed, progress)

    def restore_errors(self, annotator: str, progress: Progress | None = None) -> Detection:
        """Take planted errors away; how many the annotator found. See `annotator.workflows.planting`."""
        from annotator.workflows.planting import restore_errors

        return restore_errors(self._store, annotator, progress)

    def measure_detection(self, annotator: str) -> Detection:
        """How many planted errors the annotator found so far."""
        from annotator.workflows.planting import measure_detection

        return measure_detection(self._store, annotator)

    def pace(self, annotator: str, left: int) -> Pace:
        """How fast the annotator gets on, in the local time zone; ``left``: the documents that are left."""
        with self._store.reading() as reader:
            times = [datetime.fromisoformat(at).astimezone() for at in reader.finished_at(annotator)]
        return pace_of(times, datetime.now().astimezone(), left)

    def documents(self, *, annotator: str = "", status: str | None = None) -> Iterator[DocumentView]:
        """Documents in order. ``status`` is that of ``annotator``, or of the only human annotator."""
        with self._store.reading() as reader:
            scheme = reader.scheme()
            whose = annotator or only_human(reader.annotators())
            rows = reader.listing(whose, statuses=(Status(status),) if status else ())
        for row in rows:
            yield DocumentView(self._store, scheme, row.key, row)

    def load(self, key: int, annotator: str) -> AnnotatedDocument:
        """The document as the annotator would see it on opening it."""
        with self._store.reading() as reader:
            return load_for_annotator(reader, key, annotator)[0]

    def stats(self) -> ProjectStats:
        """Documents by status, spans by label and annotator."""
        with self._store.reading() as reader:
            return reader.stats()

    def check(self) -> list[Problem]:
        """Everything that is wrong with the file or a span; empty when all is well."""
        with self._store.reading() as reader:
            return reader.problems()

    def repair(self, problems: Collection[Problem]) -> list[str]:
        """Mend what can be mended; says what was done. Back up first (`back_up`)."""
        with self._store.writing() as unit:
            return unit.repair(list(problems))

    def take_back(self, rescue: Path) -> TakenBack:
        """Take edits back from a rescue file. See `annotator.workflows.rescue`."""
        from annotator.workflows.rescue import take_back

        return take_back(self._store, rescue)

    def back_up(self, target: Path) -> None:
        """Copy the project, whole and consistent, while it is in use."""
        self._store.back_up(target)

    def session(self, annotator: str) -> AnnotationSession:
        """Begin to annotate: edits are applied at once and written in order by a thread of their own."""
        saver = Saver(self._store)
        self._savers.append(saver)
        return AnnotationSession(self._store, saver, annotator)

    def memory(self, annotator: str) -> CorpusMemory:
        """How this annotator labelled strings so far. See `annotator.workflows.memory`."""
        from annotator.workflows.memory import CorpusMemory

        return CorpusMemory(self._store, annotator)

    def corpus_search(self, annotator: str, offer: Offer, *, but: int) -> CorpusSearch:
        """Where a label could be propagated to, in every document but one. See `annotator.workflows.propagating`."""
        from annotator.workflows.propagating import CorpusSearch

        return CorpusSearch(self._store, annotator, self.scheme(), offer, but=but)

    def searcher(self, annotator: str) -> Searcher:
        """What searches the corpus as this annotator sees it; it ends with the project."""
        from annotator.workflows.searching import Searcher

        self._searchers.append(Searcher(self._store, annotator))
        return self._searchers[-1]

    def doubts(
        self, memory: CorpusMemory, key: int, doc: AnnotatedDocument, dismissed: Collection[tuple[int, int]] = ()
    ) -> DoubtFinder:
        """What in an open document most likely needs a decision. See `annotator.workflows.doubting`."""
        from annotator.workflows.doubting import DoubtFinder

        return DoubtFinder(self._store, memory, key, doc, dismissed)

    def measure_agreement(self, request: AgreementRequest, progress: Progress | None = None) -> AgreementReport:
        """How far annotators agree. See `annotator.workflows.agreeing`."""
        from annotator.workflows.agreeing import measure_agreement

        return measure_agreement(self._store, request, progress)

    def find_inconsistencies(
        self, annotator: str, progress: Progress | None = None, *, with_suggestions: bool = False
    ) -> tuple[Entry, ...]:
        """What contradicts itself in the annotator's spans. See `annotator.workflows.inbox`."""
        from annotator.workflows.inbox import find_inconsistencies

        return find_inconsistencies(self._store, annotator, progress or Silent(), with_suggestions=with_suggestions)

    def dismissals(self, annotator: str) -> Dismissals:
        """Which inconsistencies this annotator said are right. See `annotator.workflows.dismissing`."""
        from annotator.workflows.dismissing import Dismissals

        return Dismissals(self._store, annotator)

    def operations(self, limit: int = 100) -> list[Operation]:
        """The newest operations over many documents or the scheme, the newest first."""
        with self._store.reading() as reader:
            return reader.last_operations(limit)

    def operation_size(self, operation_id: int) -> int:
        """How many documents an operation changed."""
        with self._store.reading() as reader:
            return len({key for key, _ in reader.entries_of(operation_id)})

    def undone(self, annotator: str, steps: Collection[Step]) -> set[Step]:
        """Those of the annotator's steps of undo that were taken back and not made again since."""
        with self._store.reading() as reader:
            return reader.undone(annotator, steps)

    def scheme_desk(self, annotator: str) -> SchemeDesk:
        """What an editor of the scheme asks: counts, previews, what a split left to decide."""
        from annotator.workflows.scheme_editing import SchemeDesk

        return SchemeDesk(self._store, annotator)

    def import_documents(self, request: ImportRequest, progress: Progress | None = None) -> ImportReport:
        """Import files. See `annotator.workflows.importing`."""
        from annotator.workflows.importing import import_documents

        return import_documents(self._store, request, progress)

    def suggest(self, request: SuggestRequest, progress: Progress | None = None) -> SuggestReport:
        """Let a pipeline suggest spans. See `annotator.workflows.suggesting`."""
        from annotator.workflows.suggesting import suggest

        return suggest(self._store, request, progress)

    def accept(self, annotator: str, *, min_score: float = 0.0, progress: Progress | None = None) -> AcceptReport:
        """Accept suggestions as this annotator's spans."""
        from annotator.workflows.suggesting import accept

        return accept(self._store, annotator, min_score=min_score, progress=progress)

    def export(self, request: ExportRequest, progress: Progress | None = None) -> ExportReport:
        """Write training data. See `annotator.workflows.exporting`."""
        from annotator.workflows.exporting import export

        return export(self._store, self.name, request, progress)

    @property
    def guidelines(self) -> Guidelines:
        """The guideline with its examples. See `annotator.workflows.guidelines`."""
        from annotator.workflows.guidelines import Guidelines

        return Guidelines(self._store)

    def history(self, key: int, annotator: str, earlier: SetHistory | None = None) -> SetHistory:
        """Every moment of an annotator's set. See `annotator.workflows.history`."""
        from annotator.workflows.history import load_history

        return load_history(self._store, key, annotator, earlier=earlier)

    def long_history(self, key: int, annotator: str, progress: Progress) -> SetHistory:
        """`history` with all that takes time done at once."""
        from annotator.workflows.history import load_long_history

        return load_long_history(self._store, key, annotator, progress)

    def history_rows(self, key: int, annotator: str) -> int:
        """How many rows the journal of an annotator's set has."""
        from annotator.workflows.history import count_rows

        return count_rows(self._store, key, annotator)

    def visible_set(self, key: int, other: VisibleSet, ours: AnnotatedDocument) -> AnnotatedDocument:
        """Another annotator's set, to be compared with ``ours``."""
        from annotator.workflows.history import load_visible_set

        return load_visible_set(self._store, key, other, ours)

    def close(self) -> None:
        """Write what is waiting and close the file."""
        for saver in self._savers:
            saver.close()
        for searcher in self._searchers:
            searcher.close()
        self._savers.clear()
        self._store.close()

    def __enter__(self) -> Project:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def only_human(annotators: Collection[Annotator]) -> str:
    """The name of the only human annotator, or an empty string when there are none or several."""
    humans = [annotator.name for annotator in annotators if annotator.kind == "human"]
    return humans[0] if len(humans) == 1 else ""


def _span_view(span: Span, doc: AnnotatedDocument, scheme: LabelScheme) -> SpanView:
    return SpanView(
        id=span.id,
        start=span.start,
        end=span.end,
        label=scheme.name_of(span.label, span.layer),
        layer=span.layer,
        text=doc.document.text[span.start : span.end],
        origin=span.origin.value,
        is_decided=span.decided,
        score=span.score,
        pipeline=span.pipeline,
        attributes=span.attributes,
        note=span.note,
    )
