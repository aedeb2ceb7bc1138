"""The archive that an analysis job leaves behind."""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from honmono.services.comprehend.output_data import ARCHIVE
from honmono.services.job_output import leave_files
from honmono.services.stored_files import StoredFiles


def leave_archive(files: StoredFiles, folder: Path, members: Iterable[Path]) -> dict[str, Any]:
    """Pack files, under their own names, into the archive that AWS writes; the answer is the job's result.

    Args:
        files: the account's.
        folder: the job's output folder.
        members: read piece by piece: a file may be larger than the memory.
    """
    archive = folder / ARCHIVE
    with tarfile.open(archive, "w:gz", compresslevel=6) as packed:
        for path in members:
            entry = tarfile.TarInfo(path.name)
            entry.size = path.stat().st_size
            with path.open("rb") as file:
                packed.addfile(entry, file)
    return leave_files(files, folder, [(ARCHIVE, archive)], "application/x-gzip")
