"""A server of streaming services, plain and with TLS."""

import pytest

from honmono import tls

from .dummies import gateway_of
from .live import Live
from .streaming import answering_services, streaming_service


@pytest.fixture(scope="module")
def streaming_live(tmp_path_factory):
    certificates = tls.ensure(tmp_path_factory.mktemp("tls"), "us-east-1")
    with pytest.MonkeyPatch.context() as patch:
        services = [streaming_service(patch), *answering_services()]
        running = Live(gateway_of(*services, strict=True), certificates.certificate, certificates.key)
        running.authority = certificates.authority
        yield running
        running.close()
