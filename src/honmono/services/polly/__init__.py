"""Amazon Polly."""

from honmono.services.polly.service import Polly

__all__ = ["Polly"]
