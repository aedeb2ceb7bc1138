"""Amazon Machine Learning: bring a table, get a model."""

from honmono.services.machinelearning.service import MachineLearning

__all__ = ["MachineLearning"]
