"""Classify documents with labels of one's own: train on examples, keep the model as plain files, ask it.

    trained = train(documents, mode="MULTI_CLASS", encoder=Encoder.from_cache(cache))
    trained.model.save(folder)
    Model.load(folder).probabilities(["I was charged twice."], encode)

Few examples are read by a multilingual encoder beside their words; many by their words alone. `training` says when.
"""
