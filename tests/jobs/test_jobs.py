import json
import os
import time
from pathlib import Path

import pytest

from honmono.compute import Ledger
from honmono.jobs import JobKindInvalid, JobMissing, JobNotEnded, JobRun, Limits, State, Supervisor, job
from honmono.store import DiskFull, NotStorable, RecordMissing, Records, Scope

HERE = Scope("000000000000", "us-east-1", "comprehend")


def until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)
    return value


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in {"Z", "X"}
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_a_job_runs_in_a_child_and_its_result_depends_on_its_payload(jobs, supervise):
    supervise()
    first, second = (jobs.enqueue("test.double", {"n": n}, resource_arn=f"arn:{n}") for n in (4, 21))
    assert jobs.wait(first, 10).result == {"n": 8, "attempt": 1}
    done = jobs.wait(second, 10)
    assert done.result == {"n": 42, "attempt": 1}
    assert (done.state, done.error, done.resource_arn) == (State.SUCCEEDED, None, "arn:21")
    assert done.created <= done.started <= done.finished
    assert jobs.wait(jobs.enqueue("test.nothing", {}), 10).result == {}


def test_a_job_is_enqueued_with_its_resource_or_not_at_all(database, jobs, supervise):
    supervise()
    records = Records(database)
    with pytest.raises(ZeroDivisionError), database.transaction() as tx:
        records.create(HERE, "model", "a", {}, arn="arn:a", tx=tx)
        lost = jobs.enqueue("test.double", {"n": 1}, resource_arn="arn:a", tx=tx)
        raise ZeroDivisionError
    with pytest.raises(JobMissing):
        jobs.get(lost)
    with database.transaction() as tx:
        records.create(HERE, "model", "a", {}, arn="arn:a", tx=tx)
        kept = jobs.enqueue("test.double", {"n": 1}, resource_arn="arn:a", tx=tx)
    assert jobs.wait(kept, 10).state is State.SUCCEEDED


def test_what_a_job_raises_is_its_reason(jobs, supervise):
    supervise()
    job_id = jobs.enqueue("test.fail", {"thing": "cat"})
    failed = jobs.wait(job_id, 10)
    assert (failed.state, failed.error_type, failed.error) == (
        State.FAILED,
        "LookupError",
        "no such thing: cat",
    )
    lines = [(line.stream, line.text) for line in jobs.logs(job_id)]
    assert ("stdout", "about to fail") in lines
    assert ("stderr", "LookupError: no such thing: cat") in lines
    assert lines[-1] == ("supervisor", "attempt 1 failed: no such thing: cat")


def test_names_that_are_no_utf_8_and_numpys_numbers_end_no_job(jobs, supervise):
    supervise()
    good, bad = (jobs.enqueue("test.surrogates", {"fails": fails}) for fails in (False, True))
    done = jobs.wait(good, 10)
    assert (done.state, done.error, done.progress.done, done.progress.total) == (State.SUCCEEDED, None, 3, 4)
    assert ("log", "INFO read ?.csv") in [(line.stream, line.text) for line in jobs.logs(good)]
    failed = jobs.wait(bad, 10)
    assert (failed.error_type, failed.error) == ("LookupError", "?.csv is missing")


@pytest.mark.parametrize(
    ("kind", "payload", "kind_of_error", "reason"),
    [
        ("test.nobody", {}, "JobKindUnknown", "test.nobody"),
        ("test.segfault", {}, "JobCrashed", "SIGSEGV"),
        ("test.signal", {"number": 40}, "JobCrashed", "killed by signal 40"),
        ("test.exit", {"status": 3}, "JobCrashed", "exit status 3"),
        ("test.exit", {"status": 0}, "JobCrashed", "exit status 0"),
        ("test.unserialisable", {}, "TypeError", "test.unserialisable cannot be stored as JSON"),
        ("test.list", {}, "TypeError", "returned list"),
    ],
)
def test_a_job_that_cannot_end_well_fails_with_a_reason(jobs, supervise, kind, payload, kind_of_error, reason):
    supervise()
    failed = jobs.wait(jobs.enqueue(kind, payload), 10)
    assert (failed.state, failed.error_type) == (State.FAILED, kind_of_error)
    assert reason in failed.error
    assert jobs.wait(jobs.enqueue("test.double", {"n": 2}), 10).result["n"] == 4


