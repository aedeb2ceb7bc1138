"""Models that are trained here on a customer's pictures: labels of whole pictures, and objects with their boxes."""
