"""StartCelebrityRecognition: who of the gallery `honmono-celebrities` is in a video; see `celebrities`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from honmono.services.rekognition.celebrities import find_gallery, recognise
from honmono.services.rekognition.collection import FACES_FIELD, Collection, check_model
from honmono.services.rekognition.part import SERVICE
from honmono.services.rekognition.video_analysis import Seen
from honmono.services.rekognition.video_faces import FaceSearchAnalysis

if TYPE_CHECKING:
    from honmono.engines.vision.video.film import Frame, VideoInfo
    from honmono.services.findings import Finding


class CelebrityAnalysis(FaceSearchAnalysis):
    """The faces of each frame that is looked at, as far as they are somebody's in the gallery."""

    def look(self, frame: Frame) -> Any:
        """CelebrityDetails."""
        from honmono.services.rekognition.embedding import vector_of
        from honmono.services.rekognition.face_answers import face_detail
        from honmono.services.rekognition.part import box_answer

        if self.collection is None:
            return None
        said = []
        for each in self.embedded(frame):
            found = recognise(self.matching, self.database, self.collection, vector_of(each))
            if found is None:
                continue
            celebrity, similarity = found
            said.append(
                {
                    "Urls": list(celebrity.urls),
                    "Name": celebrity.name,
                    "Id": celebrity.id,
                    "Confidence": similarity,
                    "BoundingBox": box_answer(each.face.box),
                    "Face": face_detail(each.face),
                    **({"KnownGender": {"Type": celebrity.gender}} if celebrity.gender else {}),
                }
            )
        return said

    def findings(self, seen: Sequence[Seen], info: VideoInfo) -> Iterator[Finding]:
        """Each celebrity at each time."""
        for each in seen:
            for celebrity in each.said:
                yield {"Timestamp": each.milliseconds, "Celebrity": celebrity}

    def _collection(self) -> Collection | None:
        from honmono.store.records import Records, Scope

        scope = Scope(self.payload["account"], self.payload["region"], SERVICE)
        found = find_gallery(Records(self.database), scope)
        if found is not None:
            check_model(found, self.engines.info(FACES_FIELD))
        return found
