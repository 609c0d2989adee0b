"""UIMA's CAS, as DKPro Core, INCEpTION and WebAnno have it: XMI, JSON, and whole projects of INCEpTION."""

from __future__ import annotations

import zipfile

from annotator.formats.shapes import FolderWriter, Format, Reader, Source
from annotator.formats.uima.names import PROJECT_FILE, TYPE_SYSTEM

EXTRA = "uima"
LOSES = ("Tokens that are white space are not written.",)


def _xmi_reader() -> Reader:
    from annotator.formats.uima.loading import from_xmi
    from annotator.formats.uima.reader import CasReader

    return CasReader(from_xmi)


def _json_reader() -> Reader:
    from annotator.formats.uima.loading import from_json
    from annotator.formats.uima.reader import CasReader

    return CasReader(from_json)


def _xmi_writer() -> FolderWriter:
    from annotator.formats.uima.writer import XmiWriter

    return XmiWriter()


def _json_writer() -> FolderWriter:
    from annotator.formats.uima.writer import CasJsonWriter

    return CasJsonWriter()


def _is_xmi(_source: Source, head: bytes) -> int:
    return 3 if b"www.omg.org/XMI" in head else 1


def _is_cas_json(_source: Source, head: bytes) -> int:
    return 5 if any(one in head for one in (b'"%TYPES"', b'"%FEATURE_STRUCTURES"', b'"%VIEWS"')) else 0


def _is_type_system(source: Source) -> bool:
    return TYPE_SYSTEM.search(source.name) is not None


def _project_reader() -> Reader:
    import cassis  # noqa: F401  # the files inside need it

    from annotator.formats.uima.inception import InceptionReader

    return InceptionReader()


def _is_project(source: Source, head: bytes) -> int:
    """A zip archive with the description of a project."""
    if not head.startswith(b"PK"):
        return 0
    try:
        with source.open() as file, zipfile.ZipFile(file) as archive:
            return 5 if any(PROJECT_FILE.search(name) for name in archive.namelist()) else 0
    except (zipfile.BadZipFile, OSError, ValueError):
        return 0


def _describes_project(source: Source) -> bool:
    return PROJECT_FILE.search(source.name) is not None


FORMATS = (
    Format(
        "xmi",
        "UIMA CAS XMI (DKPro Core, INCEpTION, WebAnno)",
        (".xmi",),
        make_reader=_xmi_reader,
        make_writer=_xmi_writer,
        loses=LOSES,
        recognises=_is_xmi,
        belongs=_is_type_system,
        is_folder=True,
        extra=EXTRA,
    ),
    Format(
        "cas-json",
        "UIMA CAS JSON 0.4 (INCEpTION)",
        (".json",),
        make_reader=_json_reader,
        make_writer=_json_writer,
        loses=LOSES,
        recognises=_is_cas_json,
        is_folder=True,
        extra=EXTRA,
    ),
    Format(
        "inception",
        "INCEpTION or WebAnno project (.zip)",
        (".zip",),
        make_reader=_project_reader,
        recognises=_is_project,
        belongs=_describes_project,
        extra=EXTRA,
    ),
)
