"""Which other files an ONNX file reads, found without building the model.

A tensor of a graph may lie in a file beside it, by a path that the graph names ("external data"): a hostile graph
names one that is none of its business. The file is walked by the wire format of protocol buffers, so that its weights
are passed over and never copied. Layout: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_VARINT, _EIGHT, _COUNTED, _FOUR = 0, 1, 2, 5
_DEEPEST = 64


@dataclass(slots=True)
class _Message:
    """A kind of message: the fields by number that lead to tensors."""

    fields: dict[int, _Message] = field(default_factory=dict)


_entry, _tensor, _sparse, _graph, _node, _attribute, _model = (_Message() for _ in range(7))
_tensor.fields = {13: _entry}
_sparse.fields = {1: _tensor, 2: _tensor}
_graph.fields = {1: _node, 5: _tensor, 15: _sparse}
_node.fields = {5: _attribute}
_attribute.fields = {5: _tensor, 6: _graph, 10: _tensor, 11: _graph, 22: _sparse, 23: _sparse}
_model.fields = {7: _graph, 20: _Message({1: _graph, 2: _graph}), 25: _Message({7: _node, 11: _attribute})}


def external_files(path: Path) -> set[str]:
    """The paths of other files that the graph in `path` names, as it writes them.

    Raises:
        ValueError: the file is no ONNX, or it is cut short.
    """
    with path.open("rb") as file:
        try:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise ValueError("it is empty") from error
        with data:
            try:
                return set(_locations(data, 0, len(data), _model, 0))
            except IndexError as error:
                raise ValueError("it is no ONNX file, or cut short") from error


def _locations(data: mmap.mmap, place: int, end: int, kind: _Message, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        raise ValueError("its graphs are nested too deeply")
    key = value = b""
    while place < end:
        tag, place = _varint(data, place, end)
        number, form = tag >> 3, tag & 7
        if form == _COUNTED:
            length, place = _varint(data, place, end)
            if place + length > end:
                raise IndexError
            if kind is _entry:
                key, value = (
                    (data[place : place + length], value) if number == 1 else (key, data[place : place + length])
                )
            elif number in kind.fields:
                yield from _locations(data, place, place + length, kind.fields[number], depth + 1)
            place += length
        elif form == _VARINT:
            _, place = _varint(data, place, end)
        elif form in (_EIGHT, _FOUR):
            place += 8 if form == _EIGHT else 4
        else:
            raise IndexError
    if place != end:
        raise IndexError
    if key == b"location":
        yield value.decode(errors="replace")


def _varint(data: mmap.mmap, place: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while place < end and shift < 70:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7
    raise IndexError
