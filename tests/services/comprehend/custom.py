"""What the tests of custom classification share: a role, a bucket, little data, and waiting with an end."""

import json
import time
from typing import Any

from tests.conftest import RunningServer

BUCKET = "custom-data"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "comprehend.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}

BILLING = [
    "I was charged twice for the same order",
    "My invoice shows the wrong amount",
    "Please refund the payment of last week",
    "Why is my credit card bill so high?",
    "The subscription fee was taken although I cancelled",
    "I need a copy of the receipt for my taxes",
    "The discount was not applied to my bill",
    "Can I pay by bank transfer instead of card?",
    "My refund has not arrived on the account",
    "There is an unknown charge on my statement",
    "How much does the premium plan cost a month?",
    "The payment failed but the money is gone",
]
DELIVERY = [
    "Where is my parcel?",
    "The package arrived with a broken box",
    "My order has not been delivered yet",
    "The courier left the box in the rain",
    "Can you ship to another address?",
    "The tracking number does not work",
    "The delivery is three days late",
    "I received somebody else's package",
    "When will my shipment leave the warehouse?",
    "The driver could not find my house",
    "Half of the items were missing in the parcel",
    "Please deliver it to the neighbours",
]
請求 = [
    "請求書の金額が間違っています",
    "二重に引き落とされました",
    "返金はいつになりますか",
    "領収書を発行してください",
    "クレジットカードの支払いができません",
    "割引が適用されていません",
    "月額料金を教えてください",
    "解約したのに料金を取られました",
    "銀行振込で支払えますか",
    "身に覚えのない請求があります",
]
配送 = [
    "荷物がまだ届きません",
    "箱が壊れて届きました",
    "配達日を変更したいです",
    "追跡番号が使えません",
    "届け先の住所を変えてください",
    "別の人の荷物が届きました",
    "いつ発送されますか",
    "配達員が家を見つけられませんでした",
    "商品が一つ足りません",
    "隣の家に届けてください",
]


def as_csv(**documents: list[str]) -> str:
    return "".join(f'{label},"{text}"\n' for label, texts in documents.items() for text in texts)


class Custom:
    """A server with a role and a bucket, and the steps that most tests begin with."""

    def __init__(self, server: RunningServer) -> None:
        self.server = server
        self.comprehend = server.client("comprehend")
        self.s3 = server.client("s3")
        self.s3.create_bucket(Bucket=BUCKET)
        role = server.client("iam").create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST))
        self.role = role["Role"]["Arn"]

    def put(self, key: str, data: str | bytes) -> str:
        self.s3.put_object(Bucket=BUCKET, Key=key, Body=data if isinstance(data, bytes) else data.encode())
        return f"s3://{BUCKET}/{key}"

    def create(self, name: str, uri: str = "", *, language: str = "en", **more: Any) -> str:
        request = {
            "DocumentClassifierName": name,
            "DataAccessRoleArn": self.role,
            "InputDataConfig": {"S3Uri": uri},
            "LanguageCode": language,
            **more,
        }
        return self.comprehend.create_document_classifier(**request)["DocumentClassifierArn"]

    def describe(self, arn: str) -> dict[str, Any]:
        return self.comprehend.describe_document_classifier(DocumentClassifierArn=arn)["DocumentClassifierProperties"]

    def ended(self, arn: str, seconds: float = 60) -> dict[str, Any]:
        """The classifier once its training has ended."""
        ends = time.monotonic() + seconds
        while (found := self.describe(arn))["Status"] in ("SUBMITTED", "TRAINING", "STOP_REQUESTED"):
            assert time.monotonic() < ends, f"still {found}"
            time.sleep(0.1)
        return found

    def endpoint(self, name: str, arn: str) -> str:
        return self.comprehend.create_endpoint(EndpointName=name, ModelArn=arn, DesiredInferenceUnits=1)["EndpointArn"]
