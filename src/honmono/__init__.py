"""Honmono (本物, the real thing): a machine learning cloud on your own machine that speaks AWS's wire."""

import os

__version__ = "0.1.0"

# From 1.29 on, onnxruntime's official builds report what runs to Microsoft and keep a device id in ~/.cache, unless this
# is set before they are imported: here, in the engines' workers and in what jobs start. Nothing of ours phones home.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
