"""Services without a meaning: each method says that it was called."""

from botocore.auth import HmacV1Auth, S3SigV4Auth, SigV4Auth
from botocore.credentials import Credentials

from honmono.wire import model as models
from honmono.wire.gateway import Gateway
from honmono.wire.http import Response
from honmono.wire.routing import Registry
from honmono.wire.service import Identity, Service
from honmono.wire.signature import Secret

IDENTITY = Identity("000000000000", "arn:aws:iam::000000000000:root", "test")
CREDENTIALS = Credentials("test", "test")

__all__ = ["CREDENTIALS", "IDENTITY", "HmacV1Auth", "dummy", "gateway_of", "lookup", "named_service", "sign"]


def lookup(access_key, token):
    return Secret("test", IDENTITY) if access_key == "test" else None


def dummy(name, *, base=Service, **members):
    """A service of that name with the given methods and attributes."""
    return type(f"Dummy_{name.replace('-', '_')}", (base,), {"name": name, **members})()


def named_service(name, *, base=Service, **members):
    """A service that answers every operation with its own name in the header ``x-routed``."""

    def method_for(operation):
        async def method(self, request, ctx):
            return Response(200, {"x-routed": f"{name}.{operation}"})

        return method

    methods = {o.method_name: method_for(o.name) for o in models.load(name).operations.values()}
    return dummy(name, base=base, validates=False, **methods, **members)


def gateway_of(*services, **options):
    """A gateway that answers for these services."""
    return Gateway(Registry(services), lookup, **options)


def sign(aws_request, signing_name, region="us-east-1", credentials=CREDENTIALS):
    """Sign as botocore does."""
    kind = S3SigV4Auth if signing_name == "s3" else SigV4Auth
    kind(credentials, signing_name, region).add_auth(aws_request)
    return aws_request
