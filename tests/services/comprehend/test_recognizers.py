import json

import pytest
from botocore.exceptions import ClientError
from tests import documents
from tests.services.comprehend.custom import BUCKET
from tests.services.comprehend.recognizing import Recognizing, english, japanese, lines

pytestmark = pytest.mark.weights

TEXT = "Ask Nora Winkler whether the Kestrel-5 can be repaired."


@pytest.fixture(scope="module")
def custom(server):
    return Recognizing(server)


@pytest.fixture(scope="module")
def service(custom):
    """A recognizer of machines and engineers, in English."""
    arn = custom.train("service", custom.config("service", english()), Tags=[{"Key": "team", "Value": "field"}])
    found = custom.trained(arn)
    assert found["Status"] == "TRAINED", found
    return arn


def refused(call, code, words, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    assert caught.value.response["Error"]["Code"] == code


def test_names_that_it_has_never_read_are_found_by_what_stands_around_them(custom, service):
    endpoint = custom.endpoint("service", service)
    assert custom.entities(endpoint, TEXT) == [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")]
    other = "I bought a Tornado last week and Pablo Reyes repaired it."
    assert custom.entities(endpoint, other) == [("Tornado", "MACHINE"), ("Pablo Reyes", "ENGINEER")]
    assert custom.entities(endpoint, "Nothing was delivered on Friday.") == []
    assert custom.entities(endpoint, "   ") == []


def test_offsets_are_characters_behind_emoji_and_combining_marks(custom, service):
    endpoint = custom.endpoint("emoji", service)
    text = "👩‍🔧 Ole\u0301! Ask Nora Winkler whether the AX-12 can be cleaned. 🎉"
    assert custom.entities(endpoint, text) == [("Nora Winkler", "ENGINEER"), ("AX-12", "MACHINE")]


def test_who_answered_is_told_and_bytes_are_a_page(custom, service):
    endpoint = custom.endpoint("bytes", service)
    detect = custom.comprehend.detect_entities
    from_text = detect(Text=TEXT, EndpointArn=endpoint, LanguageCode="ja")
    assert from_text["ResponseMetadata"]["HTTPHeaders"]["x-honmono-engine"].startswith("e5-crf/")
    from_bytes = detect(Bytes=TEXT.encode(), EndpointArn=endpoint)
    assert from_bytes["Entities"] == from_text["Entities"]
    assert from_bytes["DocumentMetadata"]["ExtractedCharacters"] == [{"Page": 1, "Count": len(TEXT)}]
    refused(detect, "InvalidRequestException", "either Text or Bytes", EndpointArn=endpoint)
    refused(detect, "TextSizeLimitExceededException", "100001 bytes", Text="a" * 100_001, EndpointArn=endpoint)
    none = "arn:aws:comprehend:us-east-1:000000000000:entity-recognizer-endpoint/none"
    refused(detect, "ResourceUnavailableException", "none", Text=TEXT, EndpointArn=none)


def test_entities_of_native_documents_stand_in_blocks(custom, service):
    """The words of a PDF, a Word document and a picture; another document, other entities."""
    endpoint = custom.endpoint("native", service)
    other = "I bought a Tornado last week and Pablo Reyes repaired it."
    makers = (lambda text: documents.pdf([text]), documents.docx, lambda text: documents.picture([text]))
    for text, names in ((TEXT, ["Nora Winkler", "Kestrel-5"]), (other, ["Tornado", "Pablo Reyes"])):
        for make, kind in zip(makers, ("NATIVE_PDF", "MS_WORD", "IMAGE"), strict=True):
            answer = custom.comprehend.detect_entities(Bytes=make(text), EndpointArn=endpoint)
            assert [each["Text"] for each in answer["Entities"]] == names
            assert answer["DocumentType"] == [{"Page": 1, "Type": kind}]
            blocks = {block["Id"]: block for block in answer["Blocks"]}
            for entity in answer["Entities"]:
                assert "BeginOffset" not in entity
                (line,) = entity["BlockReferences"]
                said = blocks[line["BlockId"]]["Text"][line["BeginOffset"] : line["EndOffset"]]
                words = [
                    blocks[each["ChildBlockId"]]["Text"][each["BeginOffset"] : each["EndOffset"]]
                    for each in line["ChildBlocks"]
                ]
                assert said == " ".join(words) == entity["Text"]
            assert all(("Geometry" in block) is (kind != "MS_WORD") for block in answer["Blocks"])


def test_a_long_text_is_read_to_its_end(custom, service):
    endpoint = custom.endpoint("long", service)
    text = "Nothing was delivered on Monday. " * 2900 + TEXT
    found = custom.comprehend.detect_entities(Text=text, EndpointArn=endpoint)["Entities"]
    assert [each["Text"] for each in found][-2:] == ["Nora Winkler", "Kestrel-5"]
    assert found[-1]["BeginOffset"] == text.index("Kestrel-5")


def test_the_figures_are_of_documents_put_aside(custom, service):
    metadata = custom.recognizer(service)["RecognizerMetadata"]
    marked = english()
    distinct = len({text for text, _ in marked})
    assert metadata["NumberOfTestDocuments"] >= 0.1 * distinct
    assert metadata["NumberOfTrainedDocuments"] + metadata["NumberOfTestDocuments"] == len(marked)
    assert 50 < metadata["EvaluationMetrics"]["F1Score"] <= 100
    kinds = {each["Type"]: each for each in metadata["EntityTypes"]}
    assert set(kinds) == {"MACHINE", "ENGINEER"}
    for kind, each in kinds.items():
        mentions = sum(name == kind for _, marks in marked for _, name in marks)
        assert 0.5 * mentions < each["NumberOfTrainMentions"] < mentions
        assert 0 <= each["EvaluationMetrics"]["Recall"] <= 100


def test_other_annotations_give_another_answer(custom, service):
    """The same texts with the types turned round, and one type alone: a new version behind the same endpoint."""
    turned = {"MACHINE": "ENGINEER", "ENGINEER": "MACHINE"}
    swapped = [(text, [(name, turned[kind]) for name, kind in marks]) for text, marks in english()]
    second = custom.train("service", custom.config("swapped", swapped), VersionName="swapped")
    third = custom.train("service", custom.config("one", english(), ["MACHINE"]), VersionName="one")
    assert second == f"{service}/version/swapped"
    assert custom.trained(second)["Status"] == custom.trained(third)["Status"] == "TRAINED"
    endpoint = custom.endpoint("versions", service)
    answers = [custom.entities(endpoint, TEXT)]
    for arn in (second, third):
        custom.comprehend.update_endpoint(EndpointArn=endpoint, DesiredModelArn=arn)
        answers.append(custom.entities(endpoint, TEXT))
    assert answers == [
        [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")],
        [("Nora Winkler", "MACHINE"), ("Kestrel-5", "ENGINEER")],
        [("Kestrel-5", "MACHINE")],
    ]
    summaries = custom.comprehend.list_entity_recognizer_summaries()["EntityRecognizerSummariesList"]
    (summary,) = (each for each in summaries if each["RecognizerName"] == "service")
    assert (summary["NumberOfVersions"], summary["LatestVersionName"]) == (3, "one")
    assert summary["LatestVersionStatus"] == "TRAINED"


def test_japanese_names_by_the_character(custom):
    arn = custom.train("japanese", custom.config("ja", japanese()), language="ja")
    assert custom.trained(arn)["Status"] == "TRAINED"
    endpoint = custom.endpoint("japanese", arn)
    text = "技師の松本薫さんによると、銀河三型は修理できます。"
    assert custom.entities(endpoint, text) == [("松本薫", "ENGINEER"), ("銀河三型", "MACHINE")]
    assert custom.entities(endpoint, "火曜日には何も届きませんでした。") == []


def test_an_entity_list_teaches_more_than_the_list(custom):
    marked = english()
    names = sorted({(name, kind) for _, marks in marked for name, kind in marks})
    csv = "Text,Type\r\n" + "".join(f'"{name}",{kind}\r\n' for name, kind in names)
    config = {
        "EntityTypes": [{"Type": "MACHINE"}, {"Type": "ENGINEER"}],
        "Documents": {"S3Uri": custom.put("list/documents.txt", lines(marked)), "InputFormat": "ONE_DOC_PER_LINE"},
        "EntityList": {"S3Uri": custom.put("list/list.csv", "\ufeff" + csv)},
    }
    arn = custom.train("listed", config)
    assert custom.trained(arn)["Status"] == "TRAINED"
    endpoint = custom.endpoint("listed", arn)
    assert custom.entities(endpoint, TEXT) == [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")]


def test_documents_in_files_of_their_own_with_a_test_set(custom):
    """Offsets count from the file's beginning, line breaks too; the test's figures are of its own documents."""

    def put(folder, marked):
        rows = ["File,Begin Offset,End Offset,Type"]
        for number in range(0, len(marked), 8):
            part = marked[number : number + 8]
            text = "\r\n".join(each for each, _ in part)
            custom.put(f"{folder}/docs/{number}.txt", text)
            start = 0
            for each, marks in part:
                for name, kind in marks:
                    begin = text.index(name, start)
                    rows.append(f"{number}.txt,{begin},{begin + len(name)},{kind}")
                start += len(each)
        return f"s3://{BUCKET}/{folder}/docs/", custom.put(f"{folder}/marks.csv", "\n".join(rows))

    documents, marks = put("files", english())
    test, test_marks = put("files-test", english(104)[96:])
    config = {
        "EntityTypes": [{"Type": "MACHINE"}, {"Type": "ENGINEER"}],
        "Documents": {"S3Uri": documents, "TestS3Uri": test, "InputFormat": "ONE_DOC_PER_FILE"},
        "Annotations": {"S3Uri": marks, "TestS3Uri": test_marks},
    }
    arn = custom.train("files", config)
    found = custom.trained(arn)
    assert found["Status"] == "TRAINED", found
    metadata = found["RecognizerMetadata"]
    assert (metadata["NumberOfTrainedDocuments"], metadata["NumberOfTestDocuments"]) == (12, 1)
    endpoint = custom.endpoint("files", arn)
    assert ("Kestrel-5", "MACHINE") in custom.entities(endpoint, TEXT)


def test_a_manifest_of_ground_truth(custom):
    rows = []
    for text, marks in english():
        entities = [
            {"startOffset": text.index(name), "endOffset": text.index(name) + len(name), "label": kind}
            for name, kind in marks
        ]
        labelled = {"annotations": {"entities": entities, "labels": [{"label": "MACHINE"}, {"label": "ENGINEER"}]}}
        rows.append(
            json.dumps({"source": text, "names": labelled, "names-metadata": {"type": "groundtruth/text-span"}})
        )
    config = {
        "DataFormat": "AUGMENTED_MANIFEST",
        "EntityTypes": [{"Type": "MACHINE"}, {"Type": "ENGINEER"}],
        "AugmentedManifests": [{"S3Uri": custom.put("m/out.manifest", "\n".join(rows)), "AttributeNames": ["names"]}],
    }
    arn = custom.train("manifest", config)
    assert custom.trained(arn)["Status"] == "TRAINED"
    endpoint = custom.endpoint("manifest", arn)
    assert custom.entities(endpoint, TEXT) == [("Nora Winkler", "ENGINEER"), ("Kestrel-5", "MACHINE")]


def test_tags_policy_and_token(custom, service):
    comprehend = custom.comprehend
    assert comprehend.list_tags_for_resource(ResourceArn=service)["Tags"] == [{"Key": "team", "Value": "field"}]
    policy = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "comprehend:ImportModel"},
        }
    )
    config = custom.config("token", english(3))
    arn = custom.train("token", config, ClientRequestToken="once", ModelPolicy=policy)
    assert json.loads(comprehend.describe_resource_policy(ResourceArn=arn)["ResourcePolicy"]) == json.loads(policy)
    assert custom.train("token", config, ClientRequestToken="once") == arn
    with pytest.raises(comprehend.exceptions.ResourceInUseException, match="An entity recognizer with this name"):
        custom.train("token", config, ClientRequestToken="twice")
    assert custom.trained(arn)["Status"] == "IN_ERROR"


def test_a_recognizer_is_listed_and_deleted(custom, service):
    comprehend = custom.comprehend
    arns = [custom.train(f"page-{number}", custom.config("page", english(3))) for number in range(3)]
    for arn in arns:
        assert custom.trained(arn)["Status"] == "IN_ERROR"
    failed = {"Filter": {"Status": "IN_ERROR"}}
    first = comprehend.list_entity_recognizers(**failed, MaxResults=2)
    second = comprehend.list_entity_recognizers(**failed, MaxResults=500, NextToken=first["NextToken"])
    shown = [each["EntityRecognizerArn"] for page in (first, second) for each in page["EntityRecognizerPropertiesList"]]
    assert [arn for arn in shown if "page-" in arn] == arns[::-1] and service not in shown
    named = comprehend.list_entity_recognizers(Filter={"RecognizerName": "page-1"})["EntityRecognizerPropertiesList"]
    assert [each["EntityRecognizerArn"] for each in named] == [arns[1]]
    custom.endpoint("in-the-way", service)
    refused(comprehend.delete_entity_recognizer, "ResourceInUseException", "serves", EntityRecognizerArn=service)
    comprehend.delete_entity_recognizer(EntityRecognizerArn=arns[0])
    with pytest.raises(comprehend.exceptions.ResourceNotFoundException):
        custom.recognizer(arns[0])
    comprehend.stop_training_entity_recognizer(EntityRecognizerArn=service)
    assert custom.recognizer(service)["Status"] == "TRAINED"


def test_what_is_refused_at_the_door(custom):
    create, config = custom.train, custom.config("door", english(3))
    invalid = "InvalidRequestException"

    def attempt(**changes):
        create("door", {**config, **changes})

    refused(attempt, invalid, "25 are allowed", EntityTypes=[{"Type": f"T{number}"} for number in range(26)])
    refused(attempt, invalid, "names A twice", EntityTypes=[{"Type": "A"}, {"Type": "A"}])
    refused(attempt, invalid, "and not both", EntityList={"S3Uri": f"s3://{BUCKET}/x"})
    refused(attempt, invalid, "needs both", Annotations={**config["Annotations"], "TestS3Uri": f"s3://{BUCKET}/x"})
    refused(attempt, invalid, "AugmentedManifests is required", DataFormat="AUGMENTED_MANIFEST")
    for odd in ("A\nB", "A,B", "A\tB", "x" * 65):
        with pytest.raises(ClientError):
            attempt(EntityTypes=[{"Type": odd}])
    with pytest.raises(custom.comprehend.exceptions.UnsupportedLanguageException, match="en, es, fr"):
        create("door", config, language="ko")
    del config["Documents"]
    refused(attempt, invalid, "Documents is required")
