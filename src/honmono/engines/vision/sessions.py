"""Open an ONNX graph the way all engines of this package do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.errors import EngineUnavailable

if TYPE_CHECKING:
    import onnxruntime

_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


def open_session(graph: Path | bytes, device: str = "cpu", threads: int = 1) -> onnxruntime.InferenceSession:
    """The graph, ready on `device` and on no other.

    Args:
        graph: a file, or its bytes.
        device: what `compute.devices` calls it, "cpu" or "cuda".
        threads: that one call computes with; they never spin while they wait.

    Raises:
        EngineUnavailable: onnxruntime has no such device, or its driver is missing.
    """
    import onnxruntime

    provider = _PROVIDERS.get(device, "")
    if provider not in (there := onnxruntime.get_available_providers()):
        raise EngineUnavailable(
            "onnxruntime", f"device = {device!r} cannot be used; the installed onnxruntime has {', '.join(there)}"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors: its warnings are about how a graph was exported
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.x64quantprecision", "1")  # see text.encoder.open_graph
    session = onnxruntime.InferenceSession(
        graph if isinstance(graph, bytes) else str(graph), options, providers=[provider]
    )
    # Where the driver is missing onnxruntime goes on without a word on the CPU.
    if provider not in session.get_providers():
        raise EngineUnavailable("onnxruntime", f"device = {device!r}: {provider} did not start; is its driver there?")
    session.disable_fallback()
    return session
