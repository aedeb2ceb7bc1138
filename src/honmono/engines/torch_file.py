"""Tensors of a file that torch wrote before version 1.6, read without torch.

Such a file is a row of pickles (a magic number, the protocol, the writer's machine, the tensors' table, the storages'
keys), and behind them each storage as its length and its bytes. A pickle can name any function for the reader to call:
this reader knows three names and makes plain arrays of them.

Source: "Serialization semantics" in PyTorch's notes, and the pickles themselves as pickletools shows them.
"""

from __future__ import annotations

import io
import math
import pickle
import struct
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MAGIC = 0x1950A86A20F9469CFC6C
_PROTOCOL = 1001


@dataclass(frozen=True, slots=True)
class _Kind:
    """A type of storage: numpy's name of its elements."""

    dtype: str


@dataclass(frozen=True, slots=True)
class _Storage:
    key: str
    dtype: str
    elements: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    """Elements of a storage; offset and steps count elements, not bytes."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    steps: tuple[int, ...]


class _Tables(pickle.Unpickler):
    """Reads the pickles; whatever is not a table of tensors is refused."""

    def __init__(self, stream: io.BytesIO) -> None:
        super().__init__(stream)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The stand-ins of the names that such a table needs."""
        known = {
            ("collections", "OrderedDict"): OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _tensor,
            ("torch", "FloatStorage"): _Kind("<f4"),
            ("torch", "LongStorage"): _Kind("<i8"),
        }
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"a table of tensors does not need {module}.{name}")
        return known[module, name]

    def persistent_load(self, pid: Any) -> _Storage:
        """A storage, by its description."""
        if not (isinstance(pid, tuple) and len(pid) == 6 and pid[0] == "storage" and isinstance(pid[1], _Kind)):
            raise pickle.UnpicklingError("a storage is described in a form that is not known")
        return self.storages.setdefault(str(pid[2]), _Storage(str(pid[2]), pid[1].dtype, int(pid[4])))


def read_tensors(path: Path, table: str | None = None) -> dict[str, NDArray[np.float32]]:
    """The tensors under one name of the file's dictionary ("model_state"), or of a file that is a table itself.

    Raises:
        ValueError: it is no such file.
    """
    stream = io.BytesIO(path.read_bytes())
    try:
        magic, protocol = _Tables(stream).load(), _Tables(stream).load()
        machine = _Tables(stream).load()
        if magic != _MAGIC or protocol != _PROTOCOL or not machine["little_endian"]:
            raise ValueError(f"{path.name} is no file of tensors that can be read")
        reader = _Tables(stream)
        content = reader.load()
        tensors: dict[str, _Tensor] = content if table is None else content[table]
        keys = _Tables(stream).load()
        arrays = dict(_storages(stream, reader.storages, keys))
        return {name: _array(each, arrays[each.storage.key]) for name, each in tensors.items()}
    except (pickle.UnpicklingError, struct.error, EOFError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ValueError(f"{path.name} is no file of tensors that can be read: {error}") from error


def _storages(
    stream: io.BytesIO, described: dict[str, _Storage], keys: list[str]
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    import numpy as np

    for key in keys:
        storage = described[key]
        (elements,) = struct.unpack("<q", stream.read(8))
        content = stream.read(storage.elements * np.dtype(storage.dtype).itemsize)
        if elements != storage.elements or len(content) != elements * np.dtype(storage.dtype).itemsize:
            raise ValueError("the file is cut off")
        yield key, np.frombuffer(content, storage.dtype)


def _tensor(storage: Any, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_rest: Any) -> _Tensor:
    numbers = (offset, *shape, *strides)
    if not isinstance(storage, _Storage) or len(shape) != len(strides):
        raise pickle.UnpicklingError("a tensor is laid out in a form that is not known")
    if any(not isinstance(number, int) or number < 0 for number in numbers):
        raise pickle.UnpicklingError("a tensor is laid out in a form that is not known")
    return _Tensor(storage, offset, tuple(shape), tuple(strides))


def _array(tensor: _Tensor, storage: NDArray[np.float32]) -> NDArray[np.float32]:
    import numpy as np

    if math.prod(tensor.shape) == 0:
        return np.zeros(tensor.shape, storage.dtype)
    if math.prod(tensor.shape) > len(storage):  # a step of nought would make much of little
        raise ValueError("a tensor has more elements than its storage")
    last = tensor.offset + sum((size - 1) * step for size, step in zip(tensor.shape, tensor.steps, strict=True))
    if last >= len(storage):
        raise ValueError("a tensor reaches beyond its storage")
    steps = tuple(step * storage.itemsize for step in tensor.steps)
    return np.ascontiguousarray(
        np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, steps, writeable=False)
    )
