"""File formats: bytes <-> domain values. No database, no Qt, no workflows; spaCy only inside `docbin`."""
