"""The time machine: a full page on which the past of the open document is looked at and brought back."""
