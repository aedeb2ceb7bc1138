"""The gateway's fallback: verify the signature, hand the request to moto, mark the answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from honmono.fallback.barred import barred_modules
from honmono.fallback.exchange import BrokenExchange, exchange, post, whole
from honmono.fallback.process import MotoProcess
from honmono.wire.authentication import Authenticator
from honmono.wire.errors import OperationUnknown, ServiceError
from honmono.wire.http import Request, Response
from honmono.wire.protocols import protocol_for
from honmono.wire.service import Identity
from honmono.wire.signature import Lookup

ENGINE = "moto (simulated, in memory)"
_PROBLEM = "x-honmono-problem"
_log = logging.getLogger("honmono.fallback")

# Sign-up and sign-in carry no signature: the caller has no AWS credentials yet. AWS: "Amazon Cognito user pools API
# authenticated and unauthenticated requests".
_UNSIGNED_TARGETS = ("AWSCognitoIdentityProviderService.", "AWSCognitoIdentityService.")
_UNSIGNED_PATHS = ("/.well-known/jwks.json", "/.well-known/openid-configuration")
_REST_XML = frozenset({"s3", "route53", "cloudfront"})
# Hop-by-hop fields (RFC 9110, 7.6.1), what the exchange writes itself, and what only we may tell moto.
_OURS = frozenset(
    {
        "connection",
        "content-length",
        "expect",
        "keep-alive",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "x-moto-account-id",
    }
)
_NOT_ANSWERED = frozenset({"connection", "keep-alive", "server", "date", "transfer-encoding"})


class Fallback:
    """Answers requests for services that are not ours: a `wire.gateway.Fallback`."""

    def __init__(self, lookup: Lookup[Identity], services: Iterable[str], directory: Path) -> None:
        """Start nothing yet.

        Args:
            lookup: knows the access keys.
            services: those that we answer, as botocore names them: moto never answers them.
            directory: where the socket to moto may lie.
        """
        self._authenticator = Authenticator(lookup)
        self._moto = MotoProcess(directory, barred_modules(services))

    async def __call__(self, request: Request, signing_name: str | None) -> Response:
        """moto's answer, or an error in the form of the protocol that the request speaks."""
        protocol = _protocol(request, signing_name)
        try:
            return await self._answer(request, signing_name, protocol)
        except ServiceError as error:
            return protocol_for(protocol).error(None, error, str(uuid4()))

    def post(
        self, service: str, region: str, account: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, bytes]:
        """Ask moto on behalf of a service of ours, from any thread but the event loop's: see `platform.Simulated`."""
        date = datetime.now(UTC).strftime("%Y%m%d")
        scope = f"AWS4-HMAC-SHA256 Credential=honmono/{date}/{region}/{service}/aws4_request"
        fields = {
            **headers,
            "host": f"{service}.{region}.amazonaws.com",
            "x-moto-account-id": account,
            "authorization": f"{scope}, SignedHeaders=host, Signature=verified",
        }
        return post(self._moto.socket_path(), fields, body)

    def reset(self) -> None:
        """Empty moto's state."""
        self._moto.reset()

    def close(self) -> None:
        """End moto's process."""
        self._moto.close()

    async def _answer(self, request: Request, signing_name: str | None, protocol: str) -> Response:
        account = None
        if signing_name is not None:
            verified = self._authenticator.verify(request, signing_name, protocol, streams=False)
            account = verified.identity.account
        elif not _needs_no_signature(request):
            raise OperationUnknown(f"No service here answers {request.method} {request.raw_path[:200]} unsigned.")
        response = await self._ask(request, account)
        code = response.headers.pop(_PROBLEM, None)
        if code is not None:
            message = (await whole(response)).decode()
            raise ServiceError(code, message, status=response.status)
        for name in _NOT_ANSWERED & response.headers.keys():
            del response.headers[name]
        response.headers["x-honmono-engine"] = ENGINE
        return response

    async def _ask(self, request: Request, account: str | None) -> Response:
        loop = asyncio.get_running_loop()
        target = f"{request.raw_path}?{request.query_string}" if request.query_string else request.raw_path
        try:
            path = await loop.run_in_executor(None, self._moto.socket_path)
            return await exchange(path, request.method, target, _fields(request, account), request.body)
        except BrokenExchange as error:
            ending = await loop.run_in_executor(None, self._moto.ending)
            _log.error("moto gave no answer (%s): its process %s", error, ending or "still runs")
            raise _unavailable(f"its process ended ({ending}); what it held in memory is lost") from error
        except OSError as error:
            _log.exception("moto cannot be reached")
            raise _unavailable(f"its process cannot be reached: {error}") from error


def _unavailable(reason: str) -> ServiceError:
    message = f"moto, which simulates this service, gave no answer: {reason}. The next request starts it anew."
    return ServiceError("ServiceUnavailable", message, status=503)


def _fields(request: Request, account: str | None) -> Iterator[tuple[str, str]]:
    for name, value in request.headers.items():
        if name not in _OURS:
            yield name, value
    if account is not None:
        yield "x-moto-account-id", account
    if account is not None and "authorization" not in request.headers:
        # moto reads service and region from the header alone; a presigned request has them in its query.
        credential = request.query.get("X-Amz-Credential", [""])[0]
        yield "authorization", f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=verified"


def _needs_no_signature(request: Request) -> bool:
    target = request.headers.get("x-amz-target") or ""
    return target.startswith(_UNSIGNED_TARGETS) or request.path.endswith(_UNSIGNED_PATHS)


def _protocol(request: Request, signing_name: str | None) -> str:
    """The protocol that a request speaks, by its form: models of services that are not ours stay unread."""
    headers = request.headers
    if headers.get("smithy-protocol") == "rpc-v2-cbor":
        return "smithy-rpc-v2-cbor"
    if "x-amz-target" in headers:
        return "json"
    if (headers.get("content-type") or "").startswith("application/x-www-form-urlencoded") or "Action" in request.query:
        return "ec2" if signing_name == "ec2" else "query"
    return "rest-xml" if signing_name in _REST_XML else "rest-json"
