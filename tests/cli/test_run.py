from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from honmono.cli.run import client_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(90)]


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob("honmono-run-*"))


def test_the_command_finds_the_server_and_its_code_is_passed_on(tmp_path, honmono_command):
    program = """
import boto3, json, os, sys
names = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ENDPOINT_URL_S3")
account = boto3.client("sts").get_caller_identity()["Account"]
print(json.dumps({name: os.environ.get(name) for name in names} | {"account": account}))
sys.exit(int(sys.argv[1]))
"""
    ended = honmono_command(
        "run",
        "--region",
        "eu-north-1",
        "--",
        sys.executable,
        "-c",
        program,
        "43",
        env={"TMPDIR": str(tmp_path), "AWS_PROFILE": "work", "AWS_ENDPOINT_URL_S3": "https://elsewhere"},
    )
    assert ended.returncode == 43, ended.stderr
    said = json.loads(ended.stdout)
    assert said["account"] == "000000000000"
    assert said["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert said["AWS_DEFAULT_REGION"] == "eu-north-1"
    assert said["AWS_PROFILE"] is said["AWS_ENDPOINT_URL_S3"] is None
    assert leftovers(tmp_path) == []


def test_a_missing_command_and_a_killed_one(tmp_path, honmono_command):
    missing = honmono_command("run", "no-such-command", env={"TMPDIR": str(tmp_path)})
    assert (missing.returncode, "no-such-command" in missing.stderr) == (127, True)
    killed = honmono_command("run", "--", "sh", "-c", "kill -9 $$", env={"TMPDIR": str(tmp_path)})
    assert killed.returncode == 128 + 9
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_reach_the_command(tmp_path, number, command_environment):
    program = (
        f"import signal, sys; signal.signal({int(number)}, lambda *_: sys.exit(7)); print('on', flush=True); "
        "signal.pause()"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "honmono", "run", "--", sys.executable, "-c", program],
        env=command_environment(TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # no terminal that would send it to both
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "on\n"
    process.send_signal(number)
    process.communicate(timeout=20)
    assert process.returncode == 7
    assert leftovers(tmp_path) == []


def test_what_a_killed_run_leaves_the_next_one_sweeps(tmp_path, honmono_command, command_environment):
    process = subprocess.Popen(
        [sys.executable, "-m", "honmono", "run", "--", "sh", "-c", "echo on; exec sleep 30"],
        env=command_environment(TMPDIR=str(tmp_path)),
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert len(leftovers(tmp_path)) == 1
    assert honmono_command("run", "true", env={"TMPDIR": str(tmp_path)}).returncode == 0
    assert leftovers(tmp_path) == []


def test_data_that_is_kept(tmp_path, honmono_command):
    data = tmp_path / "data"
    store = "import boto3; boto3.client('s3').create_bucket(Bucket='once')"
    look = "import boto3; print([b['Name'] for b in boto3.client('s3').list_buckets()['Buckets']])"
    assert honmono_command("run", "--data", str(data), "--", sys.executable, "-c", store).returncode == 0
    assert "once" in honmono_command("run", "--data", str(data), "--", sys.executable, "-c", look).stdout


def test_tls_for_the_command(tmp_path, honmono_command):
    program = (
        "import boto3; print(boto3.client('sts').meta.endpoint_url, boto3.client('sts').get_caller_identity()['Arn'])"
    )
    ended = honmono_command("run", "--tls", "--", sys.executable, "-c", program, env={"TMPDIR": str(tmp_path)})
    assert ended.stdout.startswith("https://127.0.0.1:"), ended.stderr


def test_proxies_do_not_stand_between():
    made = client_environment("http://127.0.0.1:1", "us-east-1", {"HTTP_PROXY": "http://proxy", "no_proxy": "intra"})
    assert made["NO_PROXY"] == "intra,127.0.0.1,localhost"
