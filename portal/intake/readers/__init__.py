"""Files from other offices, read as rows of cells: what a file is is found by its content, never by its name."""
