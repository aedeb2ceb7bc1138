import pytest

from honmono.services.iam import policy
from honmono.services.iam.policy import Decision, Policy


def statement(effect: str = "Allow", **members: object) -> dict[str, object]:
    return {"Effect": effect, "Action": "s3:GetObject", "Resource": "*", **members}


def policies(*statements: dict[str, object]) -> list[Policy]:
    return [policy.parse({"Version": "2012-10-17", "Statement": list(statements)})]


GET, OBJECT = "s3:GetObject", "arn:aws:s3:::photos/cat.png"


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        (GET, OBJECT, True),
        ("S3:getobject", OBJECT, True),
        ("s3:PutObject", OBJECT, False),
        (GET, "arn:aws:s3:::films/cat.png", False),
        (GET, "arn:aws:s3:::photos", False),
    ],
)
def test_actions_and_resources(action: str, resource: str, allowed: bool) -> None:
    held = policies(statement(Action=["s3:Get*", "s3:ListBucket"], Resource="arn:aws:s3:::photos/*"))
    assert policy.allows(held, action, resource) is allowed


def test_wildcards_in_resources_stay_within_their_part() -> None:
    held = policies(statement(Action="*", Resource="arn:aws:sqs:*:123456789012:queue-?"))
    assert policy.allows(held, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:queue-1")
    assert not policy.allows(held, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:999999999999:queue-1")
    assert not policy.allows(held, "sqs:SendMessage", "arn:aws:sqs:eu-west-1:123456789012:queue-10")


def test_an_explicit_deny_wins_and_nothing_is_allowed_by_default() -> None:
    held = policies(statement(Action="*"), statement("Deny", Action="s3:Delete*"))
    assert policy.evaluate(held, "s3:DeleteObject", OBJECT).decision is Decision.EXPLICIT_DENY
    assert policy.evaluate(held, GET, OBJECT).decision is Decision.ALLOWED
    assert policy.evaluate([], GET, OBJECT).decision is Decision.IMPLICIT_DENY


def test_not_action_and_not_resource() -> None:
    source = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "arn:aws:s3:::secret/*"}
    held = policies(source)
    assert policy.allows(held, GET, OBJECT)
    assert not policy.allows(held, "iam:CreateUser", OBJECT)
    assert not policy.allows(held, GET, "arn:aws:s3:::secret/plan")


@pytest.mark.parametrize(
    ("operator", "wanted", "given", "holds"),
    [
        ("StringEquals", "a", ["a"], True),
        ("StringEquals", ["a", "b"], ["b"], True),
        ("StringEquals", "a", ["A"], False),
        ("StringEqualsIgnoreCase", "a", ["A"], True),
        ("StringNotEquals", "a", ["b"], True),
        ("StringNotEquals", ["a", "b"], ["b"], False),
        ("StringLike", "team-*", ["team-red"], True),
        ("StringNotLike", "team-*", ["team-red"], False),
        ("NumericLessThan", "10", ["9.5"], True),
        ("NumericLessThan", "10", ["ten"], False),
        ("NumericGreaterThanEquals", 10, ["10"], True),
        ("DateLessThan", "2030-01-01T00:00:00Z", ["2029-12-31T23:59:59Z"], True),
        ("DateGreaterThan", "2030-01-01T00:00:00+02:00", ["1893448800"], False),
        ("Bool", True, ["true"], True),
        ("Bool", "true", ["false"], False),
        ("IpAddress", "10.0.0.0/8", ["10.1.2.3"], True),
        ("NotIpAddress", "10.0.0.0/8", ["10.1.2.3"], False),
        ("IpAddress", "2001:db8::/32", ["2001:db8::1"], True),
        ("ArnLike", "arn:aws:iam::*:role/x*", ["arn:aws:iam::123456789012:role/xyz"], True),
        ("Null", "true", None, True),
        ("Null", "true", ["a"], False),
        ("Null", "false", ["a"], True),
        ("StringEquals", "a", None, False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringNotEquals", "a", None, True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["x", "b"], True),
        ("ForAnyValue:StringEquals", ["a", "b"], ["x", "y"], False),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "b"], True),
        ("ForAllValues:StringEquals", ["a", "b"], ["a", "c"], False),
        ("ForAllValues:StringEquals", ["a"], None, True),
    ],
)
def test_conditions(operator: str, wanted: object, given: list[str] | None, holds: bool) -> None:
    held = policies(statement(Condition={operator: {"Some:Key": wanted}}))
    context = {} if given is None else {"some:key": given}
    assert policy.allows(held, GET, OBJECT, context) is holds


def test_variables_are_replaced_and_unknown_ones_match_nothing() -> None:
    held = policies(statement(Resource="arn:aws:s3:::home/${aws:username}/*"))
    assert policy.allows(held, GET, "arn:aws:s3:::home/ann/x", {"aws:username": ["ann"]})
    assert not policy.allows(held, GET, "arn:aws:s3:::home/bob/x", {"aws:username": ["ann"]})
    assert not policy.allows(held, GET, "arn:aws:s3:::home//x")


def test_a_boundary_only_narrows() -> None:
    held, boundary = policies(statement(Action="*")), policies(statement(Action="s3:*"))
    assert policy.evaluate(held, GET, OBJECT, boundaries=[boundary]).allowed
    assert not policy.evaluate(held, "ec2:RunInstances", "*", boundaries=[boundary]).allowed
    assert not policy.evaluate([], GET, OBJECT, boundaries=[boundary]).allowed


def trust(principal: object, **members: object) -> Policy:
    source = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal, **members}
    return policy.parse({"Version": "2012-10-17", "Statement": source})


ANN = "arn:aws:iam::111111111111:user/ann"


@pytest.mark.parametrize(
    ("principal", "trusted"),
    [
        ({"AWS": ANN}, True),
        ({"AWS": "arn:aws:iam::111111111111:root"}, True),
        ({"AWS": "111111111111"}, True),
        ({"AWS": ["arn:aws:iam::222222222222:root", ANN]}, True),
        ({"AWS": "arn:aws:iam::222222222222:root"}, False),
        ({"AWS": "arn:aws:iam::111111111111:user/bob"}, False),
        ({"Service": "lambda.amazonaws.com"}, False),
        ("*", True),
        ({"AWS": "*"}, True),
    ],
)
def test_trust(principal: object, trusted: bool) -> None:
    assert policy.trusts(trust(principal), ANN, "AWS", "111111111111", "sts:AssumeRole") is trusted


def test_trust_in_a_role_means_its_sessions_and_a_service_only_itself() -> None:
    session = "arn:aws:sts::111111111111:assumed-role/worker/me"
    named = trust({"AWS": "arn:aws:iam::111111111111:role/jobs/worker"})
    assert policy.trusts(named, session, "AWS", "111111111111", "sts:AssumeRole")
    lambda_only = trust({"Service": "lambda.amazonaws.com"})
    assert policy.trusts(lambda_only, "lambda.amazonaws.com", "Service", "", "sts:AssumeRole")
    assert not policy.trusts(lambda_only, "ec2.amazonaws.com", "Service", "", "sts:AssumeRole")


def test_many_wildcards_are_never_slow() -> None:
    held = policies(statement(Action="s3:" + "*a" * 500, Resource="*"))
    assert not policy.allows(held, "s3:" + "a" * 2000 + "b", OBJECT)
    assert policy.allows(held, "s3:" + "a" * 2000, OBJECT)
