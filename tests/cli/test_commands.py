"""The commands that need no server, in this process."""

from __future__ import annotations

import hashlib
import json
import shlex
import wave
from dataclasses import replace
from pathlib import Path

import boto3
import botocore.session
import pytest
from typer.testing import CliRunner

from honmono.cli.command import app
from honmono.cli.services import coverage
from honmono.weights import Manifest
from honmono.wire.service import Service


@pytest.fixture(autouse=True)
def alone(tmp_path, monkeypatch):
    """No settings from outside, no files of the user's."""
    for name in ("HONMONO_DATA", "HONMONO_PORT", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


def run(*arguments: str, code: int = 0) -> str:
    """Run a command; the answer is what it printed."""
    result = CliRunner().invoke(app, list(arguments))
    assert result.exit_code == code, result.output
    return result.output


def test_help_names_every_command_and_what_it_does():
    text = run("--help")
    for name in (
        "up",
        "down",
        "run",
        "demo",
        "try",
        "evaluate",
        "doctor",
        "services",
        "weights",
        "keys",
        "sdk-config",
        "tls",
    ):
        assert f" {name} " in text
    assert "Exit codes" in run("up", "--help")


def test_version():
    from honmono import __version__

    assert run("--version") == f"honmono {__version__}\n"


class Small(Service):
    """Two operations of a service that has many."""

    name = "polly"

    def describe_voices(self, request, ctx):
        return {}

    def get_lexicon(self, request, ctx):
        return {}


def test_coverage_is_counted_from_the_class_and_the_model():
    found = coverage(Small)
    assert found.answered == ("DescribeVoices", "GetLexicon")
    assert "SynthesizeSpeech" in found.missing
    model = botocore.session.get_session().get_service_model("polly")
    assert len(found.answered) + len(found.missing) == len(model.operation_names)


def test_services_in_a_table_and_as_json():
    assert "Amazon Comprehend" in run("services")
    one = json.loads(run("services", "comprehend", "--json"))["comprehend"]
    assert "DetectSentiment" in one["answered"]
    assert "DetectSentiment" not in one["not yet"]
    assert "it answers cloudwatch, comprehend" in run("services", "chime", code=1)


@pytest.fixture
def manifest(tmp_path, monkeypatch):
    """A manifest with one weight that lies in a folder; a cache of its own. The answer is its content."""
    content = b"weights of a very small model" * 1000
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf/tiny.bin").write_bytes(content)
    own = tmp_path / "own"
    (own / "licences").mkdir(parents=True)
    (own / "licences/tiny.txt").write_text("MIT: do as you like")
    (own / "manifest.toml").write_text(
        f"""
[tiny]
engine = "a very small model"
version = "1"
code_licence = "MIT"
code_origin = "https://example.org/code"
weights_licence = "CC-BY-4.0"
weights_origin = "https://example.org/weights"

[[tiny.files]]
name = "tiny.bin"
size = {len(content)}
sha256 = "{hashlib.sha256(content).hexdigest()}"
sources = [{{ folder = {{ path = "{tmp_path}/shelf/tiny.bin" }} }}]
"""
    )
    whole = Manifest.load(own / "manifest.toml")
    tiny = Manifest({"tiny": whole["tiny"]})
    monkeypatch.setattr(Manifest, "load", classmethod(lambda cls, *more: tiny))
    monkeypatch.setenv("HONMONO_CACHE", str(tmp_path / "cache"))
    return content


def test_weights_are_listed_pulled_verified_and_carried(manifest, tmp_path, monkeypatch):
    assert "missing" in run("weights", "list")
    assert "honmono weights pull tiny" in run("weights", "verify", code=9)
    assert "fetched tiny.bin" in run("weights", "pull")
    assert "present and verified" in run("weights", "pull", "tiny")
    listed = run("weights", "list")
    assert "present" in listed
    assert "CC-BY-4.0" in listed
    run("weights", "export", "lot.tar")

    monkeypatch.setenv("HONMONO_CACHE", str(tmp_path / "other"))
    assert "Imported and verified: tiny/tiny.bin" in run("weights", "import", "lot.tar")
    path = tmp_path / "other/weights/tiny/tiny.bin"
    assert path.read_bytes() == manifest
    path.write_bytes(manifest[:-1] + b"!")
    assert "damaged" in run("weights", "verify", "tiny", code=9)


def test_a_weight_that_cannot_be_had_does_not_keep_the_others_away(manifest, tmp_path, monkeypatch):
    tiny = Manifest.load()["tiny"]
    lost = replace(tiny, name="lost", files=(replace(tiny.files[0], name="lost.bin", sha256="0" * 64),))
    both = Manifest({"lost": lost, "tiny": tiny})
    monkeypatch.setattr(Manifest, "load", classmethod(lambda cls, *more: both))
    told = run("weights", "pull", code=9)
    assert "fetched tiny.bin" in told
    assert "Could not be fetched: lost" in told


def test_weights_that_are_not_what_they_should_be_are_refused(manifest, tmp_path):
    (tmp_path / "shelf/tiny.bin").write_bytes(manifest[:-1] + b"?")
    assert "is refused" in run("weights", "pull", code=9)
    assert "no weight is called 'huge'" in run("weights", "pull", "huge", code=9)
    (tmp_path / "not.tar").write_text("not an archive")
    assert "not.tar" in run("weights", "import", "not.tar", code=9)


def test_keys_without_a_server():
    made = json.loads(run("keys", "create", "--json", "--data", "data"))
    other = json.loads(run("keys", "create", "--json", "--data", "data", "--account", "111122223333"))
    assert made["access_key"] != other["access_key"]
    listed = json.loads(run("keys", "list", "--json", "--data", "data"))
    assert [key["access_key"] for key in listed] == [made["access_key"]]
    assert "secret" not in json.dumps(listed)
    run("keys", "delete", made["access_key"], "--data", "data")
    assert json.loads(run("keys", "list", "--json", "--data", "data")) == []
    assert made["access_key"] in run("keys", "delete", made["access_key"], "--data", "data", code=1)
    assert "twelve digits" in run("keys", "create", "--account", "12", "--data", "data", code=2)


def test_tls_ca_is_made_once():
    first = run("tls", "ca", "--data", "data").strip()
    content = Path(first).read_bytes()
    assert b"BEGIN CERTIFICATE" in content
    assert run("tls", "ca", "--data", "data").strip() == first
    assert Path(first).read_bytes() == content


def exported(output: str) -> dict[str, str]:
    lines = [shlex.split(line)[1] for line in output.splitlines() if line.startswith("export ")]
    return dict(line.split("=", 1) for line in lines)


def test_sdk_config_points_boto3_here_and_replaces_nothing(monkeypatch):
    for name, value in exported(run("sdk-config", "mine", "--data", "data")).items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    session = boto3.Session()
    client = session.client("comprehend")
    assert client.meta.endpoint_url == "http://127.0.0.1:4566"
    assert client.meta.region_name == "us-east-1"
    assert session.get_credentials().access_key == "test"
    Path("mine/config").write_text("[default]\n# precious\n")
    assert "--force" in run("sdk-config", "mine", "--data", "data", code=2)
    assert "precious" in Path("mine/config").read_text()
    run("sdk-config", "mine", "--data", "data", "--force")
    assert "precious" not in Path("mine/config").read_text()


def test_sdk_config_with_tls_moves_the_names_of_sts(monkeypatch):
    for name, value in exported(run("sdk-config", "mine", "--tls", "--data", "data")).items():
        monkeypatch.setenv(name, value)
    assert Path(exported(run("sdk-config", "mine", "--tls", "--data", "data", "--force"))["AWS_CA_BUNDLE"]).is_file()
    resolver = botocore.session.Session().get_component("endpoint_resolver")
    for region in ("eu-west-1", "ap-northeast-3"):
        assert resolver.construct_endpoint("sts", region)["hostname"] == "127.0.0.1:4567"
    assert resolver.construct_endpoint("s3", "eu-west-1")["hostname"] == "s3.eu-west-1.amazonaws.com"


def test_doctor_says_what_is_missing_and_the_line_that_brings_it(manifest):
    before = json.loads(run("doctor", "--json", "--data", "data", code=1))
    assert {"what": "the weight tiny", "line": "honmono weights pull tiny"} in before["missing"]
    run("weights", "pull")
    after = json.loads(run("doctor", "--json", "--data", "data", code=1))
    assert "honmono weights pull tiny" not in [each["line"] for each in after["missing"]]
    assert after["weights"][0] == {
        "name": "tiny",
        "state": "present",
        "size": len(manifest),
        "weights_licence": "CC-BY-4.0",
        "code_licence": "MIT",
    }
    assert {engine["field"] for engine in after["engines"]} >= {"language", "sentiment"}
    text = run("doctor", "--data", "data", code=1)
    assert "CC-BY-4.0" in text
    assert "cpu:" in text


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('engine = "no-such"', "there are: e5-sentiment, hf-pipeline, openai-compatible (see [engines.sentiment])"),
        ('engine = "hf-pipeline"', "[engines.sentiment] in honmono.toml: Object missing required field `model`"),
        ('engine = "hf-pipeline"\nmodel = "/nowhere"', "/nowhere does not exist"),
        ('engine = "hf-pipeline"\nmodel = "nowhere"', "nowhere is no absolute path"),
        ('engine = "openai-compatible"\nurl = "localhost"\nmodel = "m"', "url 'localhost' does not begin with http"),
    ],
)
def test_doctor_says_what_is_wrong_with_a_choice_of_engine(manifest, table, reason):
    Path("honmono.toml").write_text(f"[engines.sentiment]\n{table}\n")
    text = " ".join(run("doctor", "--data", "data", code=1).split())
    assert text.count(reason) == 2, text  # in the table of engines and among what is missing
    assert "mend [engines.sentiment] in honmono.toml" in text


