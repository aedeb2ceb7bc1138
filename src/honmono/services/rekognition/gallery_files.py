"""Large galleries as files, so that a server that was started again need not learn them again.

A file is named by what is in it: the collection's key, its version and its count of removals. It is good for as long as
nothing was removed: what was added since is read from the rows, and with a removal the files of a collection are
deleted, for a face that is deleted must lie nowhere. A file that a crash left behind is deleted when its collection is
next read.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, Literal

from honmono.engines.vision.gallery import Gallery

if TYPE_CHECKING:
    from pathlib import Path

    from honmono.services.rekognition.collection import Collection

Of = Literal["faces", "users"]
"""Whose vectors a gallery holds."""

_WORTH: Final = 0.2
"""Share of a gallery that must be new before it is written again."""

_log = logging.getLogger("honmono.rekognition")


class GalleryFiles:
    """The files of a folder; with no folder there are none. Whoever calls holds the gallery's lock."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def read(self, of: Of, collection: Collection) -> tuple[Gallery | None, int]:
        """The gallery that was written last and is still good, with its version; None and 0 if there is none."""
        if self._folder is None:
            return None, 0
        for file in sorted(self._folder.glob(f"{collection.key}.{of}.*")):
            numbers = file.name.split(".")[2:4]
            version, removed = (int(number) if number.isdecimal() else -1 for number in numbers)
            if file.suffix == ".faiss" and removed == removed_of(of, collection) and version <= collection.version:
                try:
                    return Gallery.read(file), version
                except RuntimeError as error:  # all that faiss raises
                    _log.warning("%s cannot be read and is made anew: %s", file, error)
            file.unlink(missing_ok=True)
        return None, 0

    def write(self, of: Of, collection: Collection, gallery: Gallery, new: int) -> None:
        """Write a gallery of this version, if it is large and `new` of its vectors are worth it."""
        if self._folder is None or gallery.exact or new < _WORTH * len(gallery):
            return
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.forget(collection.key, of)
            name = f"{collection.key}.{of}.{collection.version}.{removed_of(of, collection)}.faiss"
            gallery.write(self._folder / name)
        except (OSError, RuntimeError) as error:  # a full disk, say; the rows are what counts
            _log.warning("the gallery of %s was not written: %s", collection.name, error)
            self.forget(collection.key, of)

    def forget(self, key: str, of: str) -> None:
        """Delete the files of a collection's faces or users; an asterisk stands for all."""
        if self._folder is not None:
            for file in self._folder.glob(f"{key}.{of}.*"):
                file.unlink(missing_ok=True)


def removed_of(of: Of, collection: Collection) -> int:
    """How many times faces or users were removed from a collection."""
    return collection.faces_removed if of == "faces" else collection.users_removed
