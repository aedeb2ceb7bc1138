"""Amazon Textract: what stands in documents."""

from honmono.services.textract.service import Textract

__all__ = ["Textract"]
