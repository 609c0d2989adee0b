"""The page on which annotators' differences are decided."""
