"""AWS's own managed policies that applications attach by ARN.

AWS has over a thousand and changes them; here are those that can be stated honestly: where AWS's document is a
wildcard, or a short list that has not changed for years, it is AWS's. The others say in their description that
they are wider or narrower than AWS's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from honmono.store import clock
from honmono.store.records import Record, Scope

PREFIX: Final = "arn:aws:iam::aws:policy/"
_APPROXIMATE = "Honmono's approximation of AWS's policy of this name: it allows the services whole that AWS's allows."


@dataclass(frozen=True, slots=True)
class _Managed:
    description: str
    statements: tuple[Mapping[str, Any], ...]


def _allow(*actions: str, resource: str = "*") -> Mapping[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource}


def _pass_role(*services: str) -> Mapping[str, Any]:
    return {
        "Effect": "Allow",
        "Action": "iam:PassRole",
        "Resource": "arn:aws:iam::*:role/*",
        "Condition": {"StringEquals": {"iam:PassedToService": list(services)}},
    }


_LOGS = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")

_POLICIES: Final[Mapping[str, _Managed]] = {
    "AdministratorAccess": _Managed(
        "Provides full access to AWS services and resources.",
        ({"Effect": "Allow", "Action": "*", "Resource": "*"},),
    ),
    "PowerUserAccess": _Managed(
        _APPROXIMATE,
        (
            {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*", "account:*"], "Resource": "*"},
            _allow("iam:CreateServiceLinkedRole", "iam:DeleteServiceLinkedRole", "iam:ListRoles"),
        ),
    ),
    "ReadOnlyAccess": _Managed(
        _APPROXIMATE,
        (_allow("*:Get*", "*:List*", "*:Describe*", "*:BatchGet*", "*:Search*", "*:Query*", "*:Scan*", "*:Head*"),),
    ),
    "IAMFullAccess": _Managed("Provides full access to IAM.", (_allow("iam:*"),)),
    "IAMReadOnlyAccess": _Managed(
        "Provides read only access to IAM.",
        (
            _allow(
                "iam:GenerateCredentialReport",
                "iam:Get*",
                "iam:List*",
                "iam:SimulateCustomPolicy",
                "iam:SimulatePrincipalPolicy",
            ),
        ),
    ),
    "AmazonS3FullAccess": _Managed("Provides full access to all buckets.", (_allow("s3:*", "s3-object-lambda:*"),)),
    "AmazonS3ReadOnlyAccess": _Managed(
        "Provides read only access to all buckets.",
        (_allow("s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"),),
    ),
    "CloudWatchFullAccess": _Managed(_APPROXIMATE, (_allow("cloudwatch:*", "logs:*", "autoscaling:Describe*"),)),
    "CloudWatchReadOnlyAccess": _Managed(
        _APPROXIMATE,
        (
            _allow(
                "cloudwatch:Describe*",
                "cloudwatch:Get*",
                "cloudwatch:List*",
                "logs:Get*",
                "logs:List*",
                "logs:Describe*",
                "logs:FilterLogEvents",
            ),
        ),
    ),
    "CloudWatchLogsFullAccess": _Managed("Provides full access to CloudWatch Logs", (_allow("logs:*"),)),
    "CloudWatchLogsReadOnlyAccess": _Managed(
        _APPROXIMATE, (_allow("logs:Describe*", "logs:Get*", "logs:List*", "logs:FilterLogEvents"),)
    ),
    "AmazonSageMakerFullAccess": _Managed(
        _APPROXIMATE,
        (
            _allow("sagemaker:*", "s3:*", "ecr:*", "logs:*", "cloudwatch:*"),
            _allow("iam:ListRoles", "iam:GetRole", "sts:GetCallerIdentity"),
            _pass_role("sagemaker.amazonaws.com"),
        ),
    ),
    "AmazonSageMakerReadOnly": _Managed(
        _APPROXIMATE, (_allow("sagemaker:Describe*", "sagemaker:List*", "sagemaker:Get*", "sagemaker:BatchGet*"),)
    ),
    "AmazonRekognitionFullAccess": _Managed("Access to all Amazon Rekognition APIs", (_allow("rekognition:*"),)),
    "AmazonTextractFullAccess": _Managed("Access to all Amazon Textract APIs", (_allow("textract:*"),)),
    "AmazonTranscribeFullAccess": _Managed(
        "Provides full access to Amazon Transcribe operations",
        (
            _allow("transcribe:*"),
            {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::*transcribe*"]},
        ),
    ),
    "AmazonPollyFullAccess": _Managed(
        "Grants full access to Amazon Polly service and resources.", (_allow("polly:*"),)
    ),
    "TranslateFullAccess": _Managed(_APPROXIMATE, (_allow("translate:*", "comprehend:DetectDominantLanguage"),)),
    "ComprehendFullAccess": _Managed(
        _APPROXIMATE,
        (
            _allow(
                "comprehend:*",
                "s3:GetBucketLocation",
                "s3:ListAllMyBuckets",
                "s3:ListBucket",
                "iam:GetRole",
                "iam:ListRoles",
            ),
        ),
    ),
    "AmazonMachineLearningFullAccess": _Managed(
        "Provides full access to Amazon Machine Learning resources.", (_allow("machinelearning:*"),)
    ),
    "AmazonForecastFullAccess": _Managed(
        "Gives access to all actions for Amazon Forecast",
        (_allow("forecast:*"), _pass_role("forecast.amazonaws.com")),
    ),
    "AmazonLexFullAccess": _Managed(_APPROXIMATE, (_allow("lex:*", "polly:*", "lambda:GetPolicy", "lambda:List*"),)),
    "AmazonEC2ContainerRegistryFullAccess": _Managed(
        "Provides administrative access to Amazon ECR resources", (_allow("ecr:*", "cloudtrail:LookupEvents"),)
    ),
    "AmazonEC2FullAccess": _Managed(
        _APPROXIMATE, (_allow("ec2:*", "elasticloadbalancing:*", "cloudwatch:*", "autoscaling:*"),)
    ),
    "AmazonECS_FullAccess": _Managed(
        _APPROXIMATE, (_allow("ecs:*", "logs:*", "ec2:Describe*"), _pass_role("ecs-tasks.amazonaws.com"))
    ),
    "AmazonDynamoDBFullAccess": _Managed(_APPROXIMATE, (_allow("dynamodb:*", "dax:*"),)),
    "AmazonSNSFullAccess": _Managed("Provides full access to Amazon SNS.", (_allow("sns:*"),)),
    "AmazonSQSFullAccess": _Managed("Provides full access to Amazon SQS.", (_allow("sqs:*"),)),
    "AWSLambda_FullAccess": _Managed(_APPROXIMATE, (_allow("lambda:*", "logs:*"), _pass_role("lambda.amazonaws.com"))),
    "service-role/AWSLambdaBasicExecutionRole": _Managed(
        "Provides write permissions to CloudWatch Logs.", (_allow(*_LOGS),)
    ),
    "service-role/AWSLambdaRole": _Managed(
        "Default policy for AWS Lambda service role.", (_allow("lambda:InvokeFunction"),)
    ),
    "service-role/AmazonECSTaskExecutionRolePolicy": _Managed(
        "Provides access to other AWS service resources that are required to run Amazon ECS tasks",
        (
            _allow(
                "ecr:GetAuthorizationToken",
                "ecr:BatchCheckLayerAvailability",
                "ecr:GetDownloadUrlForLayer",
                "ecr:BatchGetImage",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ),
        ),
    ),
    "SecurityAudit": _Managed(_APPROXIMATE, (_allow("*:Describe*", "*:List*", "iam:Get*"),)),
    "AWSDenyAll": _Managed("Deny all access.", ({"Sid": "DenyAll", "Effect": "Deny", "Action": "*", "Resource": "*"},)),
}


@cache
def record(arn: str) -> Record | None:
    """The policy as a stored one would be; None for an ARN that is not known here."""
    found = _POLICIES.get(arn.removeprefix(PREFIX))
    if found is None or not arn.startswith(PREFIX):
        return None
    path, _, name = f"/{arn.removeprefix(PREFIX)}".rpartition("/")
    start = clock.moment(0)
    document = json.dumps({"Version": "2012-10-17", "Statement": list(found.statements)})
    body = {
        "path": f"{path}/",
        "id": "ANPA" + name.upper().translate({ord(c): None for c in "0189-_"}).ljust(17, "A")[:17],
        "description": found.description,
        "versions": {"v1": {"document": document, "created": start.isoformat()}},
        "default": "v1",
        "next": 2,
    }
    return Record(Scope("aws", "", "iam"), "policy", name, arn, None, body, 1, start, start, {})


def every() -> list[Record]:
    """All of them."""
    return [found for name in _POLICIES if (found := record(PREFIX + name)) is not None]
