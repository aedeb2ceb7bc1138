"""The job of a stream processor: looks at a camera's pictures, or a file's, until it is stopped or there are no more.

What it finds it writes into its output folder, line by line; `stream_delivery` in the server sends that on. After a crash
of the server it looks on at what the camera shows then; a file is gone through from where it was.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from honmono.engines.errors import DamagedInput, InputTooLarge, UnsupportedInput
from honmono.jobs import JobRun, job
from honmono.services.job_engines import engines_of_parent
from honmono.services.rekognition.stream_sources import is_address, source_of_parent
from honmono.services.rekognition.video_job import whole_lines

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.video.film import Frame

KIND = "rekognition.stream"
FOUND = "found.jsonl"
FACES_FIELD, LABELS_FIELD = "faces", "image-labels"
PER_SECOND = 2.0
_PETS = frozenset({"Dog", "Cat"})
_LEAST = 50.0


class StreamFailed(Exception):
    """Its message becomes the processor's StatusMessage."""


@job(KIND, resumable=True)
def process(run: JobRun) -> dict[str, Any]:
    """Process. The payload has the account, the region, the stream's ARN, the Settings and how long to look."""
    from honmono.engines.vision.video.film import Film

    source = source_of_parent(run.payload["stream"])
    if source is None:
        raise StreamFailed("The stream's source was taken out of [streams] in honmono.toml.")
    live = is_address(source)
    path = run.output_dir / FOUND
    lines = whole_lines(path)
    last = None if live or not lines else lines[-1]["at"]
    longest = run.payload.get("seconds")
    frames = 0
    try:
        with engines_of_parent() as engines, Film(source if live else Path(source), live=live) as film:
            looking = _FaceSearch(run, engines) if "FaceSearch" in run.payload["settings"] else _Home(run, engines)
            with path.open("ab") as file:
                for frame in film.frames(PER_SECOND, after=last):
                    if run.should_stop() or (longest is not None and frame.seconds >= longest):
                        break
                    frames += 1
                    for found in looking.look(frame):
                        line = {"at": frame.seconds, "time": time.time(), **found}
                        file.write(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
                    file.flush()
                    run.progress(frame.seconds, None, "seconds seen")
    except (UnsupportedInput, DamagedInput, InputTooLarge) as error:
        raise StreamFailed(f"The stream cannot be read: {error}.") from error
    return {"frames": frames}


class _FaceSearch:
    """The faces of each frame, held against a collection as it is when the frame is seen."""

    def __init__(self, run: JobRun, engines: EngineHost) -> None:
        from honmono.services.rekognition.galleries import Galleries
        from honmono.services.rekognition.matching import Matching
        from honmono.store.database import Database
        from honmono.store.records import Records

        self._payload, self._engines = run.payload, engines
        database = Database.attach(os.environ["HONMONO_DATABASE"])
        self._records = Records(database)
        self._matching = Matching(database, Galleries(database, 512 << 20))

    def look(self, frame: Frame) -> list[dict[str, Any]]:
        from honmono.services.rekognition.collection import KIND as COLLECTION
        from honmono.services.rekognition.collection import Collection
        from honmono.services.rekognition.embedding import vector_of
        from honmono.services.rekognition.face_answers import compared_face
        from honmono.services.rekognition.part import SERVICE
        from honmono.services.rekognition.searching import face_matches
        from honmono.store.records import Scope

        asked = self._payload["settings"]["FaceSearch"]
        scope = Scope(self._payload["account"], self._payload["region"], SERVICE)
        collection = Collection.of(self._records.get(scope, COLLECTION, asked["CollectionId"]))
        threshold = max(80.0, asked.get("FaceMatchThreshold", 80.0))
        faces = self._engines.get(FACES_FIELD).embed_frame(frame.pixels, 100, "NONE", [])
        response = []
        for each in faces:
            if each.left_out:
                continue
            matches = self._matching.faces(collection, vector_of(each), 10, threshold)
            response.append(
                {"DetectedFace": compared_face(each.face), "MatchedFaces": face_matches(matches, collection)}
            )
        return [{"faces": response}]


class _Home:
    """The first person and the first pet that are seen, where they are asked for."""

    def __init__(self, run: JobRun, engines: EngineHost) -> None:
        from honmono.services.rekognition.regions import regions_of

        self._run, self._engines = run, engines
        asked = run.payload["settings"]["ConnectedHome"]
        wanted = set(asked["Labels"])
        self._wanted = {"PERSON", "PET"} if "ALL" in wanted else wanted
        self._least = asked.get("MinConfidence", _LEAST)
        self._regions = regions_of(run.payload.get("regions", []))

    def look(self, frame: Frame) -> list[dict[str, Any]]:
        import cv2

        from honmono.services.rekognition.part import box_answer

        found = []
        for thing in self._engines.get(LABELS_FIELD).things_at(frame.pixels):
            name = "PERSON" if thing.name == "Person" else "PET" if thing.name in _PETS else None
            if name not in self._wanted or 100 * thing.confidence < self._least or not self._within(thing.box):
                continue
            self._wanted = self._wanted - {name}  # AWS tells of the first of each sort alone
            number = f"{len(list(self._run.output_dir.glob('*.jpg'))):04d}"
            picture = self._run.output_dir / f"{number}.jpg"
            cv2.imwrite(str(picture), frame.pixels[:, :, ::-1])
            found.append(
                {
                    "label": name,
                    "confidence": 100 * thing.confidence,
                    "box": box_answer(thing.box),
                    "picture": picture.name,
                }
            )
        return found

    def _within(self, box: Any) -> bool:
        right, bottom = box.left + box.width, box.top + box.height
        corners = [(box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom)]
        return not self._regions or any(region.has_most_of(corners) for region in self._regions)
