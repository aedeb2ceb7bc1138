"""AWS Security Token Service."""

from honmono.services.sts.service import Sts

__all__ = ["Sts"]