def test_a_payload_that_is_not_json_is_refused_at_once(jobs):
    with pytest.raises(NotStorable, match=r"test.double.*\$\.n\[1\]"):
        jobs.enqueue("test.double", {"n": [1, object()]})
    assert jobs.list().items == []


def test_a_job_is_tried_again_with_its_checkpoint(jobs, supervise):
    supervise()
    job_id = jobs.enqueue("test.flaky", {"succeeds_at": 3}, max_attempts=3)
    assert jobs.wait(job_id, 10).result == {"count": 3, "attempt": 3}
    assert [line.text for line in jobs.logs(job_id) if line.stream == "supervisor"] == [
        "attempt 1 failed: not yet; it is tried again",
        "attempt 2 failed: not yet; it is tried again",
    ]
    failed = jobs.wait(jobs.enqueue("test.flaky", {"succeeds_at": 3}, max_attempts=2), 10)
    assert (failed.state, failed.attempt, failed.error) == (State.FAILED, 2, "not yet")


def test_the_log_and_the_last_progress_are_whole(jobs, supervise):
    supervise()
    job_id = jobs.enqueue("test.talk", {"lines": 2500})
    done = jobs.wait(job_id, 10)
    lines = list(jobs.logs(job_id))
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert done.log_lines == len(lines)
    out = [line.text for line in lines if line.stream == "stdout"]
    assert out == [f"line {number}" for number in range(2500)] + ["no newline at the end \ufffd\ufffd"]
    assert [line.text for line in lines if line.stream == "stderr"] == ["to stderr"]
    logged = [line.text for line in lines if line.stream == "log"]
    assert logged == ["INFO by the logger, 日本", "WARNING two", "lines"]
    assert list(jobs.logs(job_id, after=lines[-3].number)) == lines[-2:]
    assert (done.progress.done, done.progress.total, done.progress.what) == (3, 7, "pages")


def test_the_log_of_a_job_is_bounded(jobs, supervise, monkeypatch):
    monkeypatch.setattr("honmono.jobs.logstore.MAX_LOG_BYTES", 1000)
    supervise()
    job_id = jobs.enqueue("test.talk", {"lines": 2500})
    assert jobs.wait(job_id, 10).state is State.SUCCEEDED
    lines = list(jobs.logs(job_id))
    assert len(lines) < 200
    assert (lines[-1].stream, lines[-1].text) == (
        "supervisor",
        "the log's limit of 1000 bytes is reached: what follows is dropped",
    )


def test_progress_is_seen_while_the_job_runs_and_stop_lets_it_save(jobs, supervise):
    supervise()
    job_id = jobs.enqueue("test.polite", {})
    first = until(lambda: jobs.get(job_id).progress)
    until(lambda: jobs.get(job_id).progress.done > first.done)
    assert jobs.get(job_id).state is State.RUNNING
    jobs.stop(job_id)
    stopped = jobs.wait(job_id, 5)
    assert stopped.state is State.STOPPED
    assert stopped.result["steps"] >= first.done
    jobs.stop(job_id)  # an ended one stays as it is
    assert jobs.get(job_id) == stopped


def test_stop_interrupts_a_job_that_does_not_ask(jobs, supervise, tmp_path):
    supervise()
    pid_file = tmp_path / "pid"
    job_id = jobs.enqueue("test.sleep", {"pid_file": str(pid_file)}, limits=Limits(grace_seconds=30))
    pid = int(until(lambda: pid_file.exists() and pid_file.read_text()))
    jobs.stop(job_id)
    assert jobs.wait(job_id, 5).state is State.STOPPED
    assert not alive(pid)


def test_stop_kills_a_stubborn_job_after_its_grace(jobs, supervise):
    supervise()
    job_id = jobs.enqueue("test.stubborn", {}, limits=Limits(grace_seconds=0.3))
    until(lambda: jobs.get(job_id).progress)
    jobs.stop(job_id)
    assert jobs.wait(job_id, 5).state is State.STOPPED


