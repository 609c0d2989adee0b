"""Pure values and rules of annotation: no I/O, clock, randomness, Qt, SQL or spaCy."""
