import json
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

ACCOUNT = "000000000000"


@pytest.fixture
def sts(server: Any) -> Any:
    return server.client("sts")


def signed_by(credentials: dict[str, str]) -> dict[str, str]:
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials.get("SessionToken", ""),
    }


def make_role(server: Any, principal: dict[str, Any], **statement: Any) -> tuple[str, str]:
    name = f"r{uuid4().hex[:12]}"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **statement}
    document = json.dumps({"Version": "2012-10-17", "Statement": trust})
    role = server.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=document, Path="/jobs/")["Role"]
    return role["Arn"], role["RoleId"]


def refusal(call: Any, **request: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(**request)
    return str(caught.value.response["Error"]["Code"])


def test_the_development_key_is_root(sts: Any) -> None:
    who = sts.get_caller_identity()
    assert (who["Account"], who["Arn"], who["UserId"]) == (ACCOUNT, f"arn:aws:iam::{ACCOUNT}:root", ACCOUNT)


def test_a_role_is_assumed_and_its_session_signs(server: Any, sts: Any) -> None:
    arn, role_id = make_role(server, {"AWS": f"arn:aws:iam::{ACCOUNT}:root"})
    answer = sts.assume_role(RoleArn=arn, RoleSessionName="me", DurationSeconds=900)
    assert answer["AssumedRoleUser"]["AssumedRoleId"] == f"{role_id}:me"
    theirs = server.client("sts", **signed_by(answer["Credentials"]))
    who = theirs.get_caller_identity()
    name = arn.rpartition("/")[2]
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/me"
    assert who["UserId"] == f"{role_id}:me"
    assert refusal(theirs.get_session_token) == "AccessDenied"
    without = {**signed_by(answer["Credentials"]), "aws_session_token": "forged"}
    assert refusal(server.client("sts", **without).get_caller_identity) == "InvalidClientTokenId"
    server.client("iam").delete_role(RoleName=name)
    assert refusal(theirs.get_caller_identity) == "InvalidClientTokenId"


def test_what_does_not_trust_the_caller_is_denied(server: Any, sts: Any) -> None:
    service_only, _ = make_role(server, {"Service": "ec2.amazonaws.com"})
    stranger, _ = make_role(server, {"AWS": "arn:aws:iam::111111111111:root"})
    for arn in (service_only, stranger, f"arn:aws:iam::{ACCOUNT}:role/none"):
        assert refusal(sts.assume_role, RoleArn=arn, RoleSessionName="me") == "AccessDenied"
    assert refusal(sts.assume_role, RoleArn="not-an-arn-of-a-role-at-all", RoleSessionName="me") == "ValidationError"


def test_an_external_id_must_be_told(server: Any, sts: Any) -> None:
    condition = {"StringEquals": {"sts:ExternalId": "secret"}}
    arn, _ = make_role(server, {"AWS": ACCOUNT}, Condition=condition)
    assert refusal(sts.assume_role, RoleArn=arn, RoleSessionName="me") == "AccessDenied"
    assert refusal(sts.assume_role, RoleArn=arn, RoleSessionName="me", ExternalId="guess") == "AccessDenied"
    assert sts.assume_role(RoleArn=arn, RoleSessionName="me", ExternalId="secret")["Credentials"]


def test_durations_and_session_policies_are_checked(server: Any, sts: Any) -> None:
    arn, _ = make_role(server, {"AWS": ACCOUNT})
    assert refusal(sts.assume_role, RoleArn=arn, RoleSessionName="me", DurationSeconds=7200) == "ValidationError"
    assert refusal(sts.assume_role, RoleArn=arn, RoleSessionName="me", Policy="{}") == "MalformedPolicyDocument"
    server.client("iam").update_role(RoleName=arn.rpartition("/")[2], MaxSessionDuration=7200)
    assert sts.assume_role(RoleArn=arn, RoleSessionName="me", DurationSeconds=7200)["Credentials"]


def test_session_and_federation_tokens(server: Any, sts: Any) -> None:
    session = server.client("sts", **signed_by(sts.get_session_token()["Credentials"]))
    assert session.get_caller_identity()["Arn"] == f"arn:aws:iam::{ACCOUNT}:root"
    federated = sts.get_federation_token(Name="bob")
    assert federated["FederatedUser"]["FederatedUserId"] == f"{ACCOUNT}:bob"
    who = server.client("sts", **signed_by(federated["Credentials"])).get_caller_identity()
    assert who["Arn"] == f"arn:aws:sts::{ACCOUNT}:federated-user/bob"


def test_the_account_of_a_key(server: Any, sts: Any) -> None:
    key, _ = server.app.keys.create_key(account="222222222222")
    assert sts.get_access_key_info(AccessKeyId=key)["Account"] == "222222222222"
    assert refusal(sts.get_access_key_info, AccessKeyId="AKIAAAAAAAAAAAAAAAAA") == "ValidationError"


def test_peers_keys_belong_to_their_account(server: Any) -> None:
    theirs = server.client("sts", aws_access_key_id="FOOBARKEY", aws_secret_access_key="FOOBARSECRET")
    assert theirs.get_caller_identity()["Account"] == "123456789012"
