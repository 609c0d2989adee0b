"""Guidelines in the window: beside the text, with pinned examples, and a page on which they are written."""