def test_doctor_names_a_folder_that_cannot_be_used(manifest, tmp_path):
    (tmp_path / "file").write_text("")
    found = json.loads(run("doctor", "--json", "--data", "file/data", code=1))
    assert any(each["what"].endswith("file/data cannot be written") for each in found["missing"])


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"", b"\xff\xfe\x41", b"a\x00b"])
def test_try_refuses_what_no_engine_reads(content):
    Path("thing").write_bytes(content)
    assert "thing is of no kind" in run("try", "thing", code=1)


@pytest.mark.weights
def test_try_reads_texts_and_files():
    german = run("try", "Der Zug kam pünktlich, und die Schaffnerin war sehr freundlich.")
    assert "de  " in german
    Path("letter.txt").write_text("列車は時間どおりに着き、車掌さんもとても親切でした。", encoding="utf-8")
    japanese = run("try", "letter.txt")
    assert "ja  " in japanese
    assert "letter.txt" in japanese
    assert japanese.count("e5-sentiment") == 1


@pytest.mark.weights
def test_try_speaks_ssml_into_a_file():
    english = run("try", "<speak>Good day.</speak>")
    assert "Good" in english and "speech.wav" in english
    run("try", '<speak xml:lang="ja-JP">こんにちは、元気ですか。</speak>')
    lengths = []
    for name in ("speech.wav", "speech-1.wav"):
        with wave.open(name) as file:
            lengths.append(file.getnframes() / file.getframerate())
    assert 0.4 < lengths[0] < lengths[1] < 5
    assert "Invalid SSML" in run("try", "<speak>open", code=1)
