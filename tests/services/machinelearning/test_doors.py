"""What is refused at the door, and what is kept, listed and tagged. No job is waited for."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.services.machinelearning.banking import BUCKET, SCHEMA, Banking, as_csv, campaign


@pytest.fixture(scope="module")
def bank(server):
    return Banking(server)


@pytest.fixture(scope="module")
def data(bank):
    return bank.put("banking.csv", as_csv(campaign(200)))


def refused(call, code, words, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def source_request(data, **spec):
    return {"DataSourceId": "refused", "DataSpec": {"DataLocationS3": data, "DataSchema": json.dumps(SCHEMA)} | spec}


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({"DataSchema": "{"}, "not valid JSON: line 1, column 2"),
        ({"DataSchema": json.dumps(SCHEMA | {"targetAttributeName": "z"})}, "'z' is not among"),
        ({"DataSchemaLocationS3": f"s3://{BUCKET}/x"}, "either DataSchema or DataSchemaLocationS3"),
        ({"DataLocationS3": "s3://nobodys-bucket-here/a.csv"}, "cannot be read"),
        ({"DataRearrangement": "{"}, "not valid JSON"),
        (
            {"DataRearrangement": '{"splitting": {"percentBegin": 50, "percentEnd": 20}}'},
            "50 must be less than percentEnd 20",
        ),
        ({"DataRearrangement": '{"splitting": {"percentEnd": 120}}'}, "0 to 100"),
        ({"DataRearrangement": '{"splitting": {"percentEnd": "x"}}'}, "not a number"),
        ({"DataRearrangement": '{"splitting": {"strategy": "shuffle"}}'}, "sequential or random"),
        ({"DataRearrangement": '{"splitting": {"percentages": 1}}'}, "'percentages' is not known"),
        ({"DataRearrangement": '{"splitting": {"complement": 3}}'}, "neither true nor false"),
        ({"DataRearrangement": '{"cutting": {}}'}, "splitting"),
    ],
)
def test_a_data_spec_that_makes_no_sense(bank, data, spec, words):
    refused(bank.ml.create_data_source_from_s3, "InvalidInputException", words, **source_request(data, **spec))


def test_a_schema_that_is_not_in_s3(bank, data):
    spec = {"DataLocationS3": data, "DataSchemaLocationS3": f"s3://{BUCKET}/no.schema"}
    call = bank.ml.create_data_source_from_s3
    refused(call, "InvalidInputException", "no.schema cannot be read", DataSourceId="refused", DataSpec=spec)


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"Parameters": {"sgd.maxPasses": "0"}}, "from 1 to 10000, not '0'"),
        ({"Parameters": {"sgd.maxPasses": "many"}}, "'many'"),
        ({"Parameters": {"sgd.maxMLModelSizeInBytes": "99"}}, "100000 to 2147483648"),
        ({"Parameters": {"sgd.shuffleType": "yes"}}, "auto or none"),
        ({"Parameters": {"sgd.l2RegularizationAmount": "-1"}}, "a number from 0"),
        ({"Parameters": {"sgd.l2RegularizationAmount": "nan"}}, "a number from 0"),
        ({"Parameters": {"sgd.l1RegularizationAmount": "1", "sgd.l2RegularizationAmount": "1"}}, "exclude each other"),
        ({"Parameters": {"sgd.learningRate": "1"}}, "'sgd.learningRate' is not known"),
        ({"MLModelType": "REGRESSION"}, "needs a NUMERIC target"),
        ({"TrainingDataSourceId": "nothing"}, "No DataSource with id nothing"),
        ({"TrainingDataSourceId": "bare"}, "ComputeStatistics true"),
        ({"Recipe": '{"outputs": ["ages"]}'}, "Recipe, line 1, column 15: there is no variable"),
        ({"Recipe": '{"outputs": ["age"]}', "RecipeUri": f"s3://{BUCKET}/r"}, "either Recipe or RecipeUri"),
        ({"RecipeUri": f"s3://{BUCKET}/no.recipe"}, "no.recipe cannot be read"),
    ],
)
def test_a_model_that_cannot_be(bank, data, request_, words):
    spec = {"DataLocationS3": data, "DataSchema": json.dumps(SCHEMA)}
    bank.ml.create_data_source_from_s3(DataSourceId="full", DataSpec=spec, ComputeStatistics=True)
    bank.ml.create_data_source_from_s3(DataSourceId="bare", DataSpec=spec)
    request = {"MLModelId": "refused", "MLModelType": "BINARY", "TrainingDataSourceId": "full", **request_}
    refused(bank.ml.create_ml_model, "InvalidInputException", words, **request)


def test_the_same_request_again_is_one_and_another_is_refused(bank, data):
    request = source_request(data) | {"DataSourceId": "twice", "DataSourceName": "first"}
    for _ in range(2):
        assert bank.ml.create_data_source_from_s3(**request)["DataSourceId"] == "twice"
    code = "IdempotentParameterMismatchException"
    refused(bank.ml.create_data_source_from_s3, code, "twice", **request | {"DataSourceName": "other"})
    assert bank.ml.get_data_source(DataSourceId="twice")["Name"] == "first"


def test_what_is_not_there_is_named(bank):
    for call, request in (
        (bank.ml.get_data_source, {"DataSourceId": "nope"}),
        (bank.ml.get_ml_model, {"MLModelId": "nope"}),
        (bank.ml.get_evaluation, {"EvaluationId": "nope"}),
        (bank.ml.get_batch_prediction, {"BatchPredictionId": "nope"}),
        (bank.ml.delete_realtime_endpoint, {"MLModelId": "nope"}),
        (bank.ml.update_data_source, {"DataSourceId": "nope", "DataSourceName": "x"}),
        (bank.ml.describe_tags, {"ResourceId": "nope", "ResourceType": "MLModel"}),
    ):
        refused(call, "ResourceNotFoundException", "id nope exists", **request)


def test_an_endpoint_needs_a_finished_model_and_a_batch_a_place(bank, data):
    bank.source("early", data)
    bank.model("early", "early")
    found = bank.ml.get_ml_model(MLModelId="early")
    assert found["EndpointInfo"] == {"PeakRequestsPerSecond": 0, "EndpointStatus": "NONE"}
    if found["Status"] != "COMPLETED":
        refused(bank.ml.create_realtime_endpoint, "InvalidInputException", "needs a COMPLETED one", MLModelId="early")
    predict = {"MLModelId": "early", "Record": {"age": "1"}, "PredictEndpoint": bank.ml.meta.endpoint_url}
    refused(bank.ml.predict, "PredictorNotMountedException", "no real-time endpoint", **predict)
    big = predict | {"Record": {"age": "1" * 110_000}}
    refused(bank.ml.predict, "LimitExceededException", "100 KB", **big)
    batch = {"BatchPredictionId": "b", "MLModelId": "early", "BatchPredictionDataSourceId": "early"}
    for uri, words in (
        ("s3://nobodys-bucket-here/x", "cannot be written"),
        (f"s3://{BUCKET}/a//b", "'//' is not allowed"),
    ):
        refused(bank.ml.create_batch_prediction, "InvalidInputException", words, **batch, OutputUri=uri)


def test_a_data_source_must_have_what_the_model_was_trained_on(bank, data):
    fewer = SCHEMA | {"attributes": [each for each in SCHEMA["attributes"] if each["attributeName"] != "age"]}
    bank.source("fewer", data, fewer)
    bank.source("whole", data)
    bank.model("whole", "whole")
    request = {"EvaluationId": "e", "MLModelId": "whole", "EvaluationDataSourceId": "fewer"}
    refused(bank.ml.create_evaluation, "InvalidInputException", "'age' is missing, not NUMERIC", **request)


def test_lists_are_filtered_sorted_and_paged(bank, data):
    names = ["2026-01-gift", "2026-01-card", "2026-02-gift"]
    for number, name in enumerate(names):
        request = source_request(data) | {"DataSourceId": f"listed-{number}", "DataSourceName": name}
        bank.ml.create_data_source_from_s3(**request)

    def listed(**request):
        return [each["DataSourceId"] for each in bank.ml.describe_data_sources(**request)["Results"]]

    assert listed(FilterVariable="Name", Prefix="2026-01") == ["listed-1", "listed-0"]
    assert listed(FilterVariable="Name", Prefix="2026-", SortOrder="dsc") == ["listed-2", "listed-0", "listed-1"]
    assert listed(FilterVariable="Name", EQ="2026-02-gift") == ["listed-2"]
    assert listed(FilterVariable="Name", GE="2026-01-gift", LT="2026-02", NE="") == ["listed-0"]
    created = bank.ml.get_data_source(DataSourceId="listed-1")["CreatedAt"]
    after = listed(FilterVariable="CreatedAt", GT=created.isoformat(), SortOrder="asc")
    assert "listed-2" in after and not {"listed-0", "listed-1"} & set(after)
    assert listed(FilterVariable="CreatedAt", LE=str(created.timestamp() - 0.001)).count("listed-1") == 0
    assert "listed-1" in listed(FilterVariable="CreatedAt", EQ=created.isoformat())
    assert listed(FilterVariable="DataLocationS3", EQ=data, Limit=100).count("listed-0") == 1
    assert listed(FilterVariable="IAMUser", EQ="arn:aws:iam::000000000000:user/none") == []
    pages = bank.ml.get_paginator("describe_data_sources").paginate(
        FilterVariable="Name", Prefix="2026-", SortOrder="asc", PaginationConfig={"PageSize": 1}
    )
    assert [page["Results"][0]["DataSourceId"] for page in pages] == ["listed-1", "listed-0", "listed-2"]
    describe = bank.ml.describe_data_sources
    refused(describe, "InvalidInputException", "no time", FilterVariable="CreatedAt", GT="yesterday")
    refused(describe, "InvalidInputException", "needs a FilterVariable", EQ="x")
    refused(describe, "InvalidInputException", "NextToken", NextToken="bm9uc2Vuc2U=")


def test_models_are_found_by_what_they_are(bank, data):
    bank.source("of-models", data)
    bank.model("of-models", "of-models")

    def models(**request):
        return [each["MLModelId"] for each in bank.ml.describe_ml_models(**request)["Results"]]

    assert models(FilterVariable="TrainingDataSourceId", EQ="of-models") == ["of-models"]
    assert "of-models" in models(FilterVariable="MLModelType", EQ="BINARY")
    assert models(FilterVariable="MLModelType", EQ="REGRESSION") == []
    assert "of-models" in models(FilterVariable="RealtimeEndpointStatus", EQ="NONE")
    assert "of-models" in models(FilterVariable="Algorithm", EQ="sgd")


def test_tags_up_to_ten(bank, data):
    bank.ml.create_data_source_from_s3(**source_request(data) | {"DataSourceId": "tagged"})
    what = {"ResourceId": "tagged", "ResourceType": "DataSource"}
    bank.ml.add_tags(**what, Tags=[{"Key": "team", "Value": "loans"}, {"Key": "stage"}])
    bank.ml.add_tags(**what, Tags=[{"Key": "team", "Value": "cards"}])
    assert bank.ml.describe_tags(**what)["Tags"] == [{"Key": "stage", "Value": ""}, {"Key": "team", "Value": "cards"}]
    many = [{"Key": f"k{number}", "Value": "v"} for number in range(9)]
    refused(bank.ml.add_tags, "TagLimitExceededException", "at most 10", **what, Tags=many)
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    refused(bank.ml.add_tags, "InvalidTagException", "once", **what, Tags=twice)
    refused(bank.ml.add_tags, "InvalidTagException", "reserved", **what, Tags=[{"Key": "aws:x", "Value": "1"}])
    bank.ml.delete_tags(**what, TagKeys=["team", "not-there"])
    assert [tag["Key"] for tag in bank.ml.describe_tags(**what)["Tags"]] == ["stage"]
    refused(bank.ml.describe_tags, "ResourceNotFoundException", "MLModel", ResourceId="tagged", ResourceType="MLModel")


def test_names_and_thresholds_are_changed_where_there_are_any(bank, data):
    bank.source("changed", data)
    bank.model("changed", "changed")
    bank.ml.update_data_source(DataSourceId="changed", DataSourceName="New name")
    assert bank.ml.get_data_source(DataSourceId="changed")["Name"] == "New name"
    update = bank.ml.update_ml_model
    refused(update, "InvalidInputException", "0 to 1", MLModelId="changed", ScoreThreshold=1.5)


def test_evaluations_and_batches_are_listed_renamed_and_deleted(bank, data):
    bank.source("made-of", data)
    bank.model("made-of", "made-of")
    for number in range(2):
        request = {"MLModelId": "made-of", "EvaluationDataSourceId": "made-of", "EvaluationName": f"first {number}"}
        bank.ml.create_evaluation(EvaluationId=f"made-{number}", **request)
        request = {"MLModelId": "made-of", "BatchPredictionDataSourceId": "made-of", "OutputUri": f"s3://{BUCKET}/o"}
        bank.ml.create_batch_prediction(BatchPredictionId=f"made-{number}", BatchPredictionName=f"b{number}", **request)
    bank.ml.update_evaluation(EvaluationId="made-1", EvaluationName="second")
    bank.ml.update_batch_prediction(BatchPredictionId="made-1", BatchPredictionName="other")
    of_model = {"FilterVariable": "MLModelId", "EQ": "made-of"}
    evaluations = bank.ml.describe_evaluations(**of_model)["Results"]
    batches = bank.ml.describe_batch_predictions(**of_model, SortOrder="dsc")["Results"]
    assert {each["EvaluationId"]: each["Name"] for each in evaluations} == {"made-0": "first 0", "made-1": "second"}
    assert [(each["BatchPredictionId"], each["Name"]) for each in batches] == [("made-1", "other"), ("made-0", "b0")]
    assert batches[0]["OutputUri"] == f"s3://{BUCKET}/o" and batches[0]["InputDataLocationS3"] == data
    assert bank.ml.describe_evaluations(FilterVariable="DataURI", EQ="s3://elsewhere/x")["Results"] == []
    bank.ml.delete_evaluation(EvaluationId="made-0")
    bank.ml.delete_batch_prediction(BatchPredictionId="made-0")
    gone = {"FilterVariable": "Status", "EQ": "DELETED"}
    assert [each["EvaluationId"] for each in bank.ml.describe_evaluations(**gone)["Results"]] == ["made-0"]
    assert [each["BatchPredictionId"] for each in bank.ml.describe_batch_predictions(**gone)["Results"]] == ["made-0"]
    refused(bank.ml.delete_evaluation, "ResourceNotFoundException", "made-0", EvaluationId="made-0")


def test_every_operation_of_the_model_is_answered(server):
    from honmono.wire.model import load

    service = next(each for each in server.app.services if each.name == "machinelearning")
    operations = load("machinelearning").operations
    assert len(operations) == 28
    assert [name for name in operations if not service.answers(name)] == []
