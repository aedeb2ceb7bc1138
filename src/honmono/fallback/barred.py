"""What moto must not answer: it has constants where Honmono promises answers computed from the input."""

from __future__ import annotations

from collections.abc import Iterable

# Names of moto's modules.
_MACHINE_LEARNING = frozenset(
    {
        "comprehend",
        "forecast",
        "lexv2models",
        "personalize",
        "polly",
        "rekognition",
        "sagemaker",
        "sagemakermetrics",
        "sagemakerruntime",
        "textract",
        "transcribe",
    }
)
# moto's own pages: its state must not be emptied or read behind the signature check.
_OWN_PAGES = frozenset({"moto_api", "instance_metadata"})
_OTHER_NAMES = {"lambda": "awslambda", "cognito-idp": "cognitoidp", "elasticloadbalancingv2": "elbv2"}


def barred_modules(services: Iterable[str]) -> frozenset[str]:
    """moto's modules that stay shut where we answer these services, named as botocore names them."""
    ours = {_OTHER_NAMES.get(name, name.replace("-", "")) for name in services}
    if "s3" in ours:
        ours.add("s3bucket_path")
    return _MACHINE_LEARNING | _OWN_PAGES | ours
