"""Label schemes as TOML files: the shipped ones and a person's own."""

from __future__ import annotations

import tomllib
from pathlib import Path

from annotator.domain.errors import SchemeInvalid
from annotator.domain.labels import LabelScheme
from annotator.domain.scheme_plain import scheme_from_plain
from annotator.domain.scheme_toml import scheme_to_toml
from annotator.resources import resource_path

DEFAULT_SCHEME = "news"


def shipped_schemes() -> list[LabelScheme]:
    """The schemes in ``resources/schemes``, by name."""
    return [_read(path) for path in sorted(resource_path("schemes").glob("*.toml"))]


def load_scheme(name_or_file: str = DEFAULT_SCHEME) -> LabelScheme:
    """A shipped scheme by name, or a scheme from a TOML file. Raises `SchemeInvalid`."""
    path = Path(name_or_file)
    if path.suffix == ".toml" or path.is_file():
        return _read(path)
    shipped = resource_path("schemes", f"{name_or_file}.toml")
    if not shipped.is_file():
        names = ", ".join(scheme.name for scheme in shipped_schemes())
        raise SchemeInvalid(
            f"there is no scheme {name_or_file!r}", remedy=f"use one of {names}, or the path of a TOML file"
        )
    return _read(shipped)


def save_scheme(scheme: LabelScheme, path: Path) -> None:
    """Write a scheme as a TOML file that `load_scheme` reads back. Raises `SchemeInvalid` when it cannot be written."""
    waiting = path.with_name(f".{path.name}.new")
    try:
        waiting.write_text(scheme_to_toml(scheme), encoding="utf-8", newline="\n")
        waiting.replace(path)
    except (OSError, UnicodeEncodeError) as fault:
        waiting.unlink(missing_ok=True)
        reason = fault.strerror if isinstance(fault, OSError) else "a name holds half a character"
        raise SchemeInvalid(
            f"the scheme cannot be written ({reason})", where=str(path), remedy="choose another file"
        ) from fault


def _read(path: Path) -> LabelScheme:
    try:
        plain = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise SchemeInvalid(
            f"the scheme cannot be read ({fault.strerror})", where=str(path), remedy="check the path"
        ) from fault
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SchemeInvalid(
            f"the scheme is not valid TOML ({fault})", where=str(path), remedy="mend that line"
        ) from fault
    try:
        return scheme_from_plain(plain)
    except SchemeInvalid as fault:
        raise SchemeInvalid(fault.what, where=f"{path} {fault.where}".strip(), remedy=fault.remedy) from fault
