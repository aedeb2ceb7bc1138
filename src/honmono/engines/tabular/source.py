"""Where observations come from: some CSV files with one schema, or a share of what is in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from honmono.engines.tabular import observations
from honmono.engines.tabular.observations import Block, Faults, Position
from honmono.engines.tabular.schema import Schema
from honmono.engines.tabular.selection import Selection


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file by its name for messages, its size in bytes, and how it is opened."""

    name: str
    size: int
    open: Callable[[], BinaryIO]

    @classmethod
    def at(cls, path: Path) -> CsvFile:
        """A file of this machine."""
        return cls(str(path), path.stat().st_size, lambda: path.open("rb"))


@dataclass
class Source:
    """The observations of some files; it can be read again and again.

    Attributes:
        files: read in this order.
        schema: of all of them.
        selection: which of the observations.
    """

    files: Sequence[CsvFile]
    schema: Schema
    selection: Selection = field(default_factory=Selection)
    _total: int | None = None

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def strange_headers(self) -> list[str]:
        """Of each file whose first line names other columns than the schema does, in which the difference lies.

        The schema's names are the ones that count: a header is skipped, whatever it says.
        """
        found = []
        for file in self.files if self.schema.has_header else ():
            with closing(file.open()) as stream:
                block = next(observations.read(stream, len(self.schema.attributes)), None)
            names = (
                [column[0].strip() for column in block.columns] if block is not None and block.is_good[:1].any() else []
            )
            for place, (name, wanted) in enumerate(zip(names, self.schema.names, strict=False), 1):
                if name.lower() != wanted.lower():
                    found.append(
                        f"{file.name}: column {place} is '{name[:60]}' in the header and '{wanted}' in the schema"
                    )
                    break
        return found

    def total(self) -> int:
        """How many observations the files have; they are read for that once."""
        if self._total is None:
            header = int(self.schema.has_header)
            lines = 0
            for file in self.files:
                with closing(file.open()) as stream:
                    lines += max(0, observations.count(stream, file.name) - header)
            self._total = lines
        return self._total

    def blocks(self, faults: Faults | None = None, read: Callable[[int], object] | None = None) -> Iterator[Block]:
        """All chosen observations.

        Args:
            faults: where bad records are told.
            read: called now and then with the bytes that were read so far.

        Raises:
            DataInvalid: a file cannot be read at all.
        """
        for _, block in self.by_file(faults, read):
            yield block

    def by_file(
        self, faults: Faults | None = None, read: Callable[[int], object] | None = None
    ) -> Iterator[tuple[CsvFile, Block]]:
        """The same, with the file that each block is from."""
        keep = self.selection.keep(self.total() if self.selection.needs_total else 0)
        position = Position()
        for file in self.files:
            with closing(file.open()) as stream:
                blocks = observations.read(
                    stream,
                    len(self.schema.attributes),
                    name=file.name,
                    header=self.schema.has_header,
                    faults=faults,
                    keep=keep,
                    position=position,
                )
                for block in blocks:
                    yield file, block
                    if read is not None:
                        read(position.offset)


def source_of(paths: Sequence[Path], schema: Schema, selection: Selection | None = None) -> Source:
    """A source of files of this machine."""
    return Source([CsvFile.at(path) for path in paths], schema, selection or Selection())
