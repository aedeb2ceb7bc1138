"""AWS Identity and Access Management."""

from honmono.services.iam.service import Iam

__all__ = ["Iam"]
