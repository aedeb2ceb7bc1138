"""How good is it? Splits, measures, intervals, calibration and pictures for whatever learns here.

This package knows no AWS and no engine: it takes what is true and what was answered, as plain columns. A notebook uses
it as the services do:

    from honmono.evaluation.classification import Confusion

    table = Confusion.of(["cat", "cat", "dog"], ["cat", "dog", "dog"])
    table.accuracy, table.average("macro").f1

`splits` and `copies` part the data, `classification`, `multilabel`, `scores`, `regression`, `spans` and `ranking`
measure, `intervals` says how far a figure can be trusted and whether two classifiers differ, `calibration` makes scores
mean what they say, `pictures` draws, `report` writes it all down. NumPy is needed, nothing else.
"""
