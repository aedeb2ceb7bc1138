"""Requests that do not fit their shape are refused in AWS's words; those that AWS documents are not."""

import gzip
import json
import time
import warnings
from pathlib import Path

import botocore
import botocore.validate
import pytest
import regex

from honmono.wire import model as models
from honmono.wire import validation
from honmono.wire.model import ServiceModel, Shape
from honmono.wire.patterns import compile_pattern

from .botocore_side import MISSION, service

DATA = Path(botocore.__file__).parent / "data"


def refusal(service_name, operation, request):
    check = validation.compile_check(models.load(service_name).operations[operation].input)
    found = validation.violations(check, request)
    return validation.message(found) if found else None


def of_shape(value, shapes, name="Root", *, closed=False, open_enums=()):
    model = ServiceModel("test", {"metadata": {"protocol": "json"}, "operations": {}, "shapes": shapes})
    return list(
        validation.violations(validation.compile_check(model.shape(name), closed=closed, open_enums=open_enums), value)
    )


def root(**member):
    return {"Root": {"type": "structure", "members": {"Thing": {"shape": "Thing"}}}, "Thing": member}


# AWS's words


def test_an_enum_lists_what_it_takes():
    said = refusal("comprehend", "DetectSentiment", {"Text": "x", "LanguageCode": "xx"})
    values = ", ".join(models.load("comprehend").shape("LanguageCode").traits["enum"])
    assert said == (
        "1 validation error detected: Value 'xx' at 'languageCode' failed to satisfy constraint: "
        f"Member must satisfy enum value set: [{values}]"
    )


def test_a_missing_member_is_null():
    assert refusal("comprehend", "DetectSentiment", {"LanguageCode": "en"}) == (
        "1 validation error detected: Value null at 'text' failed to satisfy constraint: Member must not be null"
    )


def test_several_errors_come_in_one_message():
    said = refusal("comprehend", "DetectSentiment", {})
    assert said == (
        "2 validation errors detected: "
        "Value null at 'text' failed to satisfy constraint: Member must not be null; "
        "Value null at 'languageCode' failed to satisfy constraint: Member must not be null"
    )


@pytest.mark.parametrize(
    ("length", "rule"),
    [(0, "greater than or equal to 1"), (2049, "less than or equal to 2048"), (1, None), (2048, None)],
)
def test_lengths(length, rule):
    said = refusal("polly", "GetLexicon", {"Name": "a"}) or of_shape(
        {"Thing": "a" * length}, root(type="string", min=1, max=2048)
    )
    assert bool(said) is (rule is not None)
    if rule:
        assert said[0].endswith(f"at 'thing' failed to satisfy constraint: Member must have length {rule}")


@pytest.mark.parametrize(
    ("value", "rule"),
    [(-1, "greater than or equal to 0"), (101, "less than or equal to 100"), (float("nan"), "greater"), (0, None)],
)
def test_ranges(value, rule):
    said = of_shape({"Thing": value}, root(type="float", min=0, max=100))
    assert bool(said) is (rule is not None)
    if rule:
        assert f"Value '{value}' at 'thing' failed to satisfy constraint: Member must have value {rule}" in said[0]


def test_a_pattern_is_told():
    said = refusal("sagemaker", "DescribeModel", {"ModelName": "no spaces"})
    assert (
        "Value 'no spaces' at 'modelName' failed to satisfy constraint: Member must satisfy regular expression" in said
    )
    assert refusal("sagemaker", "DescribeModel", {"ModelName": "my-model-1"}) is None


def test_paths_count_from_one():
    said = refusal("comprehend", "BatchDetectSentiment", {"TextList": ["good", "", "fine"], "LanguageCode": "en"})
    assert said.startswith("1 validation error detected: Value") and "at 'textList.2.member'" in said
    tags = {"Tags": [{"Key": "k", "Value": "v"}, {"Value": "v"}]}
    said = refusal(
        "sagemaker", "CreateModel", {"ModelName": "m", "ExecutionRoleArn": "arn:aws:iam::000000000000:role/r", **tags}
    )
    assert "Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not be null" in said


def test_a_list_has_no_nulls():
    for items in (["a", None], [None]):
        said = refusal("comprehend", "BatchDetectSentiment", {"TextList": items, "LanguageCode": "en"})
        assert said == (
            f"1 validation error detected: Value null at 'textList.{len(items)}.member' "
            "failed to satisfy constraint: Member must not be null"
        )
    unconstrained = {
        "Root": {"type": "structure", "members": {"Thing": {"shape": "Thing"}}},
        "Thing": {"type": "list", "member": {"shape": "S"}},
        "S": {"type": "string"},
    }
    assert "Value null at 'thing.2.member'" in of_shape({"Thing": ["a", None]}, unconstrained)[0]
    unconstrained["Thing"]["sparse"] = True
    assert of_shape({"Thing": ["a", None]}, unconstrained) == []


