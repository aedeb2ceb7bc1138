"""Amazon Transcribe."""

from honmono.services.transcribe.service import Transcribe

__all__ = ["Transcribe"]
