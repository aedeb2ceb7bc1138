"""How far predicted numbers are from the true ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from honmono.evaluation.arrays import numbers, same_length


@dataclass(frozen=True, slots=True)
class RegressionScores:
    """What there is to say about predicted numbers.

    Attributes:
        cases: how many there are.
        rmse: √ of the mean squared error, in the unit of the numbers; large errors count more.
        mae: the mean absolute error, in the unit of the numbers.
        rmae: √ of the mean absolute error.
        mape: the mean of |error| / |truth|, 1 for 100 %; None where a true value is 0.
        r2: 1 - squared errors / squared distances to the mean of the truth; 1 is best, 0 is always saying that mean,
        below 0 is worse than that. None where all true values are equal.
        bias: the mean of predicted minus true.
    """

    cases: int
    rmse: float
    mae: float
    rmae: float
    mape: float | None
    r2: float | None
    bias: float


def regression_scores(truth: ArrayLike, predicted: ArrayLike) -> RegressionScores:
    """Compare.

    Raises NotMeasurable: columns of different lengths, no cases, a NaN or an infinity.
    """
    true, said = numbers(truth, "truth"), numbers(predicted, "predictions")
    cases = same_length(truth=true, predictions=said)
    error = said - true
    mae = float(np.abs(error).mean())
    spread = float(((true - true.mean()) ** 2).sum())
    return RegressionScores(
        cases=cases,
        rmse=float(np.sqrt((error**2).mean())),
        mae=mae,
        rmae=float(np.sqrt(mae)),
        mape=float((np.abs(error) / np.abs(true)).mean()) if (true != 0).all() else None,
        r2=1 - float((error**2).sum()) / spread if spread > 0 else None,
        bias=float(error.mean()),
    )