def test_maps_name_their_keys():
    shapes = {
        "Root": {"type": "structure", "members": {"Names": {"shape": "Map"}}},
        "Map": {"type": "map", "key": {"shape": "Key"}, "value": {"shape": "Value"}},
        "Key": {"type": "string", "max": 3},
        "Value": {"type": "integer", "max": 5},
    }
    said = of_shape({"Names": {"abc": 9, "long": 1}}, shapes)
    assert "at 'names.abc.member'" in said[0]
    assert "Value 'long' at 'names.key'" in said[1]


def test_a_union_has_one_member():
    shapes = {
        "Root": {"type": "structure", "members": {"One": {"shape": "U"}}},
        "U": {"type": "structure", "union": True, "members": {"A": {"shape": "S"}, "B": {"shape": "S"}}},
        "S": {"type": "string"},
    }
    assert of_shape({"One": {"A": "x"}}, shapes) == []
    assert "exactly one member" in of_shape({"One": {"A": "x", "B": "y"}}, shapes)[0]
    assert "exactly one member" in of_shape({"One": {}}, shapes)[0]


def test_secrets_are_not_repeated():
    secret = {"type": "string", "max": 3, "sensitive": True}
    shapes = {
        "Root": {"type": "structure", "members": {"Word": {"shape": "Word"}, "Words": {"shape": "Words"}}},
        "Word": secret,
        "Words": {"type": "list", "member": {"shape": "Word"}, "max": 1},
    }
    said = " ".join(of_shape({"Word": "hush-hush", "Words": ["hush-hush", "hush"]}, shapes))
    assert "hush" not in said
    assert "Value at 'word' failed to satisfy constraint: Member must have length less than or equal to 3" in said
    assert "Value at 'words' failed to satisfy constraint: Member must have length less than or equal to 1" in said
    assert "Value at 'words.1.member'" in said


def test_long_values_and_many_errors_are_cut_short():
    said = refusal("comprehend", "BatchDetectSentiment", {"TextList": [""] * 1_000_000, "LanguageCode": "x" * 10_000})
    assert len(said) < 40_000
    assert "…" in said


def test_closed_checks_refuse_what_the_shape_does_not_have():
    shapes = {"Root": {"type": "structure", "members": {"A": {"shape": "S"}}}, "S": {"type": "string"}}
    assert of_shape({"A": "x", "B": "y"}, shapes) == []
    assert "members that Root does not: B" in of_shape({"A": "x", "B": "y"}, shapes, closed=True)[0]


def test_an_open_enum_takes_more_than_the_model_knows():
    shapes = root(type="string", enum=["A", "B"])
    assert "[A, B]" in of_shape({"Thing": "C"}, shapes)[0]
    assert of_shape({"Thing": "C"}, shapes, open_enums={"Thing"}) == []
    assert of_shape({"Thing": "C"}, shapes, open_enums={"Other"}) != []


def test_a_shape_may_contain_itself():
    shapes = {
        "Root": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "S"}, "Sub": {"shape": "L"}}},
        "L": {"type": "list", "member": {"shape": "Root"}},
        "S": {"type": "string"},
    }
    tree = {"Name": "a", "Sub": [{"Name": "b", "Sub": [{"Sub": []}]}]}
    assert of_shape(tree, shapes)[0].startswith("Value null at 'sub.1.member.sub.1.member.name'")


# Patterns


def patterns():
    found = {}
    for name in MISSION:
        model = models.load(name)
        for shape_name in model.shape_names:
            source = model.shape(shape_name).traits.get("pattern")
            if source:
                found[source] = f"{name}.{shape_name}"
    return found


