"""How often each class of rule is right: the scores."""

SCORES: dict[str, float] = {
    "checksum": 0.99,
    "secret": 0.99,
    "internet": 0.99,
    "label": 0.98,
    "structure": 0.97,
    "phone": 0.96,
    "date": 0.95,
    "address": 0.96,
    "name-label": 0.97,
    "name-title": 0.95,
    "name-known": 0.95,
    "name-likely": 0.85,
    "name-given": 0.8,
    "finder": 0.7,
}
