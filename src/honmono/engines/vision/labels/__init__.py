"""What a picture shows: labels for the whole, boxes of things, how they stand to each other, its colours."""
