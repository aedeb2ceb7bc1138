"""A network of a user's, opened by onnxruntime on the device that was asked for and on no other."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.compute.devices import onnxruntime_has_cuda
from honmono.engines.errors import EngineUnavailable
from honmono.engines.text.brought.directory import ModelDirectory

if TYPE_CHECKING:
    import onnxruntime

_PROVIDERS = {"cpu": "CPUExecutionProvider", "cuda": "CUDAExecutionProvider"}


def check_packages(engine: str, network: Path, device: str) -> None:
    """Refuse what no installed package can run, without importing one.

    Raises:
        EngineUnavailable: says what to install.
    """
    if network.suffix == ".onnx":
        if importlib.util.find_spec("onnxruntime") is None:
            raise EngineUnavailable(engine, "onnxruntime is not installed; run: pip install 'honmono[text]'")
        if device == "cuda" and not onnxruntime_has_cuda():
            raise EngineUnavailable(
                engine,
                'device = "cuda", and the installed onnxruntime has no CUDAExecutionProvider; run: '
                "pip uninstall onnxruntime && pip install onnxruntime-gpu",
            )
        return
    absent = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if absent:
        raise EngineUnavailable(
            engine,
            f"{network} has the weights as safetensors, which needs {' and '.join(absent)}; run: pip install "
            f"{' '.join(absent)}, or export the model to ONNX: optimum-cli export onnx --model {network.parent} DIRECTORY",
        )


def open_session(directory: ModelDirectory, network: Path, device: str, threads: int) -> onnxruntime.InferenceSession:
    """The graph in `network`, ready on `device`.

    Raises:
        EngineUnavailable: it cannot be read, reads files outside of the directory, or the device is not there.
    """
    import onnxruntime

    directory.check_external_data(network)
    provider = _PROVIDERS[device]
    if provider not in (there := onnxruntime.get_available_providers()):
        raise EngineUnavailable(
            directory.engine, f"device = {device!r} needs {provider}; the installed onnxruntime has {', '.join(there)}"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3  # errors: its warnings are about how the graph was exported
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.x64quantprecision", "1")  # see text.encoder.open_graph
    try:
        session = onnxruntime.InferenceSession(str(network), options, providers=[provider])
    except Exception as error:
        raise directory.refused(f"has {network.name}, which onnxruntime cannot open: {_first_line(error)}") from error
    # Where the driver is missing onnxruntime goes on without a word on the CPU.
    if provider not in session.get_providers():
        raise EngineUnavailable(
            directory.engine, f"device = {device!r}, and onnxruntime could not start {provider}: is its driver there?"
        )
    session.disable_fallback()
    return session


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
