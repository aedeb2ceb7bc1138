from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

pytestmark = pytest.mark.timeout(90)


def s3_client(url: str, key: str = "test", secret: str = "test"):
    return boto3.client(
        "s3",
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"total_max_attempts": 1}),
    )


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_is_ready_on_one_line_and_ends_on_a_signal_with_nothing_lost(up, number):
    server = up()
    assert server.ready["event"] == "ready"
    assert server.ready["pid"] == server.process.pid
    with urllib.request.urlopen(f"{server.url}/_honmono/health") as health:
        assert json.load(health)["version"] in server.ready["message"]
    content = os.urandom(100_000)
    s3 = s3_client(server.url)
    s3.create_bucket(Bucket="kept")
    s3.put_object(Bucket="kept", Key="letter", Body=content)

    code, seconds = server.end(number)
    assert code == 0
    assert seconds < 10
    again = up()
    assert s3_client(again.url).get_object(Bucket="kept", Key="letter")["Body"].read() == content


@pytest.mark.slow
def test_two_servers_cannot_share_a_data_directory(up, tmp_path, honmono_command):
    first = up()
    second = honmono_command("up", "--port", "0", "--data", str(tmp_path / "data"))
    assert second.returncode == 5
    assert second.stderr.count("\n") == 1
    assert f"in use by process {first.process.pid}" in second.stderr
    first.kill()
    assert up().ready["event"] == "ready", "a killed server holds nothing"


def test_a_taken_port_is_one_line_and_a_code(tmp_path, honmono_command):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = honmono_command("up", "--port", str(port), "--data", str(tmp_path))
    assert ended.returncode == 4
    assert ended.stdout == ""
    assert ended.stderr.startswith(f"honmono: Port {port} on 127.0.0.1 is taken")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("port = 'x'", "port is a whole number"),
        ("port = ", "is not valid TOML"),
        ("prot = 1", "prot is no setting"),
        ("account = '12'", "twelve digits"),
    ],
)
def test_a_bad_settings_file_is_named(tmp_path, settings, said, honmono_command):
    (tmp_path / "honmono.toml").write_text(settings)
    ended = honmono_command("up", cwd=tmp_path)
    assert ended.returncode == 3
    assert "honmono.toml" in ended.stderr
    assert said in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_a_data_directory_that_cannot_be_made(tmp_path, honmono_command):
    (tmp_path / "file").write_text("")
    ended = honmono_command("up", "--port", "0", "--data", str(tmp_path / "file" / "data"))
    assert ended.returncode == 6
    assert "Traceback" not in ended.stderr
    assert "--data DIR" in ended.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 40 KiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "none", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root may mount a file system")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_and_a_read_only_one(small_disk, honmono_command):
    full = honmono_command("up", "--port", "0", "--data", str(small_disk))
    assert full.returncode == 7
    assert full.stderr.count("\n") == 1
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    read_only = honmono_command("up", "--port", "0", "--data", str(small_disk))
    assert read_only.returncode == 6
    assert "Read-only" in read_only.stderr


@pytest.mark.slow
def test_detach_wait_status_down(tmp_path, honmono_command):
    data = str(tmp_path / "data")
    assert honmono_command("status", "--data", data).returncode == 10
    started = honmono_command("up", "--port", "0", "--data", data, "--detach", "--wait")
    assert started.returncode == 0, started.stderr
    url = next(word for word in started.stdout.split() if word.startswith("http://"))
    with urllib.request.urlopen(f"{url}/_honmono/health") as health:
        assert health.status == 200
    assert url in honmono_command("status", "--data", data).stdout
    twice = honmono_command("up", "--port", "0", "--data", data, "--detach", "--wait")
    assert twice.returncode == 5
    assert "in use" in twice.stderr

    assert honmono_command("down", "--data", data).returncode == 0
    with pytest.raises(OSError):
        urllib.request.urlopen(f"{url}/_honmono/health", timeout=2)
    assert honmono_command("down", "--data", data).returncode == 10
    assert "is ready on" in (tmp_path / "data/honmono.log").read_text()


@pytest.mark.slow
def test_the_development_key_is_off_beyond_loopback_and_made_keys_work(up, tmp_path, honmono_command):
    server = up("--host", "0.0.0.0")
    url = server.url.replace("0.0.0.0", "127.0.0.1")
    with pytest.raises(Exception, match="InvalidAccessKeyId"):
        s3_client(url).list_buckets()
    made = json.loads(honmono_command("keys", "create", "--json", "--data", str(tmp_path / "data")).stdout)
    assert s3_client(url, made["access_key"], made["secret_key"]).list_buckets()["Buckets"] == []
    assert honmono_command("keys", "delete", made["access_key"], "--data", str(tmp_path / "data")).returncode == 0
    with pytest.raises(Exception, match="InvalidAccessKeyId"):
        s3_client(url, made["access_key"], made["secret_key"]).list_buckets()


@pytest.mark.slow
def test_the_key_page_is_the_owners_alone(up, tmp_path):
    server = up()
    for headers in ({}, {"authorization": "Bearer guess"}):
        request = urllib.request.Request(f"{server.url}/_honmono/keys", b'{"action": "list"}', headers)
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        assert refused.value.code == 403
    assert stat.S_IMODE((tmp_path / "data/server.json").stat().st_mode) == 0o600


@pytest.mark.slow
def test_a_request_that_hangs_does_not_keep_it_from_ending(up):
    server = up()
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"PUT /bucket/key HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc")
        time.sleep(0.3)
        code, seconds = server.end(signal.SIGTERM)
    assert code == 0
    assert seconds < 10


def test_wait_without_detach_is_refused(tmp_path, honmono_command):
    ended = honmono_command("up", "--wait", "--data", str(tmp_path))
    assert ended.returncode == 2
    assert not list(Path(tmp_path).iterdir())


@pytest.mark.slow
def test_a_thread_that_never_ends_is_not_waited_for_too_long(tmp_path, command_environment):
    program = f"""
import threading, time
from honmono.cli import up
from honmono.settings import Settings
up._END_SECONDS = 1.0
from honmono.app import App
opened = App.__init__
def stuck(app, *arguments, **named):
    opened(app, *arguments, **named)
    app.gateway.threads.submit(time.sleep, 30)
App.__init__ = stuck
up.serve(Settings(port=0, data=__import__("pathlib").Path({str(tmp_path)!r}), log="json"), time.monotonic())
"""
    process = subprocess.Popen(
        [sys.executable, "-c", program], env=command_environment(), stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["event"] == "ready"
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    said, _ = process.communicate(timeout=10)
    assert process.returncode == 0
    assert time.monotonic() - began < 5
    assert "ending without it" in said


@pytest.mark.slow
def test_nothing_of_a_killed_server_lives_on(up):
    server = up()
    boto3.client(
        "sns",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    ).list_topics()
    children = [
        int(child)
        for task in Path(f"/proc/{server.process.pid}/task").iterdir()
        for child in (task / "children").read_text().split()
    ]
    assert children, "moto runs in a process of its own"
    server.kill()
    deadline = time.monotonic() + 5
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < deadline
        time.sleep(0.02)