def test_a_waiting_job_is_stopped_before_it_starts(jobs, supervise):
    job_id = jobs.enqueue("test.double", {"n": 1})
    jobs.stop(job_id)
    supervise()
    other = jobs.enqueue("test.double", {"n": 1})
    jobs.wait(other, 10)
    stopped = jobs.get(job_id)
    assert (stopped.state, stopped.attempt, stopped.result) == (State.STOPPED, 0, None)


def test_a_job_over_its_time_has_failed(jobs, supervise):
    supervise()
    limits = Limits(wall_seconds=0.5, grace_seconds=0.2)
    failed = jobs.wait(jobs.enqueue("test.stubborn", {}, limits=limits, max_attempts=3), 10)
    assert (failed.state, failed.attempt, failed.error_type) == (State.FAILED, 1, "JobTimedOut")
    assert "0.5 s" in failed.error


def test_a_job_over_its_memory_has_failed_and_harms_nobody(jobs, supervise):
    supervise()
    limits = Limits(address_space_bytes=1 << 30)
    failed = jobs.wait(jobs.enqueue("test.greedy", {"bytes": 2 << 30}, limits=limits), 10)
    assert (failed.state, failed.error_type) == (State.FAILED, "MemoryError")
    small = jobs.wait(jobs.enqueue("test.greedy", {"bytes": 1 << 20}, limits=limits), 10)
    assert small.result == {"size": 1 << 20}


def test_what_a_job_started_ends_with_it(jobs, supervise, tmp_path):
    supervise()
    for ends in (True, False):
        pid_file = tmp_path / f"pids-{ends}"
        job_id = jobs.enqueue("test.parent", {"pid_file": str(pid_file), "ends": ends})
        pids = until(lambda file=pid_file: file.exists() and file.read_text().split())
        if not ends:
            jobs.stop(job_id)
        assert jobs.wait(job_id, 10).state is (State.SUCCEEDED if ends else State.STOPPED)
        until(lambda pids=pids: not any(alive(int(pid)) for pid in pids), 2)


def test_kill_9_of_a_child_is_a_crash_and_the_job_is_tried_again(jobs, supervise, tmp_path):
    supervise()
    pid_file = tmp_path / "pid"
    payload = {"pid_file": str(pid_file), "seconds": 1}
    job_id = jobs.enqueue("test.sleep", payload, max_attempts=2)
    os.kill(int(until(lambda: pid_file.exists() and pid_file.read_text())), 9)
    done = jobs.wait(job_id, 10)
    assert (done.state, done.attempt) == (State.SUCCEEDED, 2)
    assert any("SIGKILL" in line.text for line in jobs.logs(job_id))


def test_a_job_waits_for_room_and_smaller_ones_pass_it(jobs, supervise):
    ledger = supervise(cores=2)._ledger
    half = Limits(cores=1)
    running = jobs.enqueue("test.polite", {}, limits=half)
    until(lambda: jobs.get(running).progress)
    large = jobs.enqueue("test.double", {"n": 1}, limits=Limits(cores=2))
    small = jobs.enqueue("test.double", {"n": 2}, limits=half)
    assert jobs.wait(small, 10).state is State.SUCCEEDED
    assert jobs.get(large).state is State.QUEUED
    assert ledger.snapshot().free_cores == 1
    jobs.stop(running)
    assert jobs.wait(large, 10).state is State.SUCCEEDED
    until(lambda: ledger.snapshot().free_cores == 2)
    refused = jobs.wait(jobs.enqueue("test.double", {"n": 1}, limits=Limits(cores=3)), 10)
    assert (refused.state, refused.error_type) == (State.FAILED, "JobTooLarge")
    assert "3 cores" in refused.error


def test_room_that_others_hold_is_waited_for(jobs, supervise):
    ledger = supervise(cores=2)._ledger
    with ledger.take(2, 1):
        waiting = jobs.enqueue("test.double", {"n": 1})
        time.sleep(0.2)
        assert jobs.get(waiting).state is State.QUEUED
    assert jobs.wait(waiting, 10).state is State.SUCCEEDED


