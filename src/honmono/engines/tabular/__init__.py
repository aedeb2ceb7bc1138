"""Tables: from a CSV file with a schema and a recipe to a linear model, its predictions and its measures.

It knows no AWS and runs alone:

    from pathlib import Path

    from honmono.engines.tabular.schema import Schema
    from honmono.engines.tabular.source import source_of
    from honmono.engines.tabular.training import Parameters, train

    schema = Schema.parse(Path("bank.schema").read_text())
    model = train(source_of([Path("bank.csv")], schema), "BINARY", Parameters(passes=20))
    model.predict([{"age": "41", "job": "admin."}])

The method is Amazon Machine Learning's: variables become sparse features by a recipe, and a linear model is trained on
them by stochastic gradient descent over as many passes as asked, in memory that does not grow with the data.
"""
