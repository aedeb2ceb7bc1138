"""ClassifyDocument and training with documents in native formats."""

import io
import json
import tarfile

import pytest
from botocore.exceptions import ClientError
from tests import documents
from tests.services.comprehend.analysed import FILES, Jobs
from tests.services.comprehend.custom import BILLING, BUCKET, DELIVERY, Custom, as_csv, 請求, 配送

pytestmark = pytest.mark.weights

PARCEL = "My parcel is late, where is the courier?"
REFUND = "You charged my card twice, refund the invoice"


@pytest.fixture(scope="module")
def custom(server):
    return Custom(server)


@pytest.fixture(scope="module")
def endpoint(custom):
    """A plain-text model."""
    arn = custom.create("support", custom.put("train.csv", as_csv(BILLING=BILLING, DELIVERY=DELIVERY)))
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    return custom.endpoint("support", arn)


def best(answer):
    return max(answer["Classes"], key=lambda each: each["Score"])["Name"]


def refused(call, words, reason=None, **request):
    with pytest.raises(ClientError, match=words) as caught:
        call(**request)
    response = caught.value.response
    assert response["Error"]["Code"] == "InvalidRequestException"
    assert response["Reason"] == "INVALID_DOCUMENT"
    assert response.get("Detail", {}).get("Reason") == reason


MAKERS = {
    "NATIVE_PDF": lambda text: documents.pdf([text]),
    "SCANNED_PDF": lambda text: documents.scanned_pdf(documents.picture([text], ".jpg")),
    "MS_WORD": lambda text: documents.docx(text),
    "IMAGE": lambda text: documents.picture([text]),
}


@pytest.mark.parametrize("kind", MAKERS)
def test_another_text_in_the_document_another_class(custom, endpoint, kind):
    for text, label in ((PARCEL, "DELIVERY"), (REFUND, "BILLING")):
        answer = custom.comprehend.classify_document(Bytes=MAKERS[kind](text), EndpointArn=endpoint)
        assert best(answer) == label
        assert {each["Page"] for each in answer["Classes"]} == {1}
        assert answer["DocumentMetadata"] == {
            "Pages": 1,
            "ExtractedCharacters": [{"Page": 1, "Count": len(text)}],
        }
        assert answer["DocumentType"] == [{"Page": 1, "Type": kind}]
        assert "Errors" not in answer
        (warning,) = answer["Warnings"]
        assert warning["WarnCode"] == "INFERENCING_NATIVE_DOCUMENT_WITH_PLAINTEXT_TRAINED_MODEL"
        as_text = custom.comprehend.classify_document(Text=text, EndpointArn=endpoint)
        scores = {each["Name"]: each["Score"] for each in as_text["Classes"]}
        assert {each["Name"]: each["Score"] for each in answer["Classes"]} == scores
        assert "Warnings" not in as_text


def test_japanese_documents(custom):
    arn = custom.create("nihongo", custom.put("ja.csv", as_csv(請求=請求, 配送=配送)), language="ja")
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    endpoint = custom.endpoint("nihongo", arn)
    texts = {
        "料金が二重に請求されています。返金してください。": "請求",
        "荷物の箱が壊れていました。いつ届きますか。": "配送",
    }
    for text, label in texts.items():
        for make in MAKERS.values():
            answer = custom.comprehend.classify_document(Bytes=make(text), EndpointArn=endpoint)
            assert best(answer) == label
            assert answer["DocumentMetadata"]["ExtractedCharacters"][0]["Count"] == pytest.approx(len(text), abs=1)


