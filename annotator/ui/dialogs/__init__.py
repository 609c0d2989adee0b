"""Dialogs and pages for one decision each. They take plain values and callables and give frozen requests."""
