"""Copying trained models: within an account, and from another one whose resource policy allows it."""

import json
import shutil

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.custom import BILLING, DELIVERY
from tests.services.comprehend.flywheel import Wheels
from tests.services.comprehend.test_flywheel_doors import trained

from honmono.engines.text.classifier.model import Model

ACCOUNT = "123456789012"
ROOT = f"arn:aws:iam::{ACCOUNT}:root"


@pytest.fixture(scope="module")
def wheels(server):
    return Wheels(server)


@pytest.fixture(scope="module")
def other(wheels):
    """A client of another account."""
    return wheels.server.client("comprehend", aws_access_key_id="testing", aws_secret_access_key="testing")


def refused(code, words, call, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def share(wheels, arn, *, effect="Allow", principal=ROOT, action="comprehend:ImportModel", resource=None, **more):
    statement = {
        "Effect": effect,
        "Principal": {"AWS": principal},
        "Action": action,
        "Resource": resource or arn,
        **more,
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    wheels.comprehend.put_resource_policy(ResourceArn=arn, ResourcePolicy=json.dumps(policy))


def imported(wheels, client, arn):
    describe = client.describe_document_classifier
    return wheels.waited(
        lambda: describe(DocumentClassifierArn=arn)["DocumentClassifierProperties"], "SUBMITTED", "TRAINING"
    )


def test_a_model_is_copied_where_the_policy_of_its_account_allows_it(wheels, other):
    source = trained(wheels, "shared")
    request = {"SourceModelArn": source, "ModelName": "copied", "VersionName": "v1"}
    refused("AccessDeniedException", "not authorized to perform: comprehend:ImportModel", other.import_model, **request)
    share(wheels, source, principal="arn:aws:iam::111122223333:root")
    refused("AccessDeniedException", "not authorized", other.import_model, **request)
    share(wheels, source, action="comprehend:DescribeDocumentClassifier")
    refused("AccessDeniedException", "not authorized", other.import_model, **request)
    share(wheels, source, effect="Deny")
    refused("AccessDeniedException", "not authorized", other.import_model, **request)
    share(wheels, source)
    arn = other.import_model(**request, Tags=[{"Key": "k", "Value": "v"}])["ModelArn"]
    assert arn == f"arn:aws:comprehend:us-east-1:{ACCOUNT}:document-classifier/copied/version/v1"
    found = imported(wheels, other, arn)
    assert (found["Status"], found["SourceModelArn"], found["VersionName"]) == ("TRAINED", source, "v1")
    assert other.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "k", "Value": "v"}]
    refused("ResourceInUseException", "exists already: copied/version/v1", other.import_model, **request)
    # The copy stands by itself: the same answers after the source is gone.
    wheels.comprehend.delete_document_classifier(DocumentClassifierArn=source)
    made = other.create_endpoint(EndpointName="copied", ModelArn=arn, DesiredInferenceUnits=1)
    best = [
        other.classify_document(Text=text, EndpointArn=made["EndpointArn"])["Classes"][0]["Name"]
        for text in (BILLING[0], DELIVERY[0])
    ]
    assert best == ["BILLING", "DELIVERY"]
    # Its data stayed behind: a flywheel begins without.
    wheels.server.client("s3", aws_access_key_id="testing", aws_secret_access_key="testing").create_bucket(
        Bucket="other-lake"
    )
    iam = wheels.server.client("iam", aws_access_key_id="testing", aws_secret_access_key="testing")
    trust = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": {"Service": "comprehend.amazonaws.com"}, "Action": "sts:AssumeRole"}
            ],
        }
    )
    role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    flywheel = other.create_flywheel(
        FlywheelName="copied", ActiveModelArn=arn, DataAccessRoleArn=role, DataLakeS3Uri="s3://other-lake"
    )["FlywheelArn"]
    properties = other.describe_flywheel(FlywheelArn=flywheel)["FlywheelProperties"]
    assert (properties["Status"], properties["ActiveModelArn"]) == ("ACTIVE", arn)


def test_a_condition_of_the_policy_holds(wheels, other):
    source = trained(wheels, "conditional")
    wanted = {"StringEquals": {"aws:PrincipalAccount": "111122223333"}}
    share(wheels, source, principal="*", Condition=wanted)
    request = {"SourceModelArn": source, "ModelName": "conditional"}
    refused("AccessDeniedException", "not authorized", other.import_model, **request)
    wanted["StringEquals"]["aws:PrincipalAccount"] = ACCOUNT
    share(wheels, source, principal="*", Condition=wanted)
    assert imported(wheels, other, other.import_model(**request)["ModelArn"])["Status"] == "TRAINED"


def test_an_account_copies_its_own_without_a_policy(wheels):
    source = trained(wheels, "own")
    comprehend = wheels.comprehend
    arn = comprehend.import_model(SourceModelArn=source, VersionName="copy")["ModelArn"]
    assert arn == f"{source}/version/copy"
    assert imported(wheels, comprehend, arn)["Status"] == "TRAINED"
    folder = wheels.server.app.platform.jobs.directory
    labels = {
        Model.load(folder / wheels.server.app.platform.records.by_arn(each).body["Job"] / "output" / "model").labels
        for each in (source, arn)
    }
    assert labels == {("BILLING", "DELIVERY")}


def test_what_cannot_be_copied(wheels):
    comprehend = wheels.comprehend
    source = trained(wheels, "refused")
    refused("ResourceNotFoundException", "NOT_FOUND", comprehend.import_model, SourceModelArn=f"{source}-not")
    elsewhere = wheels.server.client("comprehend", region_name="eu-west-1")
    refused("InvalidRequestException", "us-east-1.* within its Region", elsewhere.import_model, SourceModelArn=source)
    record = wheels.server.app.platform.records.by_arn(source)
    wheels.server.app.platform.records.update(record, status="TRAINING")
    refused("ResourceUnavailableException", "TRAINING", comprehend.import_model, SourceModelArn=source)
    wheels.server.app.platform.records.update(wheels.server.app.platform.records.by_arn(source), status="TRAINED")
    shutil.rmtree(wheels.server.app.platform.jobs.directory / record.body["Job"])
    arn = comprehend.import_model(SourceModelArn=source, ModelName="lost")["ModelArn"]
    found = imported(wheels, comprehend, arn)
    assert found["Status"] == "IN_ERROR" and "deleted before it could be copied" in found["Message"]
