"""One module a revision, oldest first. A revision never changes once it is released."""
