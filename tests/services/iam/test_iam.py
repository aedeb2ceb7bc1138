import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from botocore.exceptions import ClientError

from honmono.services.iam.permissions import pass_role
from honmono.wire.errors import ServiceError

ACCOUNT = "000000000000"
Name = Callable[[], str]


@pytest.fixture
def iam(server: Any) -> Any:
    return server.client("iam")


@pytest.fixture
def name() -> str:
    """A name that no other test of the module has."""
    return f"n{uuid4().hex[:12]}"


def document(action: str, resource: str = "*", effect: str = "Allow") -> str:
    statement = {"Effect": effect, "Action": action, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def trust(**principal: str) -> str:
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def code(caught: pytest.ExceptionInfo[ClientError]) -> str:
    return str(caught.value.response["Error"]["Code"])


def test_users_live_and_die(iam: Any, name: str) -> None:
    made = iam.create_user(UserName=name, Path="/staff/", Tags=[{"Key": "team", "Value": "red"}])["User"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/staff/{name}"
    assert made["UserId"].startswith("AIDA")
    with pytest.raises(ClientError) as caught:
        iam.create_user(UserName=name)
    assert code(caught) == "EntityAlreadyExists"
    found = iam.get_user(UserName=name)["User"]
    assert found["Tags"] == [{"Key": "team", "Value": "red"}]
    assert [user["UserName"] for user in iam.list_users(PathPrefix="/staff/")["Users"]] == [name]
    iam.update_user(UserName=name, NewUserName=f"{name}-2", NewPath="/")
    moved = iam.get_user(UserName=f"{name}-2")["User"]
    assert (moved["UserId"], moved["CreateDate"]) == (made["UserId"], made["CreateDate"])
    iam.delete_user(UserName=f"{name}-2")
    with pytest.raises(ClientError) as caught:
        iam.get_user(UserName=name)
    assert code(caught) == "NoSuchEntity"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_users_key_signs_until_it_is_switched_off(server: Any, iam: Any, name: str) -> None:
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    theirs = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}
    assert server.client("iam", **theirs).get_user()["User"]["UserName"] == name
    who = server.client("sts", **theirs).get_caller_identity()
    assert who["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/{name}"
    iam.update_user(UserName=name, NewUserName=f"{name}-2")
    assert server.client("sts", **theirs).get_caller_identity()["Arn"].endswith(f"user/{name}-2")
    iam.update_access_key(UserName=f"{name}-2", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    with pytest.raises(ClientError) as caught:
        server.client("sts", **theirs).get_caller_identity()
    assert code(caught) == "InvalidClientTokenId"
    iam.create_access_key(UserName=f"{name}-2")
    with pytest.raises(ClientError) as caught:
        iam.create_access_key(UserName=f"{name}-2")
    assert code(caught) == "LimitExceeded"
    with pytest.raises(ClientError) as caught:
        iam.delete_user(UserName=f"{name}-2")
    assert code(caught) == "DeleteConflict"


def test_groups_keep_their_members_through_renames(iam: Any, name: str) -> None:
    iam.create_group(GroupName=name)
    iam.create_user(UserName=name)
    iam.add_user_to_group(GroupName=name, UserName=name)
    iam.update_group(GroupName=name, NewGroupName=f"{name}-2")
    assert [user["UserName"] for user in iam.get_group(GroupName=f"{name}-2")["Users"]] == [name]
    assert [group["GroupName"] for group in iam.list_groups_for_user(UserName=name)["Groups"]] == [f"{name}-2"]
    with pytest.raises(ClientError) as caught:
        iam.delete_group(GroupName=f"{name}-2")
    assert code(caught) == "DeleteConflict"
    iam.remove_user_from_group(GroupName=f"{name}-2", UserName=name)
    iam.delete_group(GroupName=f"{name}-2")


def test_lists_are_paged(iam: Any, name: str) -> None:
    for number in range(5):
        iam.create_role(RoleName=f"{name}{number}", Path=f"/{name}/", AssumeRolePolicyDocument=trust(AWS="*"))
    pages = list(iam.get_paginator("list_roles").paginate(PathPrefix=f"/{name}/", PaginationConfig={"PageSize": 2}))
    assert [len(page["Roles"]) for page in pages] == [2, 2, 1]
    assert [role["RoleName"] for page in pages for role in page["Roles"]] == [f"{name}{n}" for n in range(5)]
    with pytest.raises(ClientError) as caught:
        iam.list_roles(Marker="nonsense")
    assert code(caught) == "ValidationError"


def test_policies_and_their_versions(iam: Any, name: str) -> None:
    arn = iam.create_policy(PolicyName=name, PolicyDocument=document("s3:GetObject"))["Policy"]["Arn"]
    for number in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(f"s3:Get{number}"), SetAsDefault=number == 1)
    with pytest.raises(ClientError) as caught:
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=document("s3:*"))
    assert code(caught) == "LimitExceeded"
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"
    shown = iam.get_policy_version(PolicyArn=arn, VersionId="v3")["PolicyVersion"]
    assert shown["Document"]["Statement"][0]["Action"] == "s3:Get1"
    assert [v["VersionId"] for v in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == [
        "v5",
        "v4",
        "v3",
        "v2",
        "v1",
    ]
    with pytest.raises(ClientError) as caught:
        iam.delete_policy_version(PolicyArn=arn, VersionId="v3")
    assert code(caught) == "DeleteConflict"
    with pytest.raises(ClientError) as caught:
        iam.delete_policy(PolicyArn=arn)
    assert code(caught) == "DeleteConflict"


def test_attachments_are_counted_and_hold_a_policy(iam: Any, name: str) -> None:
    arn = iam.create_policy(PolicyName=name, PolicyDocument=document("s3:GetObject"))["Policy"]["Arn"]
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    assert [policy["PolicyName"] for policy in attached] == ["AmazonS3FullAccess", name]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["AttachmentCount"] == 1
    assert iam.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"][0]["RoleName"] == name
    for refused in (lambda: iam.delete_policy(PolicyArn=arn), lambda: iam.delete_role(RoleName=name)):
        with pytest.raises(ClientError) as caught:
            refused()
        assert code(caught) == "DeleteConflict"
    with pytest.raises(ClientError) as caught:
        iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/NoSuchPolicy")
    assert code(caught) == "NoSuchEntity"
    iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)


@pytest.mark.parametrize("kind", ["user", "group", "role"])
def test_inline_policies(iam: Any, name: str, kind: str) -> None:
    more = {"AssumeRolePolicyDocument": trust(AWS="*")} if kind == "role" else {}
    which = {f"{kind.title()}Name": name}
    getattr(iam, f"create_{kind}")(**which, **more)
    getattr(iam, f"put_{kind}_policy")(**which, PolicyName="p", PolicyDocument=document("s3:*"))
    found = getattr(iam, f"get_{kind}_policy")(**which, PolicyName="p")
    assert found["PolicyDocument"]["Statement"][0]["Action"] == "s3:*"
    assert getattr(iam, f"list_{kind}_policies")(**which)["PolicyNames"] == ["p"]
    getattr(iam, f"delete_{kind}_policy")(**which, PolicyName="p")
    with pytest.raises(ClientError) as caught:
        getattr(iam, f"get_{kind}_policy")(**which, PolicyName="p")
    assert code(caught) == "NoSuchEntity"
    with pytest.raises(ClientError) as caught:
        getattr(iam, f"put_{kind}_policy")(**which, PolicyName="p", PolicyDocument="{}")
    assert code(caught) == "MalformedPolicyDocument"


def test_instance_profiles_hold_one_role(iam: Any, name: str) -> None:
    for role in (name, f"{name}-2"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=trust(Service="ec2.amazonaws.com"))
    iam.create_instance_profile(InstanceProfileName=name)
    iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=name)
    with pytest.raises(ClientError) as caught:
        iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=f"{name}-2")
    assert code(caught) == "LimitExceeded"
    found = iam.list_instance_profiles_for_role(RoleName=name)["InstanceProfiles"]
    assert [profile["Roles"][0]["RoleName"] for profile in found] == [name]
    iam.remove_role_from_instance_profile(InstanceProfileName=name, RoleName=name)
    iam.delete_instance_profile(InstanceProfileName=name)


