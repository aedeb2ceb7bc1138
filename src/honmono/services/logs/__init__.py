"""Amazon CloudWatch Logs."""

from honmono.services.logs.service import Logs, append, expire

__all__ = ["Logs", "append", "expire"]
