"""StartFaceDetection and StartFaceSearch: the faces in a video, and who of a collection they look like."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from honmono.engines.vision.pictures import Box
from honmono.services.rekognition.collection import FACES_FIELD, KIND, Collection, check_model
from honmono.services.rekognition.face_answers import attributes_of, face_detail
from honmono.services.rekognition.part import SERVICE
from honmono.services.rekognition.video_analysis import Analysis, Seen

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost
    from honmono.engines.vision.faces.face import EmbeddedFace
    from honmono.engines.vision.video.film import Frame, VideoInfo
    from honmono.services.findings import Finding
    from honmono.services.rekognition.matching import Matching
    from honmono.services.rekognition.part import Answer
    from honmono.store.database import Database

MOST_FACES = 100
"""In a frame, the largest ones."""
_THRESHOLD = 80.0
_GALLERY_BYTES = 512 << 20


class FaceAnalysis(Analysis):
    """The faces of each frame that is looked at."""

    per_second: ClassVar[float] = 2.0

    def look(self, frame: Frame) -> Any:
        """FaceDetails."""
        asked = self.request.get("FaceAttributes", "DEFAULT")
        faces = self.engines.get(FACES_FIELD).detect_frame(frame.pixels, attributes_of([asked]))
        details = [face_detail(face, everything=asked == "ALL") for face in faces[:MOST_FACES]]
        for detail in details:  # of a video AWS tells neither
            detail.pop("FaceOccluded", None)
            detail.pop("EyeDirection", None)
        return details

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each face at each time."""
        for each in seen:
            for face in each.said:
                yield {"Timestamp": each.milliseconds, "Face": face}

    def answer(self) -> Answer:
        """Nothing: AWS names no model's version here."""
        return {}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return self.engines.identity(FACES_FIELD)


class FaceSearchAnalysis(Analysis):
    """The faces of each frame that is looked at, held against a collection as it is now; a face keeps its index."""

    per_second: ClassVar[float] = 2.0

    def __init__(self, payload: dict[str, Any], engines: EngineHost) -> None:
        super().__init__(payload, engines)
        from honmono.services.rekognition.galleries import Galleries
        from honmono.services.rekognition.matching import Matching
        from honmono.store.database import Database

        self.database: Database = Database.attach(os.environ["HONMONO_DATABASE"])
        self.matching: Matching = Matching(self.database, Galleries(self.database, _GALLERY_BYTES))
        self.collection = self._collection()

    def look(self, frame: Frame) -> Any:
        """Of each face its box, its confidence, its vector for the tracker, its FaceDetail and its FaceMatches."""
        from honmono.services.rekognition.embedding import vector_of

        said = []
        for each in self.embedded(frame):
            vector = vector_of(each)
            box = each.face.box
            place = [box.left, box.top, box.width, box.height]
            numbers = [round(float(number), 4) for number in vector]
            said.append([place, each.face.confidence, numbers, face_detail(each.face), self.matches(vector)])
        return said

    def embedded(self, frame: Frame) -> list[EmbeddedFace]:
        """The faces of a frame that have a vector."""
        found: list[EmbeddedFace] = self.engines.get(FACES_FIELD).embed_frame(frame.pixels, MOST_FACES, "NONE", [])
        return [each for each in found if not each.left_out]

    def matches(self, vector: Any) -> Any:
        """FaceMatches."""
        from honmono.services.rekognition.searching import face_matches

        if self.collection is None:
            return []
        threshold = self.request.get("FaceMatchThreshold", _THRESHOLD)
        return face_matches(self.matching.faces(self.collection, vector, MOST_FACES, threshold), self.collection)

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each face at each time, with the index of its track."""
        for each, sightings in _indexed(seen, info):
            for index, (place, sure, _, detail, matches) in sightings:
                person = {"Index": index, "BoundingBox": _body(place), "Face": detail}
                yield {
                    "Timestamp": each.milliseconds,
                    "index": index,
                    "confidence": sure,
                    "Person": person,
                    **({"FaceMatches": matches} if matches else {}),
                }

    def answer(self) -> Answer:
        """Nothing: AWS names no model's version here."""
        return {}

    def engine(self) -> str:
        """See `Analysis.engine`."""
        return self.engines.identity(FACES_FIELD)

    def _collection(self) -> Collection | None:
        """The collection that the request names. It was there when the job was started; raises RecordMissing."""
        from honmono.store.records import Records, Scope

        scope = Scope(self.payload["account"], self.payload["region"], SERVICE)
        found = Collection.of(Records(self.database).get(scope, KIND, self.request["CollectionId"]))
        check_model(found, self.engines.info(FACES_FIELD))
        return found


def _indexed(seen: Sequence[Seen], info: VideoInfo) -> Iterator[tuple[Seen, list[tuple[int, Any]]]]:
    """What was said of each frame, each face with the index of its track; a face that has none gets one of its own."""
    import numpy as np

    from honmono.engines.vision.video.tracks import Sighting, TrackRules, tracks

    # Twice a second a head moves by more than its size: whose face it is says more than where it is.
    rules = TrackRules(sure=0.0, hits=1, hidden=30.0, looks=0.8, unlike=0.25, unlike_after=0.2, anywhere=True)
    frames = [
        (
            each.milliseconds / 1000,
            [Sighting(Box(*place), sure, np.array(vector, np.float32)) for place, sure, vector, _, _ in each.said],
        )
        for each in seen
    ]
    given = tracks(frames, info.width / info.height, rules)
    more = 1 + max((index for frame in given for index in frame if index is not None), default=-1)
    for each, indices in zip(seen, given, strict=True):
        named = []
        for said, index in zip(each.said, indices, strict=True):
            if index is None:
                index, more = more, more + 1
            named.append((index, said))
        yield each, named


def _body(place: Sequence[float]) -> Answer:
    """Where the person is taken to be: the head, and below it so much as heads stand to bodies."""
    left, top, width, height = place
    box = {"Left": left - width, "Top": top - 0.3 * height, "Width": 3 * width, "Height": 7.5 * height}
    begin, above = max(0.0, box["Left"]), max(0.0, box["Top"])
    return {
        "Left": begin,
        "Top": above,
        "Width": min(1.0, box["Left"] + box["Width"]) - begin,
        "Height": min(1.0, box["Top"] + box["Height"]) - above,
    }
