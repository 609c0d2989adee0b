"""What files become documents, what becomes of documents in files, and what is refused or lost on the way."""