def test_every_pattern_compiles():
    broken = {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for source, where in patterns().items():
            try:
                compile_pattern(source)
            except (regex.error, FutureWarning, DeprecationWarning) as error:
                broken[where] = f"{error}: {source}"
    assert broken == {}


@pytest.mark.parametrize(
    ("source", "yes", "no"),
    [
        (r"\d{2}", "12", "١٢"),
        (r"[\w-]+", "a-b_9", "é"),
        (r"\p{ASCII}*", "a~\x00", "é"),
        (r"[\p{Alnum}.]+", "a.1", "é"),
        (r"\A\S[\p{Print}]*\z", "a b", "a\tb"),
        (r"[\p{L}\p{N}]+", "日本1é", "-"),
        (r"[\S\s]*", "é\u00a0\n", None),
        (r"[\w\W]*", "é日\n", None),
        (r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*", "a😀\U0010ffff", "\n"),
        (r"[\u0020-\uD7FF\u10000-\u10FFFF]+", "😀", "\n"),
        (r"[0-9a-zA-Z._:-]", "session:1", "a b"),
        (r"^CSV|PARQUET$", "PARQUET", "CSVX"),
        (r"^[a-z]+$", "abc", "abc\n"),
        (r"(?!aws:)[a-z:]+", "own:x", "aws:x"),
        (r"[\/]?+[a-z]+", "/a", "//a"),
    ],
)
def test_javas_dialect(source, yes, no):
    pattern = compile_pattern(source)
    assert pattern.fullmatch(yes)
    assert no is None or not pattern.fullmatch(no)


def test_a_catastrophic_pattern_ends_soon():
    shapes = {
        "Root": {"type": "list", "member": {"shape": "Bad"}},
        "Bad": {"type": "string", "pattern": "(x+x+)+y"},
    }
    started = time.perf_counter()
    said = of_shape(["x" * 60] * 50, shapes)
    assert time.perf_counter() - started < 1.5
    assert len(said) == 50


@pytest.mark.parametrize(
    ("name", "shape", "text"),
    [
        (
            "sagemaker",
            "PipelineDefinition",
            '{"Steps": [\n' + '  {"Name": "step", "Type": "Training"},\n' * 20_000 + "]}",
        ),
        ("sagemaker", "EndpointPolicyDocument", "word \n" * 3000),
        ("iam", "policyDocumentType", '{"Statement": [' + '{"Effect": "Allow"},\n' * 5000 + "]}"),
        ("translate", "BoundedLengthString", "日本語é" * 2500),
        ("ecr", "RepositoryName", "a/" * 100 + "a"),
    ],
)
def test_long_valid_texts_are_in_time(name, shape, text):
    check = compile_pattern(models.load(name).shape(shape).traits["pattern"])
    started = time.perf_counter()
    assert check.fullmatch(text)
    assert time.perf_counter() - started < 0.1


# What is right stays right


def converted(value, shape: Shape):
    """An example's JSON with the Python values that the protocols would read."""
    if shape.type == "structure":
        return {k: converted(v, shape.members[k]) for k, v in value.items() if k in shape.members}
    if shape.type == "list":
        return [converted(item, shape.member) for item in value]
    if shape.type == "map":
        return {k: converted(v, shape.value) for k, v in value.items()}
    if shape.type == "blob":
        return str(value).encode()
    if shape.type in ("integer", "long"):
        return int(value)
    if shape.type in ("float", "double"):
        return float(value)
    return value


# A policy with a blank behind it, and a lexicon without a name.
WRONG_EXAMPLES = {"ec2-modify-spot-fleet-request-2", "to-retrieve-a-lexicon-1481912870836"}


@pytest.mark.parametrize("name", ["s3", "ec2", "ecs", "ecr", "rekognition", "polly", "lex-models", "iam", "sts"])
def test_awss_worked_examples_are_valid(name):
    files = sorted((DATA / name).glob("*/examples-1.json*"))
    raw = files[-1].read_bytes()
    examples = json.loads(gzip.decompress(raw) if files[-1].suffix == ".gz" else raw)["examples"]
    model = models.load(name)
    refused, total = [], 0
    for operation, cases in examples.items():
        check = validation.compile_check(model.operations[operation].input)
        for case in cases:
            if case.get("id") in WRONG_EXAMPLES:
                continue
            total += 1
            found = validation.violations(check, converted(case.get("input", {}), model.operations[operation].input))
            refused += [f"{operation} {case.get('id')}: {text[:300]}" for text in found]
    assert total > 3
    assert refused == []


def test_checking_costs_less_than_botocores():
    """CreateTrainingJob, beside botocore's validator, which checks types and required members alone."""
    request = {
        "TrainingJobName": "job-1",
        "AlgorithmSpecification": {"TrainingImage": "image:1", "TrainingInputMode": "File"},
        "RoleArn": "arn:aws:iam::000000000000:role/sagemaker",
        "InputDataConfig": [
            {
                "ChannelName": name,
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://bucket/{name}"}},
            }
            for name in ("train", "validation")
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 5},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "HyperParameters": {f"parameter-{n}": str(n) for n in range(20)},
    }
    ours = validation.compile_check(models.load("sagemaker").operations["CreateTrainingJob"].input)
    assert validation.violations(ours, request) == []
    theirs, shape = (
        botocore.validate.ParamValidator(),
        service("sagemaker").operation_model("CreateTrainingJob").input_shape,
    )

    def cost(call):
        best = []
        for _ in range(7):
            started = time.process_time()
            for _ in range(100):
                call()
            best.append(time.process_time() - started)
        return min(best)

    assert cost(lambda: validation.violations(ours, request)) < cost(lambda: theirs.validate(request, shape))


def test_an_address_that_is_ours_need_not_look_like_amazons():
    shape = models.load("machinelearning").operations["Predict"].input
    request = {"MLModelId": "m", "Record": {}, "PredictEndpoint": "http://127.0.0.1:4566"}
    assert "regular expression" in validation.violations(validation.compile_check(shape), request)[0]
    assert validation.violations(validation.compile_check(shape, open_patterns={"VipURL"}), request) == []
