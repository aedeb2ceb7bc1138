"""Amazon Translate: texts from one language into another."""

from honmono.services.translate.service import Translate

__all__ = ["Translate"]
