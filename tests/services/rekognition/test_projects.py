"""Projects and their policies."""

import json

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer
from tests.services.rekognition.customised import CustomLabels


@pytest.fixture(scope="module")
def custom(server: RunningServer) -> CustomLabels:
    return CustomLabels(server)


def code(call, **request) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"]


def test_projects_are_described_in_the_order_in_which_they_were_made(custom):
    arns = [custom.project(name) for name in ("zebras", "apples", "mosses")]
    found = custom.rekognition.describe_projects(ProjectNames=["apples", "zebras", "mosses"])["ProjectDescriptions"]
    assert [each["ProjectArn"] for each in found] == arns
    assert {each["Status"] for each in found} == {"CREATED"}
    assert all(each["Feature"] == "CUSTOM_LABELS" and each["Datasets"] == [] for each in found)
    first = custom.rekognition.describe_projects(MaxResults=2)
    rest = custom.rekognition.describe_projects(MaxResults=100, NextToken=first["NextToken"])
    assert len(first["ProjectDescriptions"]) == 2
    both = [*first["ProjectDescriptions"], *rest["ProjectDescriptions"]]
    assert [each["ProjectArn"] for each in both][:3] == arns
    assert custom.rekognition.describe_projects(Features=["CONTENT_MODERATION"])["ProjectDescriptions"] == []
    assert code(custom.rekognition.describe_projects, NextToken="nonsense") == "InvalidPaginationTokenException"


def test_a_name_is_taken_once(custom):
    arn = custom.project("once")
    assert code(custom.rekognition.create_project, ProjectName="once") == "ResourceInUseException"
    assert custom.rekognition.delete_project(ProjectArn=arn)["Status"] == "DELETING"
    again = custom.project("once")
    assert again != arn
    assert code(custom.rekognition.delete_project, ProjectArn=arn) == "ResourceNotFoundException"


def test_adapters_are_refused_in_words(custom):
    with pytest.raises(ClientError, match="CONTENT_MODERATION is not built"):
        custom.rekognition.create_project(ProjectName="adapter", Feature="CONTENT_MODERATION")


def policy(**changes) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "rekognition:CopyProjectVersion",
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | changes]})


def test_a_policy_is_replaced_by_its_revision_only(custom):
    project = custom.project("shared")
    put, listing = custom.rekognition.put_project_policy, custom.rekognition.list_project_policies
    first = put(ProjectArn=project, PolicyName="copy", PolicyDocument=policy())["PolicyRevisionId"]
    assert code(put, ProjectArn=project, PolicyName="copy", PolicyDocument=policy()) == "ResourceAlreadyExistsException"
    wrong = {"ProjectArn": project, "PolicyName": "copy", "PolicyRevisionId": "ab12", "PolicyDocument": policy()}
    assert code(put, **wrong) == "InvalidPolicyRevisionIdException"
    second = put(**wrong | {"PolicyRevisionId": first, "PolicyDocument": policy(Effect="Deny")})["PolicyRevisionId"]
    (found,) = listing(ProjectArn=project)["ProjectPolicies"]
    assert second != first
    assert found["PolicyRevisionId"] == second
    assert json.loads(found["PolicyDocument"])["Statement"][0]["Effect"] == "Deny"
    remove = custom.rekognition.delete_project_policy
    assert (
        code(remove, ProjectArn=project, PolicyName="copy", PolicyRevisionId=first)
        == "InvalidPolicyRevisionIdException"
    )
    remove(ProjectArn=project, PolicyName="copy", PolicyRevisionId=second)
    assert listing(ProjectArn=project)["ProjectPolicies"] == []
    assert code(remove, ProjectArn=project, PolicyName="copy") == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "document",
    ["{", "[]", "{}", policy(Effect="Maybe"), '{"Statement": [{"Effect": "Allow", "Action": "x", "Resource": "*"}]}'],
)
def test_malformed_policies(custom, document):
    project = custom.rekognition.describe_projects()["ProjectDescriptions"][0]["ProjectArn"]
    put = custom.rekognition.put_project_policy
    assert code(put, ProjectArn=project, PolicyName="p", PolicyDocument=document) == "MalformedPolicyDocumentException"


def test_a_project_has_five_policies(custom):
    project = custom.project("many-policies")
    for number in range(5):
        custom.rekognition.put_project_policy(ProjectArn=project, PolicyName=f"p{number}", PolicyDocument=policy())
    put = custom.rekognition.put_project_policy
    assert code(put, ProjectArn=project, PolicyName="p5", PolicyDocument=policy()) == "LimitExceededException"
    page = custom.rekognition.list_project_policies(ProjectArn=project, MaxResults=3)
    rest = custom.rekognition.list_project_policies(ProjectArn=project, NextToken=page["NextToken"])
    names = [each["PolicyName"] for each in [*page["ProjectPolicies"], *rest["ProjectPolicies"]]]
    assert names == ["p0", "p1", "p2", "p3", "p4"]
