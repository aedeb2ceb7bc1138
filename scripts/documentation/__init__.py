"""What writes the parts of the pages that are facts: tables from the code, pictures from real answers."""