def test_everything_is_forgotten_at_once(jobs, supervise, tmp_path):
    supervisor = supervise(cores=1)
    pid_file = tmp_path / "pid"
    running = jobs.enqueue("test.sleep", {"pid_file": str(pid_file)})
    waiting = jobs.enqueue("test.double", {"n": 1})
    pid = int(until(lambda: pid_file.exists() and pid_file.read_text()))
    supervisor.stop_all()
    assert not alive(pid)
    assert jobs.list().items == []
    for job_id in (running, waiting):
        with pytest.raises(JobMissing):
            jobs.get(job_id)
        assert not jobs.job_directory(job_id).exists()
    assert jobs.wait(jobs.enqueue("test.double", {"n": 3}), 10).result["n"] == 6


def test_a_hook_writes_in_the_transaction_that_ends_the_job(database, jobs, supervise):
    records = Records(database)

    def record(ended, tx):
        body = {"state": ended.state, "result": ended.result}
        records.create(HERE, "model", ended.payload["name"], json.loads(json.dumps(body)), arn="", tx=tx)

    jobs.when_finished("test.output", record)
    supervise()
    done = jobs.wait(jobs.enqueue("test.output", {"name": "a"}), 10)
    assert records.get(HERE, "model", "a").body == {"state": "succeeded", "result": done.result}
    assert Path(done.result["file"]).read_bytes() == b"weights"
    until(lambda: not Path(done.result["checkpoint"]).exists())
    jobs.delete(done.id)
    assert not Path(done.result["file"]).exists()
    with pytest.raises(JobMissing):
        jobs.get(done.id)


def test_a_hook_that_fails_makes_the_job_fail_and_is_told(database, jobs, supervise):
    records = Records(database)
    told = []

    def hook(ended, tx):
        told.append(ended.state)
        records.create(HERE, "model", f"a{len(told)}", {}, arn="", tx=tx)
        if ended.state is State.SUCCEEDED:
            raise OSError("the bucket is gone")

    jobs.when_finished("test.double", hook)
    supervise()
    failed = jobs.wait(jobs.enqueue("test.double", {"n": 1}), 10)
    assert (failed.state, failed.error_type) == (State.FAILED, "JobHookFailed")
    assert "the bucket is gone" in failed.error
    assert told == [State.SUCCEEDED, State.FAILED]
    with pytest.raises(RecordMissing):
        records.get(HERE, "model", "a1")
    assert records.get(HERE, "model", "a2")


def test_a_hook_that_always_fails_does_not_keep_the_job_from_ending(jobs, supervise):
    def hook(ended, tx):
        raise OSError("never")

    jobs.when_finished("test.double", hook)
    supervise()
    failed = jobs.wait(jobs.enqueue("test.double", {"n": 1}), 10)
    assert (failed.state, failed.error_type) == (State.FAILED, "JobHookFailed")


def test_the_child_gets_its_environment_and_its_threads(jobs, supervise):
    supervise(environment=lambda job: {"AWS_ACCESS_KEY_ID": f"key-of-{job.kind}"})
    names = ["AWS_ACCESS_KEY_ID", "OMP_NUM_THREADS"]
    done = jobs.wait(jobs.enqueue("test.environment", {"names": names}, limits=Limits(cores=2)), 10)
    assert done.result == {"AWS_ACCESS_KEY_ID": "key-of-test.environment", "OMP_NUM_THREADS": "2"}


def test_jobs_are_listed_the_newest_first_in_pages(jobs):
    ids = [jobs.enqueue("test.double", {"n": n}, resource_arn=f"arn:{n % 2}") for n in range(5)]
    jobs.enqueue("test.nothing", {})
    first = jobs.list(kind="test.double", limit=3)
    second = jobs.list(kind="test.double", limit=3, after=first.next)
    assert [job.id for job in [*first, *second]] == ids[::-1]
    assert second.next is None
    assert [job.payload["n"] for job in jobs.list(resource_arn="arn:1")] == [3, 1]
    jobs.stop(ids[0])
    assert [job.id for job in jobs.list(state=State.STOPPED)] == [ids[0]]
    with pytest.raises(JobNotEnded, match="queued"):
        jobs.delete(ids[1])


