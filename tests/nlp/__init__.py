"""Real pipelines in real worker processes."""
