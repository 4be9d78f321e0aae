"""How much of a document is taken: apart from the code that opens it, for pages that only tell of it."""

MOST_PAGES = 60
