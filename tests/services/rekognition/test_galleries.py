"""Vectors in memory follow the rows, whoever writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
from tests.store.postgresql import postgresql

from honmono.engines.vision.gallery import Gallery
from honmono.engines.vision.pictures import Box
from honmono.services.rekognition import collection as stored
from honmono.services.rekognition import face_rows, user_rows
from honmono.services.rekognition.collection import KIND, Collection
from honmono.services.rekognition.face_rows import StoredFace
from honmono.services.rekognition.galleries import Galleries
from honmono.services.rekognition.matching import Matching, read_vector
from honmono.store import Database, Records, Scope

__all__ = ["postgresql"]
SCOPE = Scope("000000000000", "us-east-1", "rekognition")
BODY = {"key": "k", "version": 0, "faces": 0, "users": 0, "faces_removed": 0, "users_removed": 0}


class Kept:
    """A collection in a database, written as the service writes it."""

    def __init__(self, place: Path | str) -> None:
        self.place = place / "honmono.sqlite" if isinstance(place, Path) else place
        self.database = Database.open(self.place)
        self.records = Records(self.database)
        self.records.create(SCOPE, KIND, "kept", BODY | {"model": "m/1", "model_version": "1"}, arn="arn:kept")
        self._random = np.random.default_rng(3)

    def now(self) -> Collection:
        return Collection.of(self.records.get(SCOPE, KIND, "kept"))

    def face(self) -> StoredFace:
        vector = self._random.standard_normal(16).astype("<f4")
        vector /= np.linalg.norm(vector)
        return StoredFace(0, str(uuid4()), "i", "", "d", None, 0.9, Box(0, 0, 1, 1), vector.tobytes())

    def add(self, count: int) -> list[StoredFace]:
        new = [self.face() for _ in range(count)]
        with self.database.transaction() as tx:
            locked = stored.changing(self.records, self.now(), tx)
            face_rows.add(tx, locked, new)
            stored.settle(self.records, locked, tx, faces=count)
            there = face_rows.by_face_ids(tx, locked, [face.face_id for face in new])
        return [there[face.face_id] for face in new]

    def remove(self, faces: list[StoredFace], tell: Galleries | None = None) -> None:
        ids = [face.id for face in faces]
        with self.database.transaction() as tx:
            locked = stored.changing(self.records, self.now(), tx)
            face_rows.forget(tx, locked, ids)
            stored.settle(self.records, locked, tx, faces=-len(faces))
            if tell is not None:
                self.database.after_commit(tx, lambda: tell.dropped("faces", locked, ids))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    on_server = request.param == "postgresql"
    made = Kept(request.getfixturevalue("postgresql").new_database() if on_server else tmp_path)
    yield made
    made.database.close()


def keys(galleries: Galleries, collection: Collection) -> list[int]:
    gallery = galleries.gallery("faces", collection)
    return sorted(gallery.keys()) if gallery is not None else []


def ids(faces: list[StoredFace]) -> list[int]:
    return sorted(face.id for face in faces)


def test_additions_and_removals_are_followed_told_or_not(kept: Kept) -> None:
    told, untold = Galleries(kept.database, 1 << 30), Galleries(kept.database, 1 << 30)
    assert keys(told, kept.now()) == []
    faces = kept.add(20)
    assert keys(told, kept.now()) == keys(untold, kept.now()) == ids(faces)
    kept.remove(faces[:5], told)
    kept.remove(faces[-1:], told)
    more = kept.add(3)
    assert keys(told, kept.now()) == keys(untold, kept.now()) == ids(faces[5:-1] + more)
    kept.remove(more)
    kept.remove(faces[5:7], told)
    assert keys(told, kept.now()) == keys(untold, kept.now()) == ids(faces[7:-1])


def test_an_id_is_not_given_to_a_second_face(kept: Kept) -> None:
    galleries = Galleries(kept.database, 1 << 30)
    (first,) = kept.add(1)
    keys(galleries, kept.now())
    kept.remove([first])
    (second,) = kept.add(1)
    assert second.id > first.id
    assert keys(galleries, kept.now()) == [second.id]


def test_who_comes_with_an_older_look_at_the_collection_does_no_harm(kept: Kept) -> None:
    galleries = Galleries(kept.database, 1 << 30)
    faces = kept.add(2)
    before = kept.now()
    faces += kept.add(2)
    assert keys(galleries, before) == ids(faces[:2])
    assert keys(galleries, kept.now()) == keys(galleries, before) == keys(galleries, kept.now()) == ids(faces)


def test_a_process_that_only_reads_finds_what_the_server_wrote(kept: Kept) -> None:
    faces = kept.add(3)
    attached = Database.attach(kept.place)
    matching = Matching(attached, Galleries(attached, 1 << 30))
    for _ in range(2):
        for face in faces:
            (match,) = matching.faces(kept.now(), read_vector(face.vector), 1, 99)
            assert match.face == face
            assert match.similarity > 99
        faces += kept.add(2)
    attached.close()


def test_users_are_found_where_they_are_now(kept: Kept) -> None:
    galleries = Galleries(kept.database, 1 << 30)
    matching = Matching(kept.database, galleries)
    one, two = kept.add(2)

    def change(faces: list[StoredFace]) -> None:
        with kept.database.transaction() as tx:
            locked = stored.changing(kept.records, kept.now(), tx)
            if user_rows.add(tx, locked, "ada"):
                stored.settle(kept.records, locked, tx, users=1)
            user = user_rows.by_user_id(tx, locked, "ada")
            assert user is not None
            user_rows.change(tx, locked, user, [face.vector for face in faces])

    for faces, found in (([], []), ([one], [one]), ([two], [two]), ([], [])):
        change(faces)
        for face in (one, two):
            matches = matching.users(kept.now(), read_vector(face.vector), 5, 99)
            assert [match.user.user_id for match in matches] == (["ada"] if face in found else [])


def test_the_least_lately_searched_go_when_memory_is_short(kept: Kept) -> None:
    faces = kept.add(10)
    each = 10 * (16 * 4 + 8)
    galleries = Galleries(kept.database, 2 * each)
    collections = [kept.now()]
    for number in range(3):  # the same rows serve as four collections' where each has a key of its own
        with kept.database.transaction() as tx:
            other = replace(kept.now(), key=f"k{number}")
            face_rows.add(tx, other, faces=[replace(face, face_id=str(uuid4())) for face in faces])
        collections.append(other)
    for collection in collections:
        assert len(keys(galleries, collection)) == 10
        assert galleries.memory_bytes <= 2 * each
    assert galleries.memory_bytes == 2 * each
    assert len(keys(galleries, collections[0])) == 10


def test_a_gallery_that_failed_while_it_was_read_is_read_again(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    galleries = Galleries(kept.database, 1 << 30)
    faces = kept.add(4)
    whole = Gallery.add

    def broken(self: Gallery, *given: object) -> None:
        whole(self, *given)  # type: ignore[arg-type]
        raise MemoryError

    monkeypatch.setattr(Gallery, "add", broken)
    with pytest.raises(MemoryError):
        galleries.gallery("faces", kept.now())
    monkeypatch.setattr(Gallery, "add", whole)
    assert keys(galleries, kept.now()) == ids(faces)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Galleries of more than fifty vectors are large."""
    monkeypatch.setattr("honmono.services.rekognition.galleries.EXACT_MOST", 50)


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