def test_what_textract_answered(custom, endpoint):
    def block(kind, name, text, **more):
        box = {"Left": 0.1, "Top": 0.1, "Width": 0.2, "Height": 0.05}
        return {"Id": name, "BlockType": kind, "Text": text, "Geometry": {"BoundingBox": box}, **more}

    words = PARCEL.split()
    children = [{"Type": "CHILD", "Ids": [f"w{at}" for at in range(len(words))]}]
    output = {
        "DocumentMetadata": {"Pages": 1},
        "Blocks": [
            {"Id": "p", "BlockType": "PAGE"},
            block("LINE", "l", PARCEL, Relationships=children),
            *(block("WORD", f"w{at}", word) for at, word in enumerate(words)),
        ],
        "DetectDocumentTextModelVersion": "1.0",
    }
    classify = custom.comprehend.classify_document
    answer = classify(Bytes=json.dumps(output).encode(), EndpointArn=endpoint)
    assert best(answer) == "DELIVERY"
    assert answer["DocumentType"] == [{"Page": 1, "Type": "TEXTRACT_DETECT_DOCUMENT_TEXT_JSON"}]
    output["AnalyzeDocumentModelVersion"] = output.pop("DetectDocumentTextModelVersion")
    answer = classify(Bytes=json.dumps(output).encode(), EndpointArn=endpoint)
    assert answer["DocumentType"] == [{"Page": 1, "Type": "TEXTRACT_ANALYZE_DOCUMENT_JSON"}]
    output["Blocks"][1]["Page"] = 2
    refused(classify, "MISMATCHED_TOTAL_PAGE_COUNT", Bytes=json.dumps(output).encode(), EndpointArn=endpoint)
    output["DocumentMetadata"]["Pages"] = 2
    refused(
        classify,
        "PAGE_LIMIT_EXCEEDED",
        "PAGE_LIMIT_EXCEEDED",
        Bytes=json.dumps(output).encode(),
        EndpointArn=endpoint,
    )
    output = {"DocumentMetadata": {"Pages": 1}, "Blocks": [{"BlockType": "LINE"}]}
    refused(classify, "NOT_TEXTRACT_JSON", Bytes=json.dumps(output).encode(), EndpointArn=endpoint)
    answer = classify(Bytes=b'{"Blocks": "of wood, delivered late"}', EndpointArn=endpoint)
    assert answer["DocumentType"] == [{"Page": 1, "Type": "PLAIN_TEXT"}]


def test_the_reader_is_told_how_to_read(custom, endpoint):
    def classify(data, **config):
        return custom.comprehend.classify_document(Bytes=data, EndpointArn=endpoint, DocumentReaderConfig=config)

    # The layer of text says one thing and the picture another: the answer shows which was read.
    lying = documents.scanned_pdf(documents.picture([PARCEL], ".jpg"), layer=REFUND)
    for mode, label in (("SERVICE_DEFAULT", "BILLING"), ("FORCE_DOCUMENT_READ_ACTION", "DELIVERY")):
        for action in (
            {"DocumentReadAction": "TEXTRACT_DETECT_DOCUMENT_TEXT"},
            {"DocumentReadAction": "TEXTRACT_ANALYZE_DOCUMENT", "FeatureTypes": ["TABLES", "FORMS"]},
        ):
            answer = classify(lying, DocumentReadMode=mode, **action)
            assert best(answer) == label
            assert answer["DocumentType"] == [{"Page": 1, "Type": "NATIVE_PDF"}]
    with pytest.raises(ClientError, match="FeatureTypes is required"):
        classify(lying, DocumentReadAction="TEXTRACT_ANALYZE_DOCUMENT")


def test_documents_that_are_refused(custom, endpoint):
    classify = custom.comprehend.classify_document

    def refuse(data, words, reason=None):
        refused(classify, words, reason, Bytes=data, EndpointArn=endpoint)

    refuse(documents.encrypted_pdf(["x"]), "INVALID_DOCUMENT: .*password")
    refuse(documents.pdf(["x"])[:200], "INVALID_DOCUMENT: the PDF is damaged")
    refuse(documents.billion_laughs(), "declares entities")
    refuse(documents.external_entity("/etc/passwd"), "declares entities")
    refuse(documents.zip_bomb(80), "unpacks to more than")
    refuse(documents.pdf(["one"], ["two"]), "has 2 pages; at most 1", "PAGE_LIMIT_EXCEEDED")
    refuse(documents.docx("one", "\f", "two"), "has 2 pages", "PAGE_LIMIT_EXCEEDED")
    refuse(documents.tiff(["one"], ["two"]), "has 2 pages", "PAGE_LIMIT_EXCEEDED")
    refuse(b"GIF89a" + bytes(30), "GIF", "UNSUPPORTED_DOC_TYPE")
    refuse("café".encode("latin-1"), "neither UTF-8", "UNSUPPORTED_DOC_TYPE")
    refuse(b"a" * 10_241, "10241 bytes; a plain text may have 10240", "DOCUMENT_SIZE_EXCEEDED")
    refuse(documents.pdf(["x"]) + bytes(10 << 20), "a PDF document may have 10485760", "DOCUMENT_SIZE_EXCEEDED")
    with pytest.raises(ClientError, match="either Text or Bytes"):
        classify(Text="x", Bytes=b"x", EndpointArn=endpoint)
    assert best(classify(Bytes=documents.pdf([PARCEL]), EndpointArn=endpoint)) == "DELIVERY"


