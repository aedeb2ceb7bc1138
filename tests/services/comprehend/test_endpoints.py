import pytest
from botocore.exceptions import ClientError

from honmono.store.records import Scope


def model(server, name, status="TRAINED", kind="document-classifier"):
    """A trained model as its service would keep it."""
    scope = Scope("000000000000", "us-east-1", "comprehend")
    arn = f"arn:aws:comprehend:us-east-1:000000000000:{kind}/{name}"
    return server.app.platform.records.create(scope, kind, name, {"Mode": "MULTI_CLASS"}, arn=arn, status=status).arn


@pytest.fixture(scope="module")
def comprehend(server):
    return server.client("comprehend")


def refused(code, words, call, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def test_an_endpoint_is_made_changed_and_deleted(server, comprehend):
    one, other = model(server, "one"), model(server, "other")
    made = comprehend.create_endpoint(
        EndpointName="ep", ModelArn=one, DesiredInferenceUnits=2, Tags=[{"Key": "k", "Value": "v"}]
    )
    arn = made["EndpointArn"]
    assert arn.endswith(":document-classifier-endpoint/ep") and made["ModelArn"] == one
    found = comprehend.describe_endpoint(EndpointArn=arn)["EndpointProperties"]
    assert (found["Status"], found["ModelArn"], found["CurrentInferenceUnits"]) == ("IN_SERVICE", one, 2)
    assert comprehend.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    answer = comprehend.update_endpoint(EndpointArn=arn, DesiredModelArn=other, DesiredInferenceUnits=5)
    assert answer["DesiredModelArn"] == other
    found = comprehend.describe_endpoint(EndpointArn=arn)["EndpointProperties"]
    assert (found["ModelArn"], found["DesiredInferenceUnits"]) == (other, 5)
    assert found["LastModifiedTime"] > found["CreationTime"]
    comprehend.delete_endpoint(EndpointArn=arn)
    refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", comprehend.describe_endpoint, EndpointArn=arn)
    refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", comprehend.delete_endpoint, EndpointArn=arn)


def test_lists_follow_the_filter_and_the_pages(server, comprehend):
    models = [model(server, f"listed-{number}") for number in range(2)]
    models.append(model(server, "listed", kind="entity-recognizer"))
    made = [
        comprehend.create_endpoint(EndpointName=f"listed-{number}", ModelArn=arn, DesiredInferenceUnits=1)[
            "EndpointArn"
        ]
        for number, arn in enumerate(models)
    ]
    seen, more = [], {}
    while True:
        page = comprehend.list_endpoints(MaxResults=1, **more)
        seen += [each["EndpointArn"] for each in page["EndpointPropertiesList"]]
        if "NextToken" not in page:
            break
        more = {"NextToken": page["NextToken"]}
    assert sorted(seen) == sorted(made)
    of_one = comprehend.list_endpoints(Filter={"ModelArn": models[1]})["EndpointPropertiesList"]
    assert [each["EndpointArn"] for each in of_one] == [made[1]]
    assert comprehend.list_endpoints(Filter={"Status": "FAILED"})["EndpointPropertiesList"] == []
    refused("InvalidRequestException", "NextToken", comprehend.list_endpoints, NextToken="made-up")


def test_what_the_door_refuses(server, comprehend):
    ready = model(server, "ready")
    create = comprehend.create_endpoint
    common = {"EndpointName": "door", "DesiredInferenceUnits": 1}
    training = model(server, "training", "SUBMITTED")
    refused("ResourceUnavailableException", "SUBMITTED", create, ModelArn=training, **common)
    refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", create, ModelArn=ready + "x", **common)
    refused("InvalidRequestException", "ModelArn is required", create, **common)
    arn = create(ModelArn=ready, ClientRequestToken="once", **common)["EndpointArn"]
    assert create(ModelArn=ready, ClientRequestToken="once", **common)["EndpointArn"] == arn
    refused("ResourceInUseException", "exists", create, ModelArn=ready, **common)
    update = comprehend.update_endpoint
    refused("InvalidRequestException", "Nothing", update, EndpointArn=arn)
    wrong = model(server, "wrong", kind="entity-recognizer")
    refused("InvalidRequestException", "not a model", update, EndpointArn=arn, DesiredModelArn=wrong)
