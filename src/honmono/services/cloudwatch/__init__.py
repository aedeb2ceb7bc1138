"""Amazon CloudWatch: metrics and alarms."""

from honmono.services.cloudwatch.service import CloudWatch
from honmono.services.cloudwatch.transitions import Transition, evaluate

__all__ = ["CloudWatch", "Transition", "evaluate"]
