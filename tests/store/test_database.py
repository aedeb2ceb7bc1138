import os
import shutil
import sqlite3
import subprocess
import sys
import textwrap
import time
from contextlib import closing

import pytest
from sqlalchemy import text

from honmono.store import (
    Blobs,
    Database,
    DatabaseCorrupt,
    DatabaseGone,
    DatabaseUnreachable,
    DataDirectoryInUse,
    DirectoryNotWritable,
    Records,
    SchemaTooNew,
    Scope,
    StoreError,
)

HERE = Scope("000000000000", "us-east-1", "s3")


def python(code: str, *arguments: str, **options) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, **options)


def in_small_file_system(tmp_path, options: str, code: str) -> "subprocess.CompletedProcess[str]":
    """Run Python with its only argument a folder that is a file system of its own, gone afterwards."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run([*mount, f"mount -t tmpfs tmpfs {folder}"], capture_output=True).returncode:
        pytest.skip("no mount namespaces on this machine: unshare --map-root-user --mount does not work")
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(code))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    shell = f"mount -t tmpfs -o {options} tmpfs {folder} && exec {sys.executable} {script} {folder}"
    return subprocess.run([*mount, shell], env=environment, capture_output=True, text=True, timeout=60)


def test_what_was_committed_is_there_after_a_kill(tmp_path):
    killed = python(
        """
        import os, sys
        from honmono.store import Database, Records, Scope
        database = Database.open(sys.argv[1])
        records = Records(database)
        scope = Scope("000000000000", "us-east-1", "s3")
        for number in range(20):
            records.create(scope, "bucket", f"b{number}", {"n": number}, arn="")
        with database.transaction() as tx:
            records.create(scope, "bucket", "uncommitted", {}, arn="", tx=tx)
            os.kill(os.getpid(), 9)
        """,
        str(tmp_path / "honmono.db"),
    )
    assert killed.returncode == -9, killed.stderr
    database = Database.open(tmp_path / "honmono.db")
    names = {record.name for record in Records(database).list(HERE, "bucket")}
    database.close()
    assert names == {f"b{number}" for number in range(20)}


def test_a_second_server_on_the_same_directory_is_told_who_has_it(tmp_path):
    with_first = Database.open(tmp_path / "honmono.db")
    second = """
        import sys
        from honmono.store import Database, DataDirectoryInUse
        try:
            Database.open(sys.argv[1])
        except DataDirectoryInUse as error:
            print(error)
        """
    told = python(second, str(tmp_path / "honmono.db"))
    assert f"in use by process {os.getpid()}" in told.stdout, told.stderr
    with pytest.raises(DataDirectoryInUse):
        Database.open(tmp_path / "honmono.db")
    with_first.close()
    assert python(second, str(tmp_path / "honmono.db")).stdout == ""


def test_the_lock_is_not_inherited_by_what_the_server_starts(tmp_path):
    database = Database.open(tmp_path / "honmono.db")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False) as child:
        database.close()
        Database.open(tmp_path / "honmono.db").close()
        child.communicate(b"\n")


def test_sqlite_is_set_to_lose_nothing(database):
    with database.transaction() as tx:
        settings = {
            name: tx.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_reading_cannot_write(database):
    with pytest.raises(StoreError), database.reading() as connection:
        connection.execute(text("DELETE FROM resources"))


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path):
    (tmp_path / "honmono.db").write_bytes(b"my only copy of something else " * 200)
    with pytest.raises(DatabaseCorrupt, match=r"honmono\.db.*not a SQLite database.*backup"):
        Database.open(tmp_path / "honmono.db")
    assert (tmp_path / "honmono.db").read_bytes().startswith(b"my only copy")
    (tmp_path / "honmono.db").unlink()
    Database.open(tmp_path / "honmono.db").close()


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_to_a_file_that_is_gone(tmp_path, replaced):
    path = tmp_path / "data" / "honmono.db"
    database = Database.open(path)
    records = Records(database)
    records.create(HERE, "bucket", "before", {}, arn="")
    path.parent.rename(tmp_path / "elsewhere")
    if replaced:
        path.parent.mkdir()
        path.touch()
    with pytest.raises(DatabaseGone, match=r"honmono\.db.*put the data directory back"):
        records.create(HERE, "bucket", "lost", {}, arn="")

    shutil.rmtree(path.parent, ignore_errors=True)
    (tmp_path / "elsewhere").rename(path.parent)
    records.create(HERE, "bucket", "after", {}, arn="")
    database.close()
    with closing(Database.open(path)) as again:
        assert [record.name for record in Records(again).list(HERE, "bucket").items] == ["after", "before"]


def test_a_damaged_page_is_reported_as_damage(tmp_path):
    path = tmp_path / "honmono.db"
    database = Database.open(path)
    records = Records(database)
    for number in range(200):
        records.create(HERE, "bucket", f"b{number}", {"filler": "x" * 500}, arn="")
    database.close()
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 2))
    with pytest.raises(DatabaseCorrupt, match="damaged"):
        damaged = Database.open(path)
        try:
            Records(damaged).list(HERE, "bucket", limit=1000, order="created")
        finally:
            damaged.close()


def test_a_newer_schema_is_refused(tmp_path):
    path = tmp_path / "honmono.db"
    Database.open(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaTooNew, match=r"9999.*newer"):
        Database.open(path)


def test_a_directory_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DirectoryNotWritable, match=r"file/data.*--data DIR"):
        Database.open(tmp_path / "file" / "data" / "honmono.db")


def test_a_read_only_directory_is_named(tmp_path):
    told = in_small_file_system(
        tmp_path,
        "ro",
        """
        import sys
        from honmono.store import Blobs, Database, DirectoryNotWritable
        from pathlib import Path
        for open_it in (Database.open, Blobs):
            try:
                open_it(Path(sys.argv[1]) / "data")
            except DirectoryNotWritable as error:
                print(error)
        """,
    )
    assert told.stdout.count("Read-only file system") == 2, told.stderr


def test_a_full_disk_damages_nothing(tmp_path):
    told = in_small_file_system(
        tmp_path,
        "size=2m",
        """
        import sys
        from pathlib import Path
        from honmono.store import Blobs, Database, DiskFull, Records, Scope
        folder = Path(sys.argv[1])
        database = Database.open(folder / "honmono.db")
        blobs = Blobs(folder / "objects")
        records, scope = Records(database), Scope("0", "us-east-1", "s3")
        made = 0
        try:
            while True:
                records.create(scope, "bucket", f"b{made}", {"filler": "x" * 5000}, arn="")
                made += 1
        except DiskFull as error:
            print(error)
        try:
            with blobs.writer() as writer:
                while True:
                    writer.write(b"x" * 100_000)
        except DiskFull as error:
            print(error)
        print("unfinished", [path.name for path in (folder / "objects" / "unfinished").iterdir()])
        print("all there", made > 20, len(records.list(scope, "bucket", limit=10_000).items) == made)
        database.close()
        """,
    )
    assert told.stdout.count("No space left") == 2, told.stdout + told.stderr
    assert "unfinished []" in told.stdout
    assert "all there True True" in told.stdout


@pytest.mark.parametrize("url", ["postgresql://user:secret@127.0.0.1:1/none", "nonsense://host/db"])
def test_a_server_that_does_not_answer_is_named_without_its_password(url):
    with pytest.raises(DatabaseUnreachable) as told:
        Database.open(url)
    assert url.partition("://")[0] in str(told.value)
    assert "secret" not in str(told.value)


def test_opening_again_is_quick_and_does_not_load_alembic(tmp_path):
    Database.open(tmp_path / "honmono.db").close()
    told = python(
        """
        import sys, time
        from honmono.store import Database
        began = time.process_time()
        Database.open(sys.argv[1]).close()
        print(time.process_time() - began, "alembic" in sys.modules)
        """,
        str(tmp_path / "honmono.db"),
    )
    seconds, alembic = told.stdout.split()
    assert float(seconds) < 0.06
    assert alembic == "False"


def test_a_time_is_stored_to_the_microsecond(database):
    made = Records(database).create(HERE, "bucket", "a", {}, arn="")
    assert abs(made.created.timestamp() - time.time()) < 5
    assert Records(database).get(HERE, "bucket", "a").created == made.created


def test_the_database_and_the_objects_are_private_in_a_folder_that_others_may_enter(tmp_path):
    tmp_path.chmod(0o755)
    Blobs(tmp_path / "objects")
    with closing(Database.open(tmp_path / "state.sqlite")) as database:
        with database.transaction() as tx:
            tx.execute(text("CREATE TABLE noted (a INTEGER)"))
        private = [*tmp_path.glob("state.sqlite*"), tmp_path / "objects"]
        assert len(private) >= 3
        assert {oct(path.stat().st_mode & 0o077) for path in private} == {"0o0"}
