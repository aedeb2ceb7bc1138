from __future__ import annotations

from pathlib import Path

import pytest

from honmono.settings import Settings, SettingsError, load


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "honmono.toml"

    def write(text):
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(file):
    path = file('port = 1000\nregion = "eu-west-1"\nthreads = 4\n')
    settings = load(path, {"HONMONO_PORT": "2000", "HONMONO_REGION": "us-west-2"}, port=3000, region=None)
    assert (settings.port, settings.region, settings.threads) == (3000, "us-west-2", 4)
    assert load(path, {}).port == 1000


def test_defaults_where_there_is_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load(None, {}) == Settings()


def test_a_file_in_the_current_folder_is_read(file, monkeypatch):
    monkeypatch.chdir(file("threads = 3").parent)
    assert load(None, {}).threads == 3


def test_engines_are_tables(file):
    settings = load(file('[engines.sentiment]\nengine = "house"\ndevice = "cuda"\n'), {})
    assert settings.engines["sentiment"] == {"engine": "house", "device": "cuda"}
    with pytest.raises(SettingsError, match="one table for each field"):
        load(file('engines = "house"'), {})


def test_streams_are_a_table_of_sources(file):
    settings = load(file('[streams]\nfront-door = "rtsp://camera/1"\n'), {})
    assert settings.streams == {"front-door": "rtsp://camera/1"}
    with pytest.raises(SettingsError, match="one source for each stream"):
        load(file("[streams]\nfront-door = 1\n"), {})


@pytest.mark.parametrize("text", ["true", "1", "YES", "on"])
def test_truth_in_the_environment(text, tmp_path):
    assert load(None, {"HONMONO_TLS": text}).tls is True


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("port = -1", "port"),
        ("port = 65536", "port"),
        ("port = true", "port"),
        ("port = 1.5", "port"),
        ("threads = 0", "threads"),
        ("speech_cache_mb = -1", "speech_cache_mb"),
        ("speech_cache_mb = 0.5", "speech_cache_mb"),
        ('tls = "maybe"', "tls"),
        ("region = 1", "region"),
        ('log = "xml"', "log"),
        ('account = "123"', "account"),
        ("data = 1", "data"),
        ("port", "not valid TOML"),
        ("colour = 1", "colour is no setting"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(file, text, place):
    path = file(text)
    with pytest.raises(SettingsError, match=place) as refused:
        load(path, {})
    assert str(path) in str(refused.value)


def test_the_environment_and_the_option_are_named_too():
    with pytest.raises(SettingsError, match="HONMONO_PORT"):
        load(None, {"HONMONO_PORT": "http"})
    with pytest.raises(SettingsError, match="--threads"):
        load(None, {}, threads=0)


def test_a_missing_or_unreadable_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"nowhere\.toml cannot be read"):
        load(tmp_path / "nowhere.toml", {})
    (tmp_path / "latin.toml").write_bytes(b'region = "\xe9"')
    with pytest.raises(SettingsError, match="not valid TOML"):
        load(tmp_path / "latin.toml", {})


def test_paths_know_the_home_folder():
    assert load(None, {"HONMONO_DATA": "~/things"}).data == Path.home() / "things"


@pytest.mark.parametrize(
    ("given", "port"), [({"port": 4566}, 4567), ({"port": 0}, 0), ({"port": 80, "tls_port": 443}, 443)]
)
def test_the_https_port(given, port):
    assert Settings(**given).https_port == port


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("10.0.0.1", False)],
)
def test_who_can_reach_it(host, loopback):
    assert Settings(host=host).loopback is loopback
