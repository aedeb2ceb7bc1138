import io
import json
import tarfile

import pytest
from botocore.exceptions import ClientError
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, Custom, as_csv, 請求, 配送

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def custom(server):
    return Custom(server)


@pytest.fixture(scope="module")
def support(custom):
    """A classifier that tells bills from parcels, in English."""
    uri = custom.put("support/train.csv", as_csv(BILLING=BILLING, DELIVERY=DELIVERY))
    arn = custom.create("support", uri, OutputDataConfig={"S3Uri": f"s3://{BUCKET}/out"})
    found = custom.ended(arn)
    assert found["Status"].startswith("TRAINED"), found
    return arn


def refused(call, code, words, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def test_a_text_gets_the_class_that_it_is_about(custom, support):
    endpoint = custom.endpoint("support", support)
    answers = {
        text: custom.comprehend.classify_document(Text=text, EndpointArn=endpoint)
        for text in ("You charged my card for a refund that I never got", "My parcel is late, where is the courier?")
    }
    best = [answer["Classes"][0]["Name"] for answer in answers.values()]
    assert best == ["BILLING", "DELIVERY"]
    for answer in answers.values():
        assert sum(each["Score"] for each in answer["Classes"]) == pytest.approx(1, abs=1e-3)
        assert answer["Classes"][0]["Score"] > answer["Classes"][1]["Score"]
        assert answer["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("linear-classifier/")


def test_bytes_of_plain_text_are_classified_with_their_page(custom, support):
    endpoint = custom.endpoint("bytes", support)
    text = "the invoice amount is wrong, refund my payment"
    answer = custom.comprehend.classify_document(Bytes=text.encode(), EndpointArn=endpoint)
    assert answer["Classes"][0]["Name"] == "BILLING" and answer["Classes"][0]["Page"] == 1
    assert answer["DocumentMetadata"]["ExtractedCharacters"] == [{"Page": 1, "Count": len(text)}]
    refused(
        custom.comprehend.classify_document,
        "TextSizeLimitExceededException",
        "100001 bytes",
        Text="a" * 100_001,
        EndpointArn=endpoint,
    )


def test_the_archive_holds_the_confusion_matrix_of_documents_put_aside(custom, support):
    found = custom.describe(support)
    metadata = found["ClassifierMetadata"]
    assert metadata["NumberOfLabels"] == 2
    assert metadata["NumberOfTrainedDocuments"] + metadata["NumberOfTestDocuments"] == len(BILLING) + len(DELIVERY)
    uri = found["OutputDataConfig"]["S3Uri"]
    assert uri.startswith(f"s3://{BUCKET}/out/") and uri.endswith("/output/output.tar.gz")
    body = custom.s3.get_object(Bucket=BUCKET, Key=uri.split("/", 3)[3])["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        (name,) = archive.getnames()
        matrix = json.load(archive.extractfile(name))
    assert name == "confusion_matrix.json"
    assert matrix["type"] == "multi_class" and matrix["labels"] == ["BILLING", "DELIVERY"]
    rows = matrix["confusion_matrix"]
    assert sum(map(sum, rows)) == metadata["NumberOfTestDocuments"]
    right = (rows[0][0] + rows[1][1]) / metadata["NumberOfTestDocuments"]
    assert metadata["EvaluationMetrics"]["Accuracy"] == pytest.approx(right)


def test_japanese_labels_and_texts(custom):
    uri = custom.put("ja/train.csv", as_csv(請求=請求, 配送=配送))
    arn = custom.create("japanese", uri, language="ja")
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    endpoint = custom.endpoint("japanese", arn)
    classify = custom.comprehend.classify_document
    texts = ("料金が二重に請求されています。返金してください。", "荷物の箱が壊れていました。いつ届きますか。")
    assert [classify(Text=text, EndpointArn=endpoint)["Classes"][0]["Name"] for text in texts] == ["請求", "配送"]


def test_other_training_data_give_other_answers(custom, support):
    """The same texts under each other's labels turn the answer round."""
    uri = custom.put("swapped.csv", as_csv(BILLING=DELIVERY, DELIVERY=BILLING))
    arn = custom.create("support", uri, VersionName="swapped")
    assert arn == f"{support}/version/swapped"
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    endpoint = custom.endpoint("swapping", support)
    text = "My refund is missing on the invoice"
    before = custom.comprehend.classify_document(Text=text, EndpointArn=endpoint)["Classes"][0]["Name"]
    custom.comprehend.update_endpoint(EndpointArn=endpoint, DesiredModelArn=arn)
    after = custom.comprehend.classify_document(Text=text, EndpointArn=endpoint)["Classes"][0]["Name"]
    assert (before, after) == ("BILLING", "DELIVERY")
    summary = custom.comprehend.list_document_classifier_summaries()["DocumentClassifierSummariesList"]
    assert next(each for each in summary if each["DocumentClassifierName"] == "support")["NumberOfVersions"] == 2


def test_documents_may_have_several_labels(custom):
    both = [f"{one} and {other.lower()}" for one, other in zip(BILLING, DELIVERY, strict=True)]
    rows = as_csv(**{"money": BILLING, "parcel": DELIVERY, "money#parcel": both})
    uri = custom.put("several.csv", rows)
    config = {"S3Uri": uri, "LabelDelimiter": "#"}
    arn = custom.create("several", Mode="MULTI_LABEL", InputDataConfig=config)
    found = custom.ended(arn)
    assert found["Status"].startswith("TRAINED")
    assert found["ClassifierMetadata"]["NumberOfLabels"] == 2
    assert 0 <= found["ClassifierMetadata"]["EvaluationMetrics"]["HammingLoss"] < 0.5
    endpoint = custom.endpoint("several", arn)

    def labels(text):
        answer = custom.comprehend.classify_document(Text=text, EndpointArn=endpoint)["Labels"]
        return {each["Name"] for each in answer if each["Score"] >= 0.5}

    assert labels("I was charged twice for the same order") == {"money"}
    assert labels("Where is my parcel?") == {"parcel"}
    assert labels(both[0]) == {"money", "parcel"}


def test_an_augmented_manifest_may_point_to_objects(custom):
    lines = []
    for number, (text, label) in enumerate([(t, "pay") for t in BILLING] + [(t, "ship") for t in DELIVERY]):
        source = {"source": text} if number % 2 else {"source-ref": custom.put(f"texts/{number}.txt", text)}
        lines.append(json.dumps({**source, "job": number % 2, "job-metadata": {"class-name": label}}))
    uri = custom.put("manifest.jsonl", "\n".join(lines))
    config = {
        "DataFormat": "AUGMENTED_MANIFEST",
        "AugmentedManifests": [{"S3Uri": uri, "AttributeNames": ["job"]}],
    }
    arn = custom.create("manifest", InputDataConfig=config)
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    endpoint = custom.endpoint("manifest", arn)
    answer = custom.comprehend.classify_document(Text="The courier lost the package", EndpointArn=endpoint)
    assert answer["Classes"][0]["Name"] == "ship"

    lines[3] = json.dumps({"source-ref": f"s3://{BUCKET}/nowhere.txt", "job-metadata": {"class-name": "x"}, "job": 0})
    config["AugmentedManifests"][0]["S3Uri"] = custom.put("broken.jsonl", "\n".join(lines))
    message = custom.ended(custom.create("nowhere", InputDataConfig=config))["Message"]
    assert f"s3://{BUCKET}/broken.jsonl, line 4" in message and "nowhere.txt" in message


GOOD = as_csv(A=BILLING, B=DELIVERY)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (GOOD.replace('"Where is my parcel?"', "Where, is my, parcel?"), ["line 13", "two columns", "has 4"]),
        (GOOD.encode().replace(b"parcel?", b"par\xffcel?"), ["line 13", "not UTF-8"]),
        (as_csv(A=BILLING), ["at least 2 different labels", "'A'"]),
        (as_csv(A=BILLING, B=DELIVERY[:4]), ["at least 10 documents", "'B' (4)"]),
        ("LABEL,TEXT\n" + GOOD, ["'LABEL' (1)", "no header"]),
        (GOOD + "A,\n", ["line 25", "empty"]),
        (GOOD + 'A,"open\n', ["line 25", "CSV"]),
    ],
    ids=["ragged", "encoding", "one-class", "few", "header", "empty", "quotes"],
)
def test_data_that_nothing_can_be_learned_from_name_file_and_line(custom, data, words, request):
    name = request.node.callspec.id
    found = custom.ended(custom.create(f"bad-{name}", custom.put(f"bad/{name}.csv", data)))
    assert found["Status"] == "IN_ERROR"
    assert "ClassifierMetadata" not in found
    for word in words:
        assert word in found["Message"]
    if "line" in words[0]:
        assert f"s3://{BUCKET}/bad/{name}.csv" in found["Message"]


def test_input_that_is_not_there(custom):
    found = custom.ended(custom.create("no-input", f"s3://{BUCKET}/nothing/here"))
    assert found["Status"] == "IN_ERROR"
    assert "NO_READ_ACCESS_TO_INPUT" in found["Message"] and "nothing/here" in found["Message"]


def test_what_the_door_refuses(custom, support):
    def create(words, code="InvalidRequestException", **more):
        request = {
            "DocumentClassifierName": "refused",
            "DataAccessRoleArn": custom.role,
            "InputDataConfig": {"S3Uri": f"s3://{BUCKET}/support/"},
            "LanguageCode": "en",
            **more,
        }
        refused(custom.comprehend.create_document_classifier, code, words, **request)

    create("Could not assume role", DataAccessRoleArn="arn:aws:iam::000000000000:role/nobody")
    create("S3Uri is required", InputDataConfig={"DataFormat": "COMPREHEND_CSV"})
    create("AugmentedManifests is required", InputDataConfig={"DataFormat": "AUGMENTED_MANIFEST"})
    create("NO_WRITE_ACCESS_TO_OUTPUT", OutputDataConfig={"S3Uri": "s3://no-such-bucket-here/x"})
    create("Documents is required", InputDataConfig={"S3Uri": "s3://abc/d", "DocumentType": "SEMI_STRUCTURED_DOCUMENT"})
    create("not JSON", ModelPolicy="{")
    create("exists already", "ResourceInUseException", DocumentClassifierName="support")
    create("'s3uri'|'S3Uri'|s3Uri", "ValidationException", InputDataConfig={"S3Uri": "http://x"})
    many = [{"Key": str(number), "Value": ""} for number in range(51)]
    create("at most 50", "TooManyTagsException", Tags=many)
    assert not custom.comprehend.list_document_classifiers(Filter={"DocumentClassifierName": "refused"})[
        "DocumentClassifierPropertiesList"
    ]


def test_a_token_makes_a_repeated_request_the_same(custom, support):
    uri = f"s3://{BUCKET}/support/train.csv"
    one = custom.create("token", uri, ClientRequestToken="once")
    assert custom.create("token", uri, ClientRequestToken="once") == one
    custom.ended(one)


def test_lists_follow_the_filter_and_the_pages(custom, support):
    uri = f"s3://{BUCKET}/nothing-listed"
    made = [custom.create("listed", uri, VersionName=f"v{number}") for number in range(3)]
    for arn in made:
        custom.ended(arn)
    list_all = custom.comprehend.list_document_classifiers
    seen, token = [], {}
    while True:
        page = list_all(Filter={"DocumentClassifierName": "listed"}, MaxResults=2, **token)
        seen += [each["DocumentClassifierArn"] for each in page["DocumentClassifierPropertiesList"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert seen == made[::-1]
    trained = list_all(Filter={"DocumentClassifierName": "listed", "Status": "TRAINED"})
    assert trained["DocumentClassifierPropertiesList"] == []
    refused(list_all, "InvalidRequestException", "NextToken", NextToken="made-up")


def test_a_classifier_is_deleted_once_nothing_uses_it(custom):
    uri = custom.put("deleted.csv", GOOD)
    arn = custom.create("deleted", uri)
    custom.ended(arn)
    endpoint = custom.endpoint("deleted", arn)
    delete = custom.comprehend.delete_document_classifier
    refused(delete, "ResourceInUseException", "deleted", DocumentClassifierArn=arn)
    custom.comprehend.delete_endpoint(EndpointArn=endpoint)
    delete(DocumentClassifierArn=arn)
    refused(delete, "ResourceNotFoundException", "Could not find", DocumentClassifierArn=arn)
    refused(
        custom.comprehend.classify_document, "ResourceUnavailableException", "deleted", Text="x", EndpointArn=endpoint
    )
