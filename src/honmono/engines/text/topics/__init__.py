"""What a collection of documents is about: topics, without anybody having labelled anything."""
