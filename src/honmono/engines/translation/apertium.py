"""Apertium's rule-based translators, kept warm.

A mode of Apertium is a pipeline of a dozen programs that takes a second to start and a millisecond to translate. Each
program can be told to pass on what it has at a zero byte (`-z`), so that a pipeline started once answers text after
text. The programs are GPL and stay what they are: other processes.

Source: Forcada et al., Apertium: a free/open-source platform for rule-based machine translation, 2011; "Daemon" in
Apertium's wiki.
"""

from __future__ import annotations

import os
import re
import selectors
import shlex
import shutil
import subprocess
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

from honmono.engines.errors import EngineFailed
from honmono.engines.translation.languages import OF_APERTIUM, SPOKEN_AS

MODES = Path("/usr/share/apertium/modes")
_COLD_ONLY = frozenset({"rus-ukr", "ukr-rus", "rus-bel", "hbs-mkd", "mkd-hbs_BS", "mkd-hbs_HR", "mkd-hbs_SR"})
"""Modes of Debian 12 whose programs end at a zero byte, hang, or leave their marks in the text: they are not offered."""
_WARM = 4
"""Pipelines that are kept; each takes 20 to 150 MB."""
_SECONDS = 30.0
_SPECIAL = re.compile(r"([\[\]{}^$\\/@<>])")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_END = ".[]"
"""Closes a text, so that its last sentence counts as one; it comes back at the end of the translation."""


@dataclass(frozen=True, slots=True)
class Mode:
    """A direction that is installed.

    Attributes:
        name: of the mode: `eng-spa`.
        source, target: codes as AWS writes them.
    """

    name: str
    source: str
    target: str


def installed(folder: Path = MODES) -> list[Mode]:
    """The directions that this machine's packages have; none where Apertium is not installed.

    Modes of variants (`eng-cat_valencia`) and of tests are left out, but for those that are a language of their own.
    """
    if shutil.which("lt-proc") is None or not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.glob("*.mode")):
        source, _, target = path.stem.partition("-")
        ours = OF_APERTIUM.get(target)
        if ours is None or path.stem in _COLD_ONLY:
            continue
        found += [Mode(path.stem, each, ours) for each in SPOKEN_AS.get(source, (OF_APERTIUM.get(source, ""),)) if each]
    return found


class Apertium:
    """Translates by the modes of a folder. Safe to call from many threads."""

    def __init__(self, folder: Path = MODES) -> None:
        self._folder = folder
        self._pipelines: OrderedDict[str, _Pipeline] = OrderedDict()
        self._lock = threading.Lock()

    def translate(self, mode: str, texts: list[str]) -> list[str]:
        """Translate texts one after the other; words that the dictionaries lack stay as they are.

        Raises:
            EngineFailed: the programs died, twice, or gave no answer within thirty seconds.
        """
        for attempt in (1, 2):
            pipeline = self._warm(mode)
            try:
                return pipeline.translate(texts)
            except BrokenPipeError as error:
                self._drop(mode, pipeline)
                if attempt == 2:
                    raise EngineFailed(f"apertium {mode}", f"its programs ended: {error}") from error
            except TimeoutError as error:
                self._drop(mode, pipeline)
                raise EngineFailed(f"apertium {mode}", f"no answer within {_SECONDS:g} s") from error
        raise AssertionError

    def close(self) -> None:
        """End all programs."""
        with self._lock:
            for pipeline in self._pipelines.values():
                pipeline.close()
            self._pipelines.clear()

    def _warm(self, mode: str) -> _Pipeline:
        with self._lock:
            pipeline = self._pipelines.pop(mode, None)
            if pipeline is None:
                pipeline = _Pipeline(command((self._folder / f"{mode}.mode").read_text()))
            self._pipelines[mode] = pipeline
            old = [self._pipelines.popitem(last=False)[1] for _ in range(len(self._pipelines) - _WARM)]
        for each in old:
            each.close()
        return pipeline

    def _drop(self, mode: str, pipeline: _Pipeline) -> None:
        with self._lock:
            if self._pipelines.get(mode) is pipeline:
                del self._pipelines[mode]
        pipeline.close()


def command(mode: str) -> list[list[str]]:
    """The programs of a mode with their arguments, each told to answer at a zero byte and to leave words that it does
    not know unmarked.

    >>> command("lt-proc 'a.bin' | lt-proc $1 'b.bin'")
    [['lt-proc', '-z', 'a.bin'], ['lt-proc', '-z', '-n', 'b.bin']]
    """
    programs = []
    for stage in mode.strip().split("|"):
        name, *arguments = shlex.split(stage)
        programs.append([name, "-z", *("-n" if each == "$1" else each for each in arguments if each != "$2")])
    return programs


class _Pipeline:
    def __init__(self, programs: list[list[str]]) -> None:
        self._lock = threading.Lock()
        self._programs: list[subprocess.Popen[bytes]] = []
        # They end when their input does: with this process, however it ends.
        before: int | None = None
        for program in programs:
            process = subprocess.Popen(
                program,
                stdin=subprocess.PIPE if before is None else before,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            if before is not None:
                os.close(before)
            assert process.stdout is not None
            self._programs.append(process)
            before = process.stdout.fileno()
            if program is not programs[-1]:
                before = os.dup(before)
                process.stdout.close()
        first, last = self._programs[0], self._programs[-1]
        assert first.stdin is not None and last.stdout is not None
        self._input, self._output = first.stdin, last.stdout
        os.set_blocking(self._input.fileno(), False)

    def translate(self, texts: list[str]) -> list[str]:
        """Raises BrokenPipeError, TimeoutError."""
        marked = (_SPECIAL.sub(r"\\\1", text.replace("\0", " ")) + _END for text in texts)
        data = b"".join(text.encode("utf-8", "replace") + b"\0" for text in marked)
        with self._lock:
            answers = self._exchange(data, len(texts))
        made = []
        for answer in answers:
            text = answer.decode("utf-8", "replace")
            if not text.endswith(_END):  # one of the programs ended, and the others passed on what they had
                raise BrokenPipeError("an answer lacks its end")
            made.append(_ESCAPED.sub(r"\1", text.removesuffix(_END)))
        return made

    def _exchange(self, data: bytes, count: int) -> list[bytes]:
        """Write and read at once: the programs work side by side, and long texts fill the pipes."""
        view, got, seen = memoryview(data), bytearray(), 0
        ends = time.monotonic() + _SECONDS
        with selectors.DefaultSelector() as ready:
            ready.register(self._output, selectors.EVENT_READ)
            if data:
                ready.register(self._input, selectors.EVENT_WRITE)
            while seen < count:
                left = ends - time.monotonic()
                if left <= 0:
                    raise TimeoutError
                for key, _ in ready.select(left):
                    if key.fileobj is self._input:
                        view = view[os.write(self._input.fileno(), view[:65536]) :]
                        if not view:
                            ready.unregister(self._input)
                        continue
                    piece = os.read(self._output.fileno(), 65536)
                    if not piece:
                        raise BrokenPipeError("the pipeline is at its end")
                    got += piece
                    if new := piece.count(b"\0"):
                        seen += new
                        ends = time.monotonic() + _SECONDS
        return bytes(got[:-1]).split(b"\0") if count else []

    def close(self) -> None:
        for process in self._programs:
            process.kill()
        for process in self._programs:
            process.wait()
        self._input.close()
        self._output.close()
