import json

import pytest

from honmono.services.iam.grammar import check_identity_policy, check_trust_policy
from honmono.wire.errors import ServiceError


def identity(**members: object) -> str:
    source = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::bucket", **members}
    kept = {name: value for name, value in source.items() if value is not None}
    return json.dumps({"Version": "2012-10-17", "Statement": kept})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("no json", "Syntax errors in policy."),
        ("[" * 100_000, "Syntax errors in policy."),
        ('{"Version": "2012-10-17"}', "Syntax errors in policy."),
        (identity(Effect="Maybe"), "Syntax errors in policy."),
        (identity(Other=1), "Syntax errors in policy."),
        (identity(Condition={"NoSuchOperator": {"a": "b"}}), "Syntax errors in policy."),
        (identity().replace("2012", "2008"), "Policy document must be version 2012-10-17 or greater."),
        (identity(Action="ListBucket"), "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."),
        (identity(Action=None), "Policy statement must contain actions."),
        (identity(Resource=None), "Policy statement must contain resources."),
        (identity(Resource="bucket"), 'Resource bucket must be in ARN format or "*".'),
        (identity(Resource="arn:oops:s3:::b"), 'Partition "oops" is not valid for resource "arn:oops:s3:::b".'),
        (identity(Effect="allow"), "The policy failed legacy parsing"),
        (identity(Condition={"DateLessThan": {"a": "soon"}}), "The policy failed legacy parsing"),
        (identity(Principal="*"), "Policy document should not specify a principal."),
    ],
)
def test_bad_identity_policies(document: str, message: str) -> None:
    with pytest.raises(ServiceError) as caught:
        check_identity_policy(document)
    assert (caught.value.code, caught.value.message) == ("MalformedPolicyDocument", message)


@pytest.mark.parametrize(
    "document",
    [
        identity(),
        identity(Action="*", Resource="*"),
        identity(Resource=["arn:aws:iam::123456789012:role/x", "arn:aws:s3:::b/*"]),
        identity(Condition={"DateLessThan": {"a": "2030-01-01"}, "ForAnyValue:StringLikeIfExists": {"b": ["c"]}}),
    ],
)
def test_good_identity_policies(document: str) -> None:
    check_identity_policy(document)


def trust(**members: object) -> str:
    source = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ec2.amazonaws.com"}, **members}
    return json.dumps({"Version": "2012-10-17", "Statement": source})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (trust(Resource="*"), "Has prohibited field Resource."),
        (trust(Action="s3:GetObject"), "Trust Policy statement actions can only be sts:AssumeRole"),
        (trust(Principal={"AWS": "ann"}), 'Invalid principal in policy: "AWS":"ann"'),
        (trust(Principal={}), "Syntax errors in policy."),
    ],
)
def test_bad_trust_policies(document: str, message: str) -> None:
    with pytest.raises(ServiceError, match="MalformedPolicyDocument") as caught:
        check_trust_policy(document)
    assert caught.value.message.startswith(message)


def test_good_trust_policy() -> None:
    check_trust_policy(trust())
