"""The columns beside the article and the line under it."""