def test_pages_that_cannot_be_used_are_told(custom, endpoint):
    classify = custom.comprehend.classify_document
    answer = classify(Bytes=documents.pdf(["parcel " * 20] * 80), EndpointArn=endpoint)
    (error,) = answer["Errors"]
    assert (error["Page"], error["ErrorCode"]) == (1, "PAGE_CHARACTERS_EXCEEDED")
    assert answer["DocumentMetadata"]["ExtractedCharacters"][0]["Count"] > 10_000
    assert answer["Classes"] == []
    answer = classify(Bytes=documents.huge_png(60_000, 100), EndpointArn=endpoint)
    (error,) = answer["Errors"]
    assert error["ErrorCode"] == "TEXTRACT_BAD_PAGE" and "60000 × 100" in error["ErrorMessage"]


def native(custom, name, rows, **more):
    config = {
        "S3Uri": custom.put(f"{name}/labels.csv", rows),
        "DocumentType": "SEMI_STRUCTURED_DOCUMENT",
        "Documents": {"S3Uri": f"s3://{BUCKET}/{name}/docs/"},
        **more,
    }
    return custom.create(name, InputDataConfig=config, OutputDataConfig={"S3Uri": f"s3://{BUCKET}/out"})


def test_a_model_learns_from_native_documents(custom):
    """Word and PDF files, one of several pages, a picture, and a file that cannot be read."""
    rows = []
    for label, texts in (("BILLING", BILLING), ("DELIVERY", DELIVERY)):
        custom.put(f"native/docs/{label}.pdf", documents.pdf(*[[text] for text in texts[:6]]))
        rows += [f"{label},{label}.pdf,{page}" for page in range(1, 7)]
        for number, text in enumerate(texts[6:]):
            custom.put(f"native/docs/{label}{number}.docx", documents.docx(text))
            rows.append(f"{label},{label}{number}.docx")
        custom.put(f"native/docs/{label}.png", documents.picture([texts[0]]))
        rows.append(f"{label},{label}.png,1")
    custom.put("native/docs/locked.pdf", documents.encrypted_pdf(["x"]))
    rows.append("BILLING,locked.pdf,1")
    arn = native(custom, "native", "\n".join(rows))
    found = custom.ended(arn, 180)
    assert found["Status"] == "TRAINED_WITH_WARNING", found
    assert "1; locked.pdf, page 1" in found["Message"] and "password" in found["Message"]
    metadata = found["ClassifierMetadata"]
    assert metadata["NumberOfTrainedDocuments"] + metadata["NumberOfTestDocuments"] == len(rows) - 1

    key = found["OutputDataConfig"]["S3Uri"].split("/", 3)[3]
    body = custom.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        names = archive.getnames()
        skipped = json.loads(archive.extractfile(names[1]).read())
    assert names == ["confusion_matrix.json", "skipped_documents/train/skipped_documents.jsonl"]
    assert (skipped["File"], skipped["Page"], skipped["ErrorCode"]) == ("locked.pdf", 1, "INVALID_DOCUMENT")

    endpoint = custom.endpoint("native", arn)
    for text, label in ((PARCEL, "DELIVERY"), (REFUND, "BILLING")):
        answer = custom.comprehend.classify_document(Bytes=documents.pdf([text]), EndpointArn=endpoint)
        assert best(answer) == label
        assert "Warnings" not in answer
    answer = custom.comprehend.classify_document(Text=PARCEL, EndpointArn=endpoint)
    assert [each["WarnCode"] for each in answer["Warnings"]] == ["INFERENCING_PLAINTEXT_WITH_NATIVE_TRAINED_MODEL"]


