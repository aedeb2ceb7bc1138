import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer

from honmono.store.records import Scope

ARN = "arn:aws:comprehend:us-east-1:{}:document-classifier/{}"


def stored(server: RunningServer, name: str, account: str = "000000000000") -> str:
    """A resource as a service would keep it."""
    scope = Scope(account, "us-east-1", "comprehend")
    return server.app.platform.records.create(scope, "document-classifier", name, {}, arn=ARN.format(account, name)).arn


def tags(server, arn):
    return server.client("comprehend").list_tags_for_resource(ResourceArn=arn)["Tags"]


def refused(code, words, call, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def test_each_resource_has_the_tags_that_it_was_given(server: RunningServer) -> None:
    comprehend = server.client("comprehend")
    one, other = stored(server, "one"), stored(server, "other")
    comprehend.tag_resource(
        ResourceArn=one, Tags=[{"Key": "team", "Value": "search"}, {"Key": "stage", "Value": "beta"}]
    )
    comprehend.tag_resource(ResourceArn=one, Tags=[{"Key": "stage", "Value": "live"}])
    comprehend.tag_resource(ResourceArn=other, Tags=[{"Key": "team", "Value": "sales"}])
    assert tags(server, one) == [{"Key": "stage", "Value": "live"}, {"Key": "team", "Value": "search"}]
    assert tags(server, other) == [{"Key": "team", "Value": "sales"}]
    comprehend.untag_resource(ResourceArn=one, TagKeys=["stage", "never-there"])
    assert tags(server, one) == [{"Key": "team", "Value": "search"}]


def test_there_are_at_most_fifty_tags(server: RunningServer) -> None:
    tag = server.client("comprehend").tag_resource
    arn = stored(server, "many")
    tag(ResourceArn=arn, Tags=[{"Key": str(number), "Value": ""} for number in range(50)])
    refused("TooManyTagsException", "at most 50", tag, ResourceArn=arn, Tags=[{"Key": "more", "Value": ""}])
    tag(ResourceArn=arn, Tags=[{"Key": "7", "Value": "changed"}])
    assert len(tags(server, arn)) == 50


def test_what_is_not_there_or_anothers_has_no_tags(server: RunningServer) -> None:
    missing = ARN.format("000000000000", "none")
    foreign = stored(server, "foreign", "123456789012")
    comprehend = server.client("comprehend")
    for arn in (missing, foreign):
        for call, more in (
            (comprehend.list_tags_for_resource, {}),
            (comprehend.tag_resource, {"Tags": [{"Key": "a", "Value": "b"}]}),
            (comprehend.untag_resource, {"TagKeys": ["a"]}),
        ):
            refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", call, ResourceArn=arn, **more)


def test_policies_come_in_revisions(server: RunningServer) -> None:
    comprehend = server.client("comprehend")
    arn = stored(server, "shared")
    describe, put = comprehend.describe_resource_policy, comprehend.put_resource_policy
    refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", describe, ResourceArn=arn)
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"comprehend:ImportModel"}]}'
    )
    first = put(ResourceArn=arn, ResourcePolicy=policy)["PolicyRevisionId"]
    assert describe(ResourceArn=arn)["ResourcePolicy"] == policy
    stricter = policy.replace("Allow", "Deny")
    second = put(ResourceArn=arn, ResourcePolicy=stricter, PolicyRevisionId=first)["PolicyRevisionId"]
    found = describe(ResourceArn=arn)
    assert (found["ResourcePolicy"], found["PolicyRevisionId"]) == (stricter, second)
    assert found["CreationTime"] <= found["LastModifiedTime"] and second != first
    code = "InvalidRequestException"
    refused(code, "not that of the policy", put, ResourceArn=arn, ResourcePolicy=policy, PolicyRevisionId=first)
    refused(code, "not JSON", put, ResourceArn=arn, ResourcePolicy="{")
    refused(code, "no Statement", put, ResourceArn=arn, ResourcePolicy="{}")
    comprehend.delete_resource_policy(ResourceArn=arn, PolicyRevisionId=second)
    refused("ResourceNotFoundException", "RESOURCE_NOT_FOUND", describe, ResourceArn=arn)
