"""The article: blocks laid out on demand, spans as boxes over them. Knows domain values and Qt only."""
