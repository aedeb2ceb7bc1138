"""One package for each AWS service: thin translations between AWS's words and the engines."""
