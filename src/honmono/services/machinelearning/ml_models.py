"""Models: trained by a job on a data source."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from honmono.engines.tabular.errors import RecipeInvalid, SchemaInvalid
from honmono.engines.tabular.schema import Kind, Schema, check_target
from honmono.jobs import Limits
from honmono.services.machinelearning import lifecycle
from honmono.services.machinelearning.data_spec import read_text
from honmono.services.machinelearning.endpoint_info import endpoint_info
from honmono.services.machinelearning.listing import Listing, listed
from honmono.services.machinelearning.logs import log_uri
from honmono.services.machinelearning.model_job import KIND
from honmono.services.machinelearning.observed import payload_of
from honmono.services.machinelearning.part import DATA_SOURCE, MODEL, Answer, Part, Request, find, invalid, scope_of
from honmono.services.platform import Platform
from honmono.store import clock
from honmono.store.records import Record
from honmono.wire.service import Context

THRESHOLD = 0.5
_RECIPE_BYTES = 131_071
_PARAMETERS = {
    "sgd.maxMLModelSizeInBytes": "33554432",
    "sgd.maxPasses": "10",
    "sgd.shuffleType": "none",
    "sgd.l1RegularizationAmount": "",
    "sgd.l2RegularizationAmount": "",
}
"""AWS's training parameters with their defaults."""
_ALGORITHM = "algorithm"


def _payload(_: Platform, record: Record, needs: Mapping[str, Record]) -> dict[str, Any]:
    body = record.body
    return {
        "data": payload_of(needs["TrainingDataSourceId"].body),
        "kind": body["Request"]["MLModelType"],
        "parameters": engine_parameters(body["Parameters"]),
        "recipe": body.get("Recipe"),
    }


def _limits(record: Record) -> Limits:
    size = engine_parameters(record.body["Parameters"])["max_bytes"]
    return Limits(memory_bytes=(768 << 20) + 6 * size)


MODELS = lifecycle.register(lifecycle.Work(MODEL, KIND, {"TrainingDataSourceId": DATA_SOURCE}, _payload, _limits))


