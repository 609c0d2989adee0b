"""Faults a person can mend: what went wrong, where, and what to do about it."""

from __future__ import annotations


class UserError(Exception):
    """A fault to be told to the person in one sentence.

    ``what`` says what could not be done, ``where`` names the file, line or document, ``remedy`` says what to
    do. ``str()`` joins them into the one sentence that command line and window show.
    """

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what, where, remedy)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        return f"{sentence}; {self.remedy}." if self.remedy else f"{sentence}."


class SpanOutsideText(UserError):
    """A span whose offsets do not lie within the text, or that is empty."""


class UnknownSpan(UserError):
    """An edit names a span or relation that the document does not have."""


class ConstraintBroken(UserError):
    """The label scheme does not allow this edit."""


class UnknownLabel(UserError):
    """A label that the scheme does not have."""


class SchemeInvalid(UserError):
    """A label scheme that contradicts itself or cannot be read."""


class SurfaceChanged(UserError):
    """The text stored with a span is not the text at its offsets."""
