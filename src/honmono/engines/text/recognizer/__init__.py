"""Find entities of one's own types: train on marked texts, keep the model as plain files, ask it.

    trained = train(learn, validate, types=("PRODUCT",), states=States.from_cache(cache))
    trained.save(folder)
    Model.load(folder).find(["The AX-12 is back in stock."], states)

A linear-chain conditional random field over words (in Japanese: characters) whose features are the words themselves and,
where the weights are there, what a multilingual encoder makes of them. `training` says how it is fitted.
"""
