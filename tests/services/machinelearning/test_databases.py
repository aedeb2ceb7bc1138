"""Data sources from a SQL database that the settings name."""

import json
import re
import sqlite3

import pytest
from botocore.exceptions import ClientError
from tests.conftest import RunningServer, settings_for
from tests.services.machinelearning.banking import BUCKET, Banking

ROLE = "arn:aws:iam::000000000000:role/ml"
SCHEMA = {
    "targetAttributeName": "total",
    "dataFormat": "CSV",
    "dataFileContainsHeader": True,
    "attributes": [
        {"attributeName": "shop", "attributeType": "CATEGORICAL"},
        {"attributeName": "note", "attributeType": "TEXT"},
        {"attributeName": "total", "attributeType": "NUMERIC"},
    ],
}


@pytest.fixture(scope="module")
def bank(tmp_path_factory):
    folder = tmp_path_factory.mktemp("databases")
    with sqlite3.connect(folder / "shop.sqlite") as database:
        database.execute("CREATE TABLE sales (shop TEXT, note TEXT, total REAL)")
        rows = [(f"s{n % 3}", 'two\nlines, "quoted"' if n == 5 else None, n % 3 * 100.0) for n in range(60)]
        database.executemany("INSERT INTO sales VALUES (?, ?, ?)", rows)
    database.close()
    databases = {
        "shop-db/sales": f"sqlite:///{folder / 'shop.sqlite'}",
        "gone/gone": f"sqlite:///{folder / 'gone.sqlite'}",
    }
    server = RunningServer(settings_for(folder / "data", databases=databases))
    try:
        trust = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "machinelearning.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                }
            ],
        }
        server.client("iam").create_role(RoleName="ml", AssumeRolePolicyDocument=json.dumps(trust))
        yield Banking(server)
    finally:
        server.close()


def rds(name, query="SELECT shop, note, total FROM sales", database="sales", instance="shop-db", **more):
    spec = {
        "DatabaseInformation": {"InstanceIdentifier": instance, "DatabaseName": database},
        "SelectSqlQuery": query,
        "DatabaseCredentials": {"Username": "reader", "Password": "secret-word"},
        "S3StagingLocation": f"s3://{BUCKET}/staging/",
        "ResourceRole": "DataPipelineDefaultResourceRole",
        "ServiceRole": "DataPipelineDefaultRole",
        "SubnetId": "subnet-1",
        "SecurityGroupIds": ["sg-1"],
        "DataSchema": json.dumps(SCHEMA),
    }
    return {"DataSourceId": name, "RDSData": spec, "RoleARN": ROLE, "ComputeStatistics": True, **more}


def test_a_querys_answer_is_copied_to_s3_and_used_from_there(bank):
    bank.ml.create_data_source_from_rds(**rds("sales", "SELECT shop, note, total FROM sales WHERE total > 0;"))
    found = bank.ended("data_source", "sales", Verbose=True)
    assert found["Status"] == "COMPLETED", found["Message"]
    lines = bank.get("staging/sales/data.csv").decode().splitlines()
    assert lines[0] == "shop,note,total" and len(lines) == 41
    assert 's2,"two lines, ""quoted""",200.0' in lines
    assert found["DataLocationS3"] == f"s3://{BUCKET}/staging/sales/data.csv"
    assert found["RDSMetadata"]["Database"]["InstanceIdentifier"] == "shop-db"
    assert found["RDSMetadata"]["SelectSqlQuery"].startswith("SELECT") and "secret-word" not in str(found)
    assert "SelectSqlQuery" not in bank.ml.get_data_source(DataSourceId="sales")["RDSMetadata"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"query": "DROP TABLE sales"}, "must be a SELECT"),
        ({"query": "SELECT 1; DROP TABLE sales"}, "one statement"),
        ({"database": "other"}, "shop-db/other is not known here.*gone/gone"),
        ({"RoleARN": "arn:aws:iam::000000000000:role/none"}, "Could not assume role"),
    ],
)
def test_what_may_not_be_asked(bank, changes, words):
    with pytest.raises(ClientError, match=words) as caught:
        bank.ml.create_data_source_from_rds(**rds("refused", **changes))
    assert caught.value.response["Error"]["Code"] == "InvalidInputException"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "changes", "words"),
    [
        ("no-table", {"query": "SELECT a, b, c FROM no_such"}, "no such table: no_such"),
        (
            "columns",
            {"query": "SELECT shop, total FROM sales"},
            "answers 2 columns \\(shop, total\\); the schema has 3",
        ),
        ("gone", {"database": "gone", "instance": "gone"}, "gone.sqlite is not there"),
        (
            "written",
            {"query": "WITH x AS (SELECT 1) INSERT INTO sales SELECT 'x', 'y', 1"},
            "readonly|read-only|attempt to write",
        ),
    ],
)
def test_what_goes_wrong_on_the_way_is_told(bank, name, changes, words):
    bank.ml.create_data_source_from_rds(**rds(name, **changes))
    found = bank.ended("data_source", name)
    assert found["Status"] == "FAILED"
    assert re.search(words, found["Message"]), found["Message"]


def test_redshift_is_asked_in_postgresqls_form_alone(bank):
    spec = {
        "DatabaseInformation": {"ClusterIdentifier": "shop-db", "DatabaseName": "sales"},
        "SelectSqlQuery": "SELECT 1",
        "DatabaseCredentials": {"Username": "reader", "Password": "secret-word"},
        "S3StagingLocation": f"s3://{BUCKET}/staging/",
        "DataSchema": json.dumps(SCHEMA),
    }
    with pytest.raises(ClientError, match="none of postgresql"):
        bank.ml.create_data_source_from_redshift(DataSourceId="r", DataSpec=spec, RoleARN=ROLE)
