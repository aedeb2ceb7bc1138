"""Features that tests can compute in their head: mean colours, of the whole and of each place."""

from __future__ import annotations

import numpy as np

from honmono.engines.vision.custom.features import STRIDE, Features, Grid, Pixels, resized


class PlainFeatures(Features):
    """Red, green and blue of the whole; of a place its own and its neighbours' in two distances."""

    whole_width = 8
    place_width = 27

    def whole(self, pictures: list[Pixels]) -> np.ndarray:
        rows = []
        for each in pictures:
            mean = each.reshape(-1, 3).mean(axis=0) / 255
            rows.append(np.concatenate([mean, 1 - mean, [mean.max(), mean.min()]]))
        return np.array(rows, np.float32)

    def places(self, picture: Pixels, longest: int) -> Grid:
        scale = longest / max(picture.shape[:2])
        height, width = round(picture.shape[0] * scale), round(picture.shape[1] * scale)
        rows, columns = -(-height // STRIDE), -(-width // STRIDE)
        padded = np.full((rows * STRIDE, columns * STRIDE, 3), 127, np.uint8)
        padded[:height, :width] = resized(picture, width, height)
        own = padded.reshape(rows, STRIDE, columns, STRIDE, 3).mean(axis=(1, 3)) / 255
        around = [own]
        for far in (1, 3):
            wide = np.pad(own, ((far, far), (far, far), (0, 0)), mode="edge")
            for down, across in ((0, far), (2 * far, far), (far, 0), (far, 2 * far)):
                around.append(wide[down : down + rows, across : across + columns])
        return Grid(np.concatenate(around, axis=2).astype(np.float32), width, height)
