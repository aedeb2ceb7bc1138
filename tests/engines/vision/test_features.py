"""The steps of the textbook against OpenCV's, on photographs."""

import cv2
import numpy as np
import pytest
from sklearn.datasets import load_sample_images

from honmono.engines.vision import features

PHOTOGRAPHS = [np.ascontiguousarray(image[::2, ::2]) for image in load_sample_images().images]


@pytest.mark.parametrize("pixels", PHOTOGRAPHS, ids=["china", "flower"])
def test_luminance_and_histogram(pixels: np.ndarray) -> None:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    assert np.abs(features.luminance(pixels) * 255 - grey).max() <= 0.51
    found = features.histogram(pixels, 64)
    for channel in range(3):
        wanted = cv2.calcHist([pixels], [channel], None, [64], [0, 256]).ravel()
        assert found[channel].tolist() == wanted.astype(int).tolist()


@pytest.mark.parametrize("kernel", list(features.KERNELS))
def test_kernels(kernel: str) -> None:
    channel = features.luminance(PHOTOGRAPHS[0])
    wanted = cv2.filter2D(channel, cv2.CV_64F, features.KERNELS[kernel], borderType=cv2.BORDER_REPLICATE)
    assert features.convolve(channel, features.KERNELS[kernel]) == pytest.approx(wanted, abs=1e-12)


def test_a_kernel_longer_than_high() -> None:
    channel = features.luminance(PHOTOGRAPHS[1])
    kernel = np.arange(15.0).reshape(3, 5)
    wanted = cv2.filter2D(channel, cv2.CV_64F, kernel, borderType=cv2.BORDER_REPLICATE)
    assert features.convolve(channel, kernel) == pytest.approx(wanted, abs=1e-12)
    with pytest.raises(ValueError, match="4"):
        features.convolve(channel, np.ones((4, 3)))


def test_the_gradient_points_to_where_it_is_light() -> None:
    light_to_the_right = np.tile(np.linspace(0, 1, 20), (20, 1))
    for turns, wanted in ((0, 0), (1, -np.pi / 2), (3, np.pi / 2)):
        strength, direction = features.gradient(np.rot90(light_to_the_right, turns))
        assert direction[5:15, 5:15] == pytest.approx(wanted)
        assert strength[5:15, 5:15] == pytest.approx(8 / 19)


def test_cells_tell_the_direction_of_edges_and_nothing_else() -> None:
    stripes = np.zeros((32, 40))
    stripes[:, ::4] = stripes[:, 1::4] = 1
    cells = features.oriented_gradients(stripes)
    assert cells.shape == (4, 5, 9)
    assert cells[:, :, 0].min() > 0.99
    assert features.oriented_gradients(0.5 - stripes / 4) == pytest.approx(cells, abs=1e-5)
    upright = features.oriented_gradients(stripes.T)[:, :, [4, 5]]  # half a turn has nine: a quarter lies between two
    assert np.linalg.norm(upright, axis=2).min() > 0.99
    assert not features.oriented_gradients(np.full((16, 16), 0.3)).any()


def test_pooling_keeps_the_largest() -> None:
    channel = features.luminance(PHOTOGRAPHS[0])
    small = features.pooled(channel, 4)
    assert small.shape == (channel.shape[0] // 4, channel.shape[1] // 4)
    assert small[3, 7] == channel[12:16, 28:32].max()
