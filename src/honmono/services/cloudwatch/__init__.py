"""Amazon CloudWatch: metrics and alarms."""

from honmono.services.cloudwatch.alarms import evaluate
from honmono.services.cloudwatch.service import CloudWatch

__all__ = ["CloudWatch", "evaluate"]
