"""What stands on the pages of a document and how it belongs together: words, lines, tables."""
