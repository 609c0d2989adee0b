"""What UIMA, DKPro Core and INCEpTION call things, and what Annotator makes of these names. Pure.

A layer is the short name of its type (`NamedEntity` is the first layer, "entities"). A label is the value of a feature
called ``value``, ``label``, ``PosValue`` or ``DependencyType``, else of the first feature that is a string and no free
text, else the short name of the type.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable

from annotator.domain.spans import DEFAULT_LAYER

DKPRO = "de.tudarmstadt.ukp.dkpro.core.api."
TOKEN = DKPRO + "segmentation.type.Token"
SENTENCE = DKPRO + "segmentation.type.Sentence"
ENTITY = DKPRO + "ner.type.NamedEntity"
META_DATA = DKPRO + "metadata.type.DocumentMetaData"
CAS_META_DATA = "de.tudarmstadt.ukp.clarin.webanno.api.type.CASMetadata"
META_DATA_FEATURES = ("documentTitle", "documentId", "documentUri", "collectionId", "documentBaseUri", "isLastSegment")
CAS_META_DATA_FEATURES = ("username", "projectName", "sourceDocumentName", "projectId", "sourceDocumentId")
META_FIELD = DKPRO + "metadata.type.MetaDataStringField"
TAGSET = DKPRO + "metadata.type.TagsetDescription"
ANNOTATION = "uima.tcas.Annotation"
DOCUMENT_ANNOTATION = "uima.tcas.DocumentAnnotation"
OWN = "annotator.custom."
OWN_DOCUMENT = OWN + "Document"
OWN_RELATION = OWN + "Relation"
OWN_DATA = "annotatorData"
"""The feature in which Annotator writes, as JSON, what the other features of an annotation cannot hold exactly."""
TYPE_SYSTEM = re.compile(r"type[-_. ]?system.*\.xml(\.gz|\.xz)?\Z", re.IGNORECASE)
"""What a type system is called that lies beside XMI files."""
PROJECT_FILE = re.compile(r"(\A|/)exportedproject[^/]*\.json\Z")
INITIAL_VIEW = "_InitialView"
NO_LANGUAGE = "x-unspecified"

TOKEN_LAYER = "tokens"
TOKEN_LABEL = "Token"

BASES = {
    ENTITY: DEFAULT_LAYER,
    DKPRO + "lexmorph.type.pos.POS": "POS",
    DKPRO + "syntax.type.dependency.Dependency": "Dependency",
    DKPRO + "syntax.type.chunk.Chunk": "Chunk",
    DKPRO + "syntax.type.constituent.Constituent": "Constituent",
}
"""Types whose subtypes are labels of the same layer."""

TOKEN_NAMES = frozenset({"Token", "TokenAnnotation"})
SENTENCE_NAMES = frozenset({"Sentence", "SentenceAnnotation"})
FREE_TEXT_LAYERS = frozenset({"Lemma", "Stem", "SurfaceForm", "TokenForm", "MorphologicalFeatures"})
"""Layers whose value is as good as any text: it is an attribute, not the label."""

LABEL_FEATURES = (
    "value",
    "label",
    "posvalue",
    "dependencytype",
    "referencetype",
    "category",
    "tag",
    "pos",
    "class",
    "kind",
)
FREE_TEXT = frozenset({"id", "identifier", "note", "comment", "description", "text", "uri", "form", "lemma", "name"})
PAIRS = (("governor", "dependent"), ("source", "target"), ("head", "child"), ("from", "to"), ("arg1", "arg2"))
"""Features of a relation, as head and child."""

_RESERVED = frozenset({"begin", "end", "sofa", "self", "type", "value", "note", "governor", "dependent", "xmiid"})
_IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_NOT_IDENTIFIER = re.compile(r"[^A-Za-z0-9_]+")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_UTF8 = re.compile("[\ud800-\udfff]")
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"{one}{number}" for one in ("COM", "LPT") for number in range(10))}
)
REPLACEMENT = "\ufffd"


def short(type_name: str) -> str:
    """The last part of a type's name."""
    return type_name.rpartition(".")[2]


def layer_type(layer: str) -> str:
    """The type that is written for a layer."""
    if layer == DEFAULT_LAYER:
        return ENTITY
    name = _NOT_IDENTIFIER.sub("_", layer).strip("_") or "Layer"
    name = name if name[0].isalpha() else f"Layer_{name}"
    return OWN + (f"{name}Layer" if OWN + name in (OWN_DOCUMENT, OWN_RELATION) else name)


def is_feature_name(name: str) -> bool:
    """Whether an attribute can be a feature of its own."""
    is_taken = name.casefold() in _RESERVED or name == OWN_DATA or keyword.iskeyword(name)
    return not is_taken and _IDENTIFIER.match(name) is not None


def is_type_name(name: str) -> bool:
    """Whether a type can be called so."""
    return all(_IDENTIFIER.match(part) and not keyword.iskeyword(part) for part in name.split("."))


def in_xml(text: str) -> str:
    """``text`` with what XML cannot hold replaced, one character for one."""
    return _NOT_XML.sub(REPLACEMENT, text)


def in_json(text: str) -> str:
    """``text`` with lone surrogates replaced, one character for one."""
    return _NOT_UTF8.sub(REPLACEMENT, text)


def file_name_maker() -> Callable[[str, str], str]:
    """Makes file names without suffix of document ids and annotators, none twice, the same every time."""
    taken: set[str] = set()

    def name_of(document: str, annotator: str) -> str:
        name = _file_name(document) or f"document-{len(taken) + 1}"
        if name.casefold() in taken and annotator:
            name = f"{name}.{_file_name(annotator) or len(taken) + 1}"
        if name.casefold() in taken:
            name = f"{name}-{len(taken) + 1}"
        while name.casefold() in taken:
            name += "_"
        taken.add(name.casefold())
        return name

    return name_of


def _file_name(text: str) -> str:
    name = re.sub(r"[^\w.+@-]+", "_", text).strip("._")[:80]
    return f"{name}_" if name.partition(".")[0].upper() in _DEVICES else name
