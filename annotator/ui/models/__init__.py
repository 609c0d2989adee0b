"""Rows for list views: values in, no widget, nothing read back out."""
