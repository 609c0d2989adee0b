"""GATE XML."""

FORMATS = ()
