"""OpenID Connect providers: whose users may be trusted in roles. Stored; nobody asks the provider."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from honmono.services.iam.part import IamPart, every, paged, read_tags, scope, write_tags
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

_KIND = "oidc-provider"
_THUMBPRINTS = 5
_CLIENTS = 100


class IdentityProviders(IamPart):
    """CreateOpenIDConnectProvider and what goes with it."""

    def create_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """A new provider, known by its URL without scheme and query."""
        url = urlsplit(request["Url"])
        if url.scheme != "https" or not url.hostname or "." not in url.hostname:
            raise ServiceError("ValidationError", "Invalid Open ID Connect Provider URL", status=400)
        thumbprints, clients = request.get("ThumbprintList", []), request.get("ClientIDList", [])
        _check_thumbprints(thumbprints)
        _check_clients(clients)
        name = url.netloc + url.path.rstrip("/")
        arn = f"arn:aws:iam::{ctx.account}:oidc-provider/{name}"
        body = {"thumbprints": thumbprints, "clients": clients}
        tags = read_tags(request.get("Tags", []))
        try:
            self.records.create(scope(ctx.account), _KIND, name, body, arn=arn, tags=tags)
        except RecordExists as error:
            message = f"Provider with url {request['Url']} already exists."
            raise ServiceError("EntityAlreadyExists", message) from error
        return {"OpenIDConnectProviderArn": arn, "Tags": write_tags(tags)}

    def get_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """A provider."""
        record = self._provider(request, ctx)
        return {
            "Url": record.name,
            "ClientIDList": record.body["clients"],
            "ThumbprintList": record.body["thumbprints"],
            "CreateDate": record.created,
            "Tags": write_tags(record.tags),
        }

    def list_open_id_connect_providers(self, request: Request, ctx: Context) -> Answer:
        """The ARNs of the account's providers."""
        found = every(self.records, ctx.account, _KIND)
        return {"OpenIDConnectProviderList": [{"Arn": record.arn} for record in found]}

    def update_open_id_connect_provider_thumbprint(self, request: Request, ctx: Context) -> Answer:
        """Replace the thumbprints of the provider's certificates."""
        _check_thumbprints(request["ThumbprintList"])
        record = self._provider(request, ctx)
        self._change_provider(record, {"thumbprints": request["ThumbprintList"]})
        return {}

    def add_client_id_to_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """Add an audience; one that is there already stays."""
        record = self._provider(request, ctx)
        clients = list(dict.fromkeys([*record.body["clients"], request["ClientID"]]))
        _check_clients(clients)
        self._change_provider(record, {"clients": clients})
        return {}

    def remove_client_id_from_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """Remove an audience; one that is not there is no error."""
        record = self._provider(request, ctx)
        clients = [client for client in record.body["clients"] if client != request["ClientID"]]
        self._change_provider(record, {"clients": clients})
        return {}

    def delete_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """Delete a provider; one that is not there is no error."""
        try:
            self.records.delete(scope(ctx.account), _KIND, _name(request, ctx))
        except RecordMissing:
            pass  # as on AWS
        return {}

    def tag_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """Add tags."""
        return self._tag(self._provider(request, ctx), request["Tags"])

    def untag_open_id_connect_provider(self, request: Request, ctx: Context) -> Answer:
        """Remove tags."""
        return self._untag(self._provider(request, ctx), request["TagKeys"])

    def list_open_id_connect_provider_tags(self, request: Request, ctx: Context) -> Answer:
        """A provider's tags."""
        tags = write_tags(self._provider(request, ctx).tags)
        return paged("Tags", tags, request, lambda tag: tag["Key"], lambda tag: tag)

    def _provider(self, request: Request, ctx: Context) -> Record:
        try:
            return self.records.get(scope(ctx.account), _KIND, _name(request, ctx))
        except RecordMissing as error:
            arn = request["OpenIDConnectProviderArn"]
            raise ServiceError("NoSuchEntity", f"OpenIDConnect Provider not found for arn {arn}") from error

    def _change_provider(self, record: Record, change: dict[str, Any]) -> None:
        self.records.modify(record.scope, _KIND, record.name, lambda found: {**found.body, **change})


def _name(request: Request, ctx: Context) -> str:
    return str(request["OpenIDConnectProviderArn"]).removeprefix(f"arn:aws:iam::{ctx.account}:oidc-provider/")


def _check_thumbprints(thumbprints: list[str]) -> None:
    if len(thumbprints) > _THUMBPRINTS:
        raise ServiceError("InvalidInput", "Thumbprint list must contain fewer than 5 entries.")
    for thumbprint in thumbprints:
        if not re.fullmatch(r"[0-9a-fA-F]{40}", thumbprint):
            raise ServiceError("InvalidInput", f"The thumbprint {thumbprint} is not 40 hexadecimal digits.")


def _check_clients(clients: list[str]) -> None:
    if len(clients) > _CLIENTS:
        message = f"Cannot exceed quota for ClientIdsPerOpenIdConnectProvider: {_CLIENTS}"
        raise ServiceError("LimitExceeded", message)
