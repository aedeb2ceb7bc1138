"""Amazon Transcribe streaming: what is being said, while it is said."""

from honmono.services.transcribestreaming.service import TranscribeStreaming

__all__ = ["TranscribeStreaming"]
