"""Amazon Comprehend: what a text says, about whom, in which language and mood."""

from honmono.services.comprehend.service import Comprehend

__all__ = ["Comprehend"]