@pytest.mark.slow
def test_a_closed_supervisor_puts_back_what_can_go_on_and_fails_the_rest(jobs, supervise):
    supervisor = supervise()
    resumable = jobs.enqueue("test.count", {"to": 90, "pause": 0.02})
    single = jobs.enqueue("test.not-resumable", {}, limits=Limits(grace_seconds=60))
    retried = jobs.enqueue("test.not-resumable", {"seconds": 0.5}, max_attempts=2)
    until(lambda: all(jobs.get(job_id).state is State.RUNNING for job_id in (single, retried)))
    until(lambda: jobs.get(resumable).progress and jobs.get(resumable).progress.done > 3)
    began = time.monotonic()
    supervisor.close(grace=1)
    assert time.monotonic() - began < 3
    assert jobs.get(resumable).state is State.QUEUED
    assert jobs.get(retried).state is State.QUEUED
    failed = jobs.get(single)
    assert (failed.state, failed.error_type) == (State.FAILED, "JobInterrupted")
    assert "server was stopped" in failed.error
    supervise()
    assert jobs.wait(retried, 10).attempt == 2
    assert jobs.wait(resumable, 20).result == {"count": 90, "attempt": 2}


def test_an_idle_supervisor_uses_no_processor_time(jobs, supervise):
    supervise()
    jobs.wait(jobs.enqueue("test.nothing", {}), 10)
    time.sleep(0.1)
    before = time.process_time()
    time.sleep(1)
    assert time.process_time() - before < 0.02


def test_a_function_that_no_child_could_import_is_no_job():
    with pytest.raises(JobKindInvalid, match="nested"):

        @job("test.nested")
        def nested(run: JobRun) -> None: ...

    with pytest.raises(JobKindInvalid, match="double is"):
        job("test.double")(until)


def test_waiting_has_an_end(jobs):
    job_id = jobs.enqueue("test.double", {"n": 1})  # no supervisor runs
    with pytest.raises(TimeoutError, match="queued"):
        jobs.wait(job_id, 0.05)


def test_a_flood_of_lines_is_kept_whole(jobs, supervise):
    supervise()
    job_id = jobs.enqueue("test.talk", {"lines": 60_000})
    assert jobs.wait(job_id, 20).state is State.SUCCEEDED
    out = [line.text for line in jobs.logs(job_id) if line.stream == "stdout"]
    assert (out[0], out[59_999], len(out)) == ("line 0", "line 59999", 60_001)


def test_the_head_of_the_queue_is_not_passed_for_ever(jobs, supervise, monkeypatch):
    monkeypatch.setattr("honmono.jobs.supervisor._PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr("honmono.jobs.supervisor._ROOM_SECONDS", 0.05)
    supervise(cores=2)
    first = jobs.enqueue("test.polite", {}, limits=Limits(cores=1))
    until(lambda: jobs.get(first).progress)
    large = jobs.enqueue("test.double", {"n": 1}, limits=Limits(cores=2))
    time.sleep(0.4)
    small = jobs.enqueue("test.double", {"n": 2}, limits=Limits(cores=1))
    time.sleep(0.5)
    assert jobs.get(small).state is State.QUEUED
    jobs.stop(first)
    assert jobs.wait(large, 10).finished <= jobs.wait(small, 10).finished


def test_jobs_wait_while_the_database_cannot_be_written(database, jobs, supervise, monkeypatch):
    monkeypatch.setattr("honmono.jobs.supervisor._RETRY_SECONDS", 0.1)
    full = []

    def hook(ended, tx):
        full.append(ended.state)
        if len(full) < 3:
            raise DiskFull("No space left")

    jobs.when_finished("test.double", hook)
    supervise()
    assert jobs.wait(jobs.enqueue("test.double", {"n": 4}), 10).result["n"] == 8
    assert full == [State.SUCCEEDED] * 3


def test_a_supervisor_that_was_never_started_closes(jobs):
    supervisor = Supervisor(jobs, Ledger(1, 1))
    supervisor.close()
    supervisor.close()
