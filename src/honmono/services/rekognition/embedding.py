"""The faces of a request's picture with their vectors, from the engine that a collection's faces come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from honmono.services.rekognition.collection import FACES_FIELD, check_model
from honmono.services.rekognition.images import looked_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from honmono.engines.host import EngineHost
    from honmono.engines.vision.faces.face import EmbeddedFace
    from honmono.services.rekognition.collection import Collection
    from honmono.wire.service import Context


def embedded(
    engines: EngineHost,
    ctx: Context,
    collection: Collection | None,
    image: bytes,
    *,
    most: int,
    quality: str,
    attributes: Sequence[str] = (),
) -> list[EmbeddedFace]:
    """The faces of a picture, the largest first; those that were left out come last, without a vector.

    Args:
        collection: that they are to be held against, if any.
        most: faces that get a vector.
        quality: `NONE`, `AUTO`, `LOW`, `MEDIUM` or `HIGH`: what a face must be like to get one.
        attributes: what else is to be told of them, beyond what always is.

    Raises ServiceError InvalidParameterException, InvalidImageFormatException, ImageTooLargeException.
    """
    info = engines.info(FACES_FIELD)
    if collection is not None:
        check_model(collection, info)
    engine: Any = engines.get(FACES_FIELD)
    with looked_at():
        found: list[EmbeddedFace] = engine.embed(image, most, quality, list(attributes))
    ctx.engine = info.identity
    return found


def vector_of(face: EmbeddedFace) -> NDArray[np.float32]:
    """The face's vector, of unit length."""
    import numpy as np

    vector = np.asarray(face.embedding, np.float32)
    return (vector / max(float(np.linalg.norm(vector)), 1e-12)).astype(np.float32)
