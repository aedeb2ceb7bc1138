"""How far predicted numbers are from the true ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from honmono.evaluation.arrays import Floats, NotMeasurable, numbers, same_length


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


@dataclass(frozen=True, slots=True)
class Residuals:
    """How true minus predicted is spread: what a regression has not explained.

    Attributes:
        quantiles: the residual below which 5, 25, 50, 75 and 95 % of all lie.
        edges, counts: a histogram with bins of equal width, from the least to the greatest residual.
        predicted, mean: of cases in groups of equal size by their prediction, the mean prediction and the mean residual.
        Where the means are not near 0 the model is off there: it bends where the truth does not, or the other way round.
    """

    quantiles: tuple[float, ...]
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    predicted: tuple[float, ...]
    mean: tuple[float, ...]


def residuals(truth: ArrayLike, predicted: ArrayLike, *, bins: int = 20, groups: int = 10) -> Residuals:
    """Compare.

    Raises NotMeasurable: columns of different lengths, no cases, a NaN or an infinity, fewer than one bin or group.
    """
    true, said = numbers(truth, "truth"), numbers(predicted, "predictions")
    cases = same_length(truth=true, predictions=said)
    if bins < 1 or groups < 1:
        raise NotMeasurable(f"{bins} bins and {groups} groups: give 1 or more of each")
    left: Floats = true - said
    counts, edges = np.histogram(left, bins=bins)
    order = np.argsort(said, kind="stable")
    parts = np.array_split(order, min(groups, cases))
    return Residuals(
        tuple(np.quantile(left, (0.05, 0.25, 0.5, 0.75, 0.95)).tolist()),
        tuple(edges.tolist()),
        tuple(counts.tolist()),
        tuple(float(said[part].mean()) for part in parts),
        tuple(float(left[part].mean()) for part in parts),
    )