def test_a_job_reads_native_files(custom):
    """As many classes as pages, and what cannot be read in its place."""
    arn = custom.create("in-jobs", custom.put("in-jobs.csv", as_csv(BILLING=BILLING, DELIVERY=DELIVERY)))
    assert custom.ended(arn)["Status"].startswith("TRAINED")
    custom.put("job/a.pdf", documents.pdf([PARCEL], [REFUND]))
    custom.put("job/b.docx", documents.docx(REFUND))
    custom.put("job/c.pdf", documents.encrypted_pdf(["x"]))
    custom.put("job/d.png", documents.picture([PARCEL]))
    custom.put("job/e.txt", REFUND)
    custom.put("job/f.gif", b"GIF89a" + bytes(30))
    jobs = Jobs(custom, "DocumentClassification")
    started = jobs.start(f"s3://{BUCKET}/job/", FILES, DocumentClassifierArn=arn)
    found = jobs.ended(started["JobId"], 120)
    assert found["JobStatus"] == "COMPLETED", found
    answers = {each["File"]: each for each in jobs.unpacked(found, "predictions.jsonl")}
    first = [
        max((each for each in answers["a.pdf"]["Classes"] if each["Page"] == page), key=lambda each: each["Score"])
        for page in (1, 2)
    ]
    assert [each["Name"] for each in first] == ["DELIVERY", "BILLING"]
    assert answers["a.pdf"]["DocumentMetadata"]["Pages"] == 2
    assert [each["Type"] for each in answers["a.pdf"]["DocumentType"]] == ["NATIVE_PDF", "NATIVE_PDF"]
    assert best(answers["b.docx"]) == "BILLING" and best(answers["d.png"]) == "DELIVERY"
    assert answers["c.pdf"]["ErrorCode"] == "INVALID_DOCUMENT" and "password" in answers["c.pdf"]["ErrorMessage"]
    assert best(answers["e.txt"]) == "BILLING" and "DocumentType" not in answers["e.txt"]
    assert answers["f.gif"]["ErrorCode"] == "UNSUPPORTED_DOC_TYPE"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,missing.pdf,1", ["line 2", "missing.pdf"]),
        ("A,one.pdf,9", ["line 2", "no page 9"]),
        ("A,one.pdf,first", ["line 2", "'first'"]),
        ("A", ["line 2", "1 columns"]),
        (",one.pdf,1", ["line 2", "label is empty"]),
    ],
    ids=["missing", "page", "number", "columns", "label"],
)
def test_rows_that_name_nothing(custom, row, words, request):
    name = f"bad-{request.node.callspec.id}"
    custom.put(f"{name}/docs/one.pdf", documents.pdf(["a page"]))
    found = custom.ended(native(custom, name, f"A,one.pdf,1\n{row}\n"))
    assert found["Status"] == "IN_ERROR"
    for each in (*words, f"s3://{BUCKET}/{name}/labels.csv"):
        assert each in found["Message"]


def test_requests_that_lack_the_documents(custom):
    def create(words, **config):
        with pytest.raises(ClientError, match=words) as caught:
            custom.create("lacking", InputDataConfig={"S3Uri": f"s3://{BUCKET}/x.csv", **config})
        assert caught.value.response["Error"]["Code"] == "InvalidRequestException"

    semi, folder = {"DocumentType": "SEMI_STRUCTURED_DOCUMENT"}, {"S3Uri": f"s3://{BUCKET}/docs"}
    create("Documents is required", **semi)
    create("Documents.TestS3Uri is required", **semi, Documents=folder, TestS3Uri=f"s3://{BUCKET}/t.csv")
    create("is for DocumentType SEMI", Documents=folder)
    create("COMPREHEND_CSV", **semi, Documents=folder, DataFormat="AUGMENTED_MANIFEST")
    create(
        "FeatureTypes is required",
        **semi,
        Documents=folder,
        DocumentReaderConfig={"DocumentReadAction": "TEXTRACT_ANALYZE_DOCUMENT"},
    )
