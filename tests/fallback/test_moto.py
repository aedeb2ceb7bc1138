from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.exceptions import ClientError

from honmono.fallback import ENGINE
from honmono.fallback.barred import barred_modules

pytestmark = pytest.mark.slow


def moto_process(server) -> int:
    child = server.app.fallback._moto._child
    assert child is not None
    return child.pid


def engine_of(answer) -> str:
    return answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"]


def code_of(error: pytest.ExceptionInfo[ClientError]) -> tuple[str, int]:
    response = error.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def test_what_is_not_ours_is_simulated_and_says_so(server):
    sqs = server.client("sqs", region_name="eu-west-1")
    created = sqs.create_queue(QueueName="jobs")
    assert engine_of(created) == ENGINE
    url = created["QueueUrl"]
    assert url == f"{server.url}/000000000000/jobs"
    for text in ("first", "zweite Nachricht"):
        sqs.send_message(QueueUrl=url, MessageBody=text)
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert {message["Body"] for message in got} == {"first", "zweite Nachricht"}


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("sns", lambda client: client.create_topic(Name="t")["TopicArn"]),
        ("kms", lambda client: client.create_key()["KeyMetadata"]["Arn"]),
        ("lambda", lambda client: str(client.list_functions()["Functions"])),
        ("route53", lambda client: str(client.list_hosted_zones()["HostedZones"])),
        ("ec2", lambda client: str(client.describe_vpcs()["Vpcs"])),
    ],
    ids=["query", "json", "rest-json", "rest-xml", "ec2"],
)
def test_every_protocol_passes(server, service, call):
    assert "123456789012" not in call(server.client(service))


def test_accounts_and_regions_are_kept_apart(server):
    for region in ("eu-west-1", "us-west-2"):
        server.client("sns", region_name=region).create_topic(Name=f"only-{region}")
    foreign = {"aws_access_key_id": "FOOBARKEY", "aws_secret_access_key": "FOOBARSECRET"}
    server.client("sns", region_name="eu-west-1", **foreign).create_topic(Name="foreign")
    topics = [topic["TopicArn"] for topic in server.client("sns", region_name="eu-west-1").list_topics()["Topics"]]
    assert topics == ["arn:aws:sns:eu-west-1:000000000000:only-eu-west-1"]
    [theirs] = server.client("sns", region_name="eu-west-1", **foreign).list_topics()["Topics"]
    assert theirs["TopicArn"] == "arn:aws:sns:eu-west-1:123456789012:foreign"


def test_a_forged_signature_does_not_reach_it(server):
    with pytest.raises(ClientError) as refused:
        server.client("sns", aws_secret_access_key="guess").create_topic(Name="t")
    assert code_of(refused) == ("SignatureDoesNotMatch", 403)
    with pytest.raises(ClientError) as unknown:
        server.client("dynamodb", aws_access_key_id="NOBODY").list_tables()
    assert code_of(unknown)[0] == "UnrecognizedClientException"


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("ec2", lambda client: client.describe_trunk_interface_associations()),
        ("dynamodb", lambda client: client.describe_contributor_insights(TableName="x")),
        ("apigateway", lambda client: client.get_sdk_types()),
        ("route53", lambda client: client.list_cidr_locations(CollectionId="0" * 8 + "-0000-0000-0000-" + "0" * 12)),
        ("amplify", lambda client: client.list_apps()),
    ],
)
def test_what_moto_lacks_is_a_typed_error(server, service, call):
    with pytest.raises(ClientError) as missing:
        call(server.client(service))
    assert code_of(missing) == ("NotImplemented", 501)
    assert "<" not in missing.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("service", "call"),
    [
        ("sagemaker", lambda client: client.list_models()),
        ("sagemaker-runtime", lambda client: client.invoke_endpoint(EndpointName="e", Body=b"x")),
        ("forecast", lambda client: client.list_datasets()),
    ],
)
def test_the_constants_of_our_own_services_are_never_told(server, service, call):
    with pytest.raises(ClientError) as missing:
        call(server.client(service))
    assert code_of(missing) == ("NotImplemented", 501)


def test_our_services_are_barred_by_their_names():
    assert {"s3", "s3bucket_path", "logs", "moto_api", "rekognition"} <= barred_modules(["s3", "logs"])
    assert "lexv2models" in barred_modules(["lexv2-models"])
    assert "sns" not in barred_modules(["s3"])


def test_it_may_not_be_steered_past_the_door(server):
    """moto's own header for the account, and its own pages."""
    sns = server.client("sns", region_name="ap-south-1")

    def disguise(request, **_):
        request.headers["x-moto-account-id"] = "999999999999"

    sns.meta.events.register("before-send.sns", disguise)
    assert ":000000000000:" in sns.create_topic(Name="mine")["TopicArn"]


def test_motos_own_pages_are_shut(server):
    """They show and empty its state; a signature for some service must not open them."""
    apis = server.client("apigateway")

    def redirect(params, **_):
        params["url"] = f"{server.url}/moto-api/data.json"

    apis.meta.events.register("before-call.apigateway", redirect)
    with pytest.raises(ClientError) as refused:
        apis.get_rest_apis()
    assert code_of(refused)[1] == 501


def test_a_crash_costs_the_request_and_is_healed(server):
    sns = server.client("sns")
    sns.create_topic(Name="before")
    pid = moto_process(server)
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(sns.create_topic, Name="during")
        time.sleep(0.3)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ClientError) as lost:
            waiting.result(10)
    assert code_of(lost) == ("ServiceUnavailable", 503)
    assert "SIGKILL" in lost.value.response["Error"]["Message"]
    assert sns.list_topics()["Topics"] == []
    assert moto_process(server) != pid


def test_nothing_of_moto_is_in_the_server():
    """It grows to 500 MB: none of that may be in the process that must not fall over."""
    code = (
        "import honmono.app, honmono.fallback, sys; "
        "print([name for name in sys.modules if name.split('.')[0] in ('moto', 'boto3', 'flask')])"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    printed = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"


def test_reset_empties_it(server):
    sns = server.client("sns")
    sns.create_topic(Name="gone")
    server.app.fallback.reset()
    assert sns.list_topics()["Topics"] == []


def test_eight_clients_at_once(server):
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName="busy")["QueueUrl"]

    def send(number):
        server.client("sqs").send_message(QueueUrl=url, MessageBody=str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(40)))
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    assert attributes["Attributes"]["ApproximateNumberOfMessages"] == "40"
