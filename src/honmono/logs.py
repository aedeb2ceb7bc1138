"""Log lines: text that a person reads, or JSON that a machine reads, one record a line on standard output.

A request's access record must cost the request little: it is put aside and written with its neighbours by a thread
of its own, at most 50 ms later. Every other record is written at once, behind those that came before it.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections import deque
from datetime import UTC, datetime
from typing import IO, Any, Literal

import orjson

Form = Literal["text", "json"]

ACCESS = "honmono.access"
_GATHER_SECONDS = 0.05
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "taskName"}
_CONTROLS = {code: repr(chr(code))[1:-1] for code in (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)}
_ACCESS_FIELDS = ("operation", "request_id", "status", "milliseconds", "engine", "ending")


def begin(form: str, *, stream: IO[str] | None = None, level: int = logging.INFO) -> GatheringHandler:
    """Send every log record of this process to the stream, in the form; the answer's `close` writes what is left."""
    # Nobody reads these, and each costs every record a system call or a walk through the stack.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    if sys.version_info >= (3, 12):
        logging.logAsyncioTasks = False
    handler = GatheringHandler(stream or sys.stdout, JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    for former in root.handlers[:]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    logging.getLogger("honmono").setLevel(level)
    return handler


class GatheringHandler(logging.Handler):
    """Writes records to a stream, access records many at a time."""

    def __init__(self, stream: IO[str], formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)
        self._stream = stream
        self._waiting: deque[logging.LogRecord] = deque()
        self._some = threading.Event()
        self._ended = threading.Event()
        # Not logging's own lock: `logging.shutdown` holds that one while it calls `close`, which waits for the writer.
        self._writing = threading.Lock()
        self._writer = threading.Thread(target=self._write_on, name="log-writer", daemon=True)
        self._writer.start()

    # logging.Handler.handle takes the handler's lock and runs filters for every record: neither is needed to append.
    def handle(self, record: logging.LogRecord) -> bool:
        """Take a record."""
        self.emit(record)
        return True

    def emit(self, record: logging.LogRecord) -> None:
        """Put an access record aside; write any other one now."""
        self._waiting.append(record)
        if record.name == ACCESS and record.levelno < logging.WARNING:
            if not self._some.is_set():
                self._some.set()
        else:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        with self._writing:
            lines = []
            while self._waiting:
                record = self._waiting.popleft()
                try:
                    lines.append(self.format(record))
                except (TypeError, ValueError):
                    self.handleError(record)
            if lines:
                try:
                    self._stream.write("\n".join(lines) + "\n")
                    self._stream.flush()
                except (OSError, ValueError):
                    # Standard output is gone or its disk is full: the server's work goes on without a log.
                    return

    def close(self) -> None:
        """Write what waits and end the thread."""
        self._ended.set()
        self._some.set()
        self._writer.join(timeout=2)
        self.flush()
        super().close()

    def _write_on(self) -> None:
        while not self._ended.is_set():
            self._some.wait()
            self._ended.wait(_GATHER_SECONDS)
            self._some.clear()
            self.flush()


class TextLines(logging.Formatter):
    """`2026-11-24 08:12:02.123 comprehend.DetectSentiment …`; the level is said where it is not INFO."""

    def format(self, record: logging.LogRecord) -> str:
        """One record, and below it the traceback where it has one."""
        moment = datetime.fromtimestamp(record.created)
        level = "" if record.levelno == logging.INFO else f"{record.levelname} "
        text = f"{moment:%Y-%m-%d %H:%M:%S}.{int(record.msecs):03d} {level}{_one_line(record.getMessage())}"
        return f"{text}\n{self.formatException(record.exc_info)}" if record.exc_info else text


class JsonLines(logging.Formatter):
    """One JSON object a record: time (UTC), level, logger, message; an access record's fields; what `extra` added."""

    def format(self, record: logging.LogRecord) -> str:
        """One record on one line, the traceback inside."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name == ACCESS and isinstance(record.args, tuple) and len(record.args) == len(_ACCESS_FIELDS):
            line.update(_access(record.args))
        else:
            line["message"] = record.getMessage()
        line.update({name: value for name, value in record.__dict__.items() if name not in _STANDARD})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line, default=str).decode()


def _access(arguments: tuple[Any, ...]) -> dict[str, Any]:
    """The fields of the gateway's access record, from the arguments of its message."""
    fields = dict(zip(_ACCESS_FIELDS, arguments, strict=True))
    fields["milliseconds"] = round(fields["milliseconds"], 2)
    return {name: value.strip() if isinstance(value, str) else value for name, value in fields.items() if value != ""}


def _one_line(text: str) -> str:
    # A request's path may hold anything: a line break would forge a line of the log, an escape command the terminal.
    return text if text.isprintable() else text.translate(_CONTROLS)