def test_service_linked_roles_are_made_and_deleted_their_own_way(iam: Any) -> None:
    role = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
    assert role["Arn"].endswith(":role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForEcs")
    with pytest.raises(ClientError) as caught:
        iam.delete_role(RoleName=role["RoleName"])
    assert code(caught) == "UnmodifiableEntity"
    task = iam.delete_service_linked_role(RoleName=role["RoleName"])["DeletionTaskId"]
    assert iam.get_service_linked_role_deletion_status(DeletionTaskId=task)["Status"] == "SUCCEEDED"


def test_the_simulator_tells_what_a_principal_may_do(iam: Any, name: str) -> None:
    iam.create_user(UserName=name)
    iam.create_group(GroupName=name)
    iam.add_user_to_group(GroupName=name, UserName=name)
    iam.put_group_policy(GroupName=name, PolicyName="read", PolicyDocument=document("s3:Get*", "arn:aws:s3:::a/*"))
    iam.put_user_policy(UserName=name, PolicyName="never", PolicyDocument=document("s3:GetAcl", effect="Deny"))
    answer = iam.simulate_principal_policy(
        PolicySourceArn=f"arn:aws:iam::{ACCOUNT}:user/{name}",
        ActionNames=["s3:GetObject", "s3:GetAcl", "s3:PutObject"],
        ResourceArns=["arn:aws:s3:::a/x"],
    )
    decisions = {result["EvalActionName"]: result["EvalDecision"] for result in answer["EvaluationResults"]}
    assert decisions == {"s3:GetObject": "allowed", "s3:GetAcl": "explicitDeny", "s3:PutObject": "implicitDeny"}
    custom = iam.simulate_custom_policy(PolicyInputList=[document("s3:Put*")], ActionNames=["s3:PutObject"])
    assert custom["EvaluationResults"][0]["EvalDecision"] == "allowed"
    keys = iam.get_context_keys_for_custom_policy(
        PolicyInputList=[document("s3:*", "arn:aws:s3:::home/${aws:username}/*")]
    )
    assert keys["ContextKeyNames"] == ["aws:username"]


