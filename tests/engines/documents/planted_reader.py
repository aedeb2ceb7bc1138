"""A reader that dies or hangs on some documents, as native code may on a hostile one."""

from __future__ import annotations

import os
import signal
import time
from typing import ClassVar

from honmono.engines.documents.document import Document
from honmono.engines.documents.engine import DocumentTextEngine


class FragileReader(DocumentTextEngine):
    call_timeout: ClassVar[float] = 3.0

    def read(self, data: bytes, first: int = 1, most: int = 1, recognise: bool = False) -> Document:
        if b"%crash" in data:
            os.kill(os.getpid(), signal.SIGSEGV)
        if b"%hang" in data:
            time.sleep(60)
        return super().read(data, first, most, recognise)