class MLModels(Part):
    """Create, Get, Describe, Update and Delete."""

    def create_ml_model(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start the training; GetMLModel tells how it goes."""
        from honmono.engines.tabular.recipe import resolve  # NumPy comes with it

        parameters = {**request.get("Parameters", {})}
        engine_parameters(parameters)
        needs = lifecycle.check_needs(self.platform, ctx, MODELS, request)
        source = needs["TrainingDataSourceId"].body
        if not source["Statistics"]:
            raise invalid(
                f"The DataSource {request['TrainingDataSourceId']} has no statistics: create it with ComputeStatistics true."
            )
        schema = Schema.parse(source["Schema"])
        try:
            check_target(schema, Kind(request["MLModelType"]))
        except SchemaInvalid as error:
            raise invalid(str(error)) from error
        body: dict[str, Any] = {
            "Parameters": parameters,
            "Location": source["Location"],
            "Schema": source["Schema"],
            "Threshold": THRESHOLD,
        }
        if "MLModelName" in request:
            body["Name"] = request["MLModelName"]
        recipe = _recipe(request, ctx)
        if recipe is not None:
            body["Recipe"] = recipe
            try:
                resolve(recipe, schema)
            except RecipeInvalid as error:
                raise invalid(str(error)) from error
        lifecycle.create(self.platform, ctx, MODELS, request, request["MLModelId"], body)
        return {"MLModelId": request["MLModelId"]}

    def get_ml_model(self, request: Request, ctx: Context) -> Answer:
        """How a model stands; with Verbose its recipe and schema too."""
        record = find(self.platform, scope_of(ctx), MODEL, request["MLModelId"])
        shown = described(self.platform, record) | log_uri(self.platform, self.logs, ctx, record)
        shown.pop("Algorithm")  # only Describe has it
        shown["EndpointInfo"] = endpoint_info(record, ctx)
        if request.get("Verbose"):
            recipe = record.body.get("Recipe") or record.body.get("Result", {}).get("recipe")
            shown |= {"Schema": record.body["Schema"]} | ({"Recipe": recipe} if recipe else {})
        return shown

    def describe_ml_models(self, request: Request, ctx: Context) -> Answer:
        """Those that fit the filter."""
        return listed(self.platform, ctx, _listing(ctx), request)

    def update_ml_model(self, request: Request, ctx: Context) -> Answer:
        """Give a model another name or another score threshold."""
        name, changes = request["MLModelId"], {}
        if "MLModelName" in request:
            changes["Name"] = request["MLModelName"]
        if "ScoreThreshold" in request:
            threshold = request["ScoreThreshold"]
            record = find(self.platform, scope_of(ctx), MODEL, name)
            if record.body["Request"]["MLModelType"] != Kind.BINARY:
                raise invalid("ScoreThreshold is for models of the type BINARY.")
            if not 0 <= threshold <= 1:
                raise invalid(f"ScoreThreshold is {threshold}, not a number from 0 to 1.")
            changes |= {"Threshold": threshold, "ThresholdUpdated": clock.now()}
        lifecycle.rename(self.platform, ctx, MODEL, name, changes)
        return {"MLModelId": name}

    def delete_ml_model(self, request: Request, ctx: Context) -> Answer:
        """Mark a model as deleted, with its endpoint."""
        lifecycle.delete(self.platform, ctx, MODEL, request["MLModelId"])
        return {"MLModelId": request["MLModelId"]}


def described(platform: Platform, record: Record) -> Answer:
    """A model as Get and Describe tell it, without its endpoint."""
    body = record.body
    shown = lifecycle.described(platform, record, "MLModelId")
    shown |= {
        "TrainingDataSourceId": body["Request"]["TrainingDataSourceId"],
        "TrainingParameters": {name: value for name, value in {**_PARAMETERS, **body["Parameters"]}.items() if value},
        "InputDataLocationS3": body["Location"],
        "Algorithm": "sgd",
        "MLModelType": body["Request"]["MLModelType"],
    }
    if "SizeInBytes" in body.get("Result", {}):
        shown["SizeInBytes"] = body["Result"]["SizeInBytes"]
    if shown["MLModelType"] == Kind.BINARY:
        shown["ScoreThreshold"] = body["Threshold"]
    if "ThresholdUpdated" in body:
        shown["ScoreThresholdLastUpdatedAt"] = clock.moment(body["ThresholdUpdated"])
    return shown


def engine_parameters(given: Mapping[str, str]) -> dict[str, Any]:
    """AWS's training parameters as the engine's.

    Raises ServiceError InvalidInputException: one is not known, or has a value that it cannot have.
    """
    if strange := sorted(set(given) - {*_PARAMETERS, _ALGORITHM}):
        raise invalid(f"Parameters: '{strange[0]}' is not known; there are {', '.join(_PARAMETERS)}.")
    if given.get(_ALGORITHM, "sgd") != "sgd":
        raise invalid("Parameters: algorithm is sgd.")
    if given.get("sgd.l1RegularizationAmount") and given.get("sgd.l2RegularizationAmount"):
        raise invalid("Parameters: sgd.l1RegularizationAmount and sgd.l2RegularizationAmount exclude each other.")
    shuffle = given.get("sgd.shuffleType", "none")
    if shuffle not in ("auto", "none"):
        raise invalid(f"Parameters: sgd.shuffleType is auto or none, not {shuffle[:60]!r}.")
    return {
        "max_bytes": _whole(given, "sgd.maxMLModelSizeInBytes", 100_000, 2_147_483_648),
        "passes": _whole(given, "sgd.maxPasses", 1, 10_000),
        "shuffle": shuffle == "auto",
        "l1": _amount(given, "sgd.l1RegularizationAmount"),
        "l2": _amount(given, "sgd.l2RegularizationAmount"),
    }


def _whole(given: Mapping[str, str], name: str, low: int, high: int) -> int:
    text = given.get(name, _PARAMETERS[name])
    if not (text.isascii() and text.isdecimal() and len(text) <= 12 and low <= int(text) <= high):
        raise invalid(f"Parameters: {name} is a whole number from {low} to {high}, not {text[:60]!r}.")
    return int(text)


def _amount(given: Mapping[str, str], name: str) -> float | None:
    text = given.get(name, "")
    if not text:
        return None
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not (0 <= amount < math.inf):
        raise invalid(f"Parameters: {name} is a number from 0, not {text[:60]!r}.")
    return amount


def _recipe(request: Request, ctx: Context) -> str | None:
    if "Recipe" in request and "RecipeUri" in request:
        raise invalid("Give either Recipe or RecipeUri, and not both.")
    if "RecipeUri" in request:
        return read_text(ctx, request["RecipeUri"], "RecipeUri", _RECIPE_BYTES)
    return request.get("Recipe")


def _listing(ctx: Context) -> Listing:
    def with_endpoint(platform: Platform, record: Record) -> Answer:
        return described(platform, record) | {"EndpointInfo": endpoint_info(record, ctx)}

    return Listing(
        MODEL,
        with_endpoint,
        {
            "CreatedAt": lambda shown: shown["CreatedAt"],
            "LastUpdatedAt": lambda shown: shown["LastUpdatedAt"],
            "Status": lambda shown: shown["Status"],
            "Name": lambda shown: shown.get("Name", ""),
            "IAMUser": lambda shown: shown["CreatedByIamUser"],
            "TrainingDataSourceId": lambda shown: shown["TrainingDataSourceId"],
            "RealtimeEndpointStatus": lambda shown: shown["EndpointInfo"]["EndpointStatus"],
            "MLModelType": lambda shown: shown["MLModelType"],
            "Algorithm": lambda shown: shown["Algorithm"],
            "TrainingDataURI": lambda shown: shown["InputDataLocationS3"],
        },
    )