def test_passwords_obey_the_accounts_policy_and_are_not_kept(server: Any, iam: Any, name: str) -> None:
    iam.create_user(UserName=name)
    iam.update_account_password_policy(MinimumPasswordLength=12, RequireNumbers=True)
    with pytest.raises(ClientError) as caught:
        iam.create_login_profile(UserName=name, Password="longbutnodigit")
    assert code(caught) == "PasswordPolicyViolation"
    iam.create_login_profile(UserName=name, Password="longenough4you")
    assert iam.get_login_profile(UserName=name)["LoginProfile"]["UserName"] == name
    record = server.app.platform.records.by_arn(f"arn:aws:iam::{ACCOUNT}:user/{name}")
    assert "longenough4you" not in json.dumps(record.body)
    iam.delete_account_password_policy()


def test_tags_differ_by_more_than_case(iam: Any, name: str) -> None:
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(AWS="*"))
    with pytest.raises(ClientError) as caught:
        iam.tag_role(RoleName=name, Tags=[{"Key": "a", "Value": "1"}, {"Key": "A", "Value": "2"}])
    assert code(caught) == "InvalidInput"
    iam.tag_role(RoleName=name, Tags=[{"Key": "a", "Value": "1"}])
    iam.tag_role(RoleName=name, Tags=[{"Key": "A", "Value": "2"}])
    assert iam.list_role_tags(RoleName=name)["Tags"] == [{"Key": "A", "Value": "2"}]


def test_the_account_as_a_whole(iam: Any, name: str) -> None:
    before = iam.get_account_summary()["SummaryMap"]["Users"]
    iam.create_user(UserName=name)
    assert iam.get_account_summary()["SummaryMap"]["Users"] == before + 1
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=document("s3:*"))
    details = iam.get_account_authorization_details(Filter=["User"], MaxItems=1000)["UserDetailList"]
    mine = next(detail for detail in details if detail["UserName"] == name)
    assert mine["UserPolicyList"][0]["PolicyDocument"]["Statement"][0]["Action"] == "s3:*"
    iam.create_account_alias(AccountAlias=name)
    assert iam.list_account_aliases()["AccountAliases"] == [name]


def test_identity_providers_are_stored(iam: Any, name: str) -> None:
    made = iam.create_open_id_connect_provider(Url=f"https://{name}.example.com/id", ThumbprintList=["a" * 40])
    arn = made["OpenIDConnectProviderArn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/{name}.example.com/id"
    iam.add_client_id_to_open_id_connect_provider(OpenIDConnectProviderArn=arn, ClientID="app")
    found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert (found["Url"], found["ClientIDList"]) == (f"{name}.example.com/id", ["app"])
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    with pytest.raises(ClientError) as caught:
        iam.get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert code(caught) == "NoSuchEntity"
    with pytest.raises(ClientError) as caught:
        iam.create_open_id_connect_provider(Url="http://example.com")
    assert code(caught) == "ValidationError"


def test_pass_role_asks_the_role_and_the_caller(server: Any, iam: Any, name: str) -> None:
    platform, service = server.app.platform, "sagemaker.amazonaws.com"
    root, user = f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:iam::{ACCOUNT}:user/{name}"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust(Service=service))["Role"]["Arn"]
    iam.create_user(UserName=name)
    assert pass_role(platform, root, arn, service).name == name
    with pytest.raises(ServiceError, match="Could not assume role"):
        pass_role(platform, root, arn, "lambda.amazonaws.com")
    with pytest.raises(ServiceError, match="Could not assume role"):
        pass_role(platform, root, f"{arn}-missing", service)
    with pytest.raises(ServiceError, match="not authorized to perform: iam:PassRole"):
        pass_role(platform, user, arn, service)
    iam.put_user_policy(UserName=name, PolicyName="pass", PolicyDocument=document("iam:PassRole", arn))
    assert pass_role(platform, user, arn, service).name == name
    with pytest.raises(ServiceError, match="not authorized"):
        pass_role(platform, "arn:aws:iam::111111111111:root", arn, service)
