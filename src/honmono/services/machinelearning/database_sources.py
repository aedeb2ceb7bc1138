"""Data sources from a SQL database, in Amazon RDS's form and in Redshift's: a job copies what the query answers to S3."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from honmono.engines.tabular.schema import Schema
from honmono.services.iam.permissions import pass_role
from honmono.services.machinelearning import lifecycle
from honmono.services.machinelearning.data_sources import DATA_SOURCES, kept
from honmono.services.machinelearning.data_spec import check_writable, schema_of, selection_of
from honmono.services.machinelearning.databases import QueryFailed, check_query, url_of
from honmono.services.machinelearning.part import Answer, Part, Request, invalid
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

PRINCIPAL = "machinelearning.amazonaws.com"
_RDS = ("sqlite", "postgresql", "mysql", "mariadb")
_REDSHIFT = ("postgresql",)
"""Redshift speaks PostgreSQL's protocol."""


class DatabaseSources(Part):
    """CreateDataSourceFromRDS and CreateDataSourceFromRedshift."""

    def create_data_source_from_rds(self, request: Request, ctx: Context) -> Answer:
        """Check the request and have the query's answer copied to S3 and looked at."""
        spec = request["RDSData"]
        information = spec["DatabaseInformation"]
        metadata = {
            "Database": information,
            "DatabaseUserName": spec["DatabaseCredentials"]["Username"],
            "ResourceRole": spec["ResourceRole"],
            "ServiceRole": spec["ServiceRole"],
        }
        self._create(request, ctx, spec, information["InstanceIdentifier"], _RDS, {"RDS": metadata})
        return {"DataSourceId": request["DataSourceId"]}

    def create_data_source_from_redshift(self, request: Request, ctx: Context) -> Answer:
        """The same, where the database speaks PostgreSQL's protocol."""
        spec = request["DataSpec"]
        information = spec["DatabaseInformation"]
        metadata = {
            "RedshiftDatabase": information,
            "DatabaseUserName": spec["DatabaseCredentials"]["Username"],
        }
        self._create(request, ctx, spec, information["ClusterIdentifier"], _REDSHIFT, {"Redshift": metadata})
        return {"DataSourceId": request["DataSourceId"]}

    def _create(
        self,
        request: Request,
        ctx: Context,
        spec: Mapping[str, Any],
        instance: str,
        kinds: tuple[str, ...],
        metadata: dict[str, Any],
    ) -> None:
        schema = schema_of(ctx, spec.get("DataSchema"), spec.get("DataSchemaUri"), "DataSchemaUri")
        database = spec["DatabaseInformation"]["DatabaseName"]
        try:
            check_query(spec["SelectSqlQuery"])
            url_of(self.platform.databases, instance, database, kinds)
        except QueryFailed as error:
            raise invalid(str(error)) from error
        _check_role(self, ctx, request["RoleARN"])
        check_writable(ctx, spec["S3StagingLocation"], "S3StagingLocation")
        folder = spec["S3StagingLocation"].rstrip("/")
        body = {
            "Location": f"{folder}/{request['DataSourceId']}/data.csv",
            "Schema": schema.to_json(),
            "Selection": selection_of(spec.get("DataRearrangement")),
            "Query": spec["SelectSqlQuery"],
            "Role": request["RoleARN"],
            "Export": {"instance": instance, "database": database, "kinds": list(kinds)},
            "Header": list(Schema.parse(schema.to_json()).names) if schema.has_header else None,
            **kept(request, spec),
            **metadata,
        }
        lifecycle.create(
            self.platform,
            ctx,
            DATA_SOURCES,
            _without_password(request, spec),
            request["DataSourceId"],
            body,
            secret={
                "user": spec["DatabaseCredentials"]["Username"],
                "password": spec["DatabaseCredentials"]["Password"],
            },
        )


def _check_role(part: Part, ctx: Context, role: str) -> None:
    try:
        pass_role(part.platform, ctx.principal, role, PRINCIPAL)
    except ServiceError as error:
        raise invalid(error.message) from error


def _without_password(request: Request, spec: Mapping[str, Any]) -> Request:
    """The request as it is kept: the password is the job's alone."""
    member = "RDSData" if "RDSData" in request else "DataSpec"
    credentials = {"Username": spec["DatabaseCredentials"]["Username"]}
    return {**request, member: {**spec, "DatabaseCredentials": credentials}}