def test_a_large_gallery_is_read_from_its_file_and_brought_up_to_date(
    kept: Kept, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "faces"
    faces = kept.add(20)
    assert keys(Galleries(kept.database, 1 << 30, folder), kept.now()) == ids(faces)
    assert files(folder) == []  # not worth a file
    faces += kept.add(100)
    assert keys(Galleries(kept.database, 1 << 30, folder), kept.now()) == ids(faces)
    assert files(folder) == ["k.faces.2.0.faiss"]
    faces += kept.add(5)

    learnt: list[int] = []
    monkeypatch.setattr(Gallery, "learn", lambda self, sample, expected: learnt.append(expected))
    after = Galleries(kept.database, 1 << 30, folder)
    assert keys(after, kept.now()) == ids(faces)
    assert learnt == []
    assert files(folder) == ["k.faces.2.0.faiss"]  # five more are not worth another
    (match,) = Matching(kept.database, after).faces(kept.now(), read_vector(faces[-1].vector), 1, 99)
    assert match.face == faces[-1]


@pytest.mark.parametrize("told", [True, False])
def test_a_face_that_is_deleted_lies_in_no_file(kept: Kept, small: None, tmp_path: Path, told: bool) -> None:
    folder = tmp_path / "faces"
    galleries = Galleries(kept.database, 1 << 30, folder)
    faces = kept.add(100)
    keys(galleries, kept.now())
    assert len(files(folder)) == 1
    kept.remove(faces[:1], galleries if told else None)  # not told: the server crashed after its commit
    if told:
        assert files(folder) == []
    again = Galleries(kept.database, 1 << 30, folder)
    assert keys(again, kept.now()) == ids(faces[1:])
    assert files(folder) == ["k.faces.2.1.faiss"]
    again.forget(kept.now())
    assert files(folder) == []


def test_a_damaged_file_is_made_anew(kept: Kept, small: None, tmp_path: Path) -> None:
    folder = tmp_path / "faces"
    faces = kept.add(100)
    keys(Galleries(kept.database, 1 << 30, folder), kept.now())
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"nonsense" * 100):
        file.write_bytes(damaged)
        assert keys(Galleries(kept.database, 1 << 30, folder), kept.now()) == ids(faces)
        assert file.read_bytes() != damaged


def test_a_file_that_cannot_be_written_stops_no_search(kept: Kept, small: None, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder would be")
    faces = kept.add(100)
    assert keys(Galleries(kept.database, 1 << 30, tmp_path / "taken"), kept.now()) == ids(faces)
