"""µ-law and A-law against libsndfile's."""

from __future__ import annotations

import io

import numpy as np
import pytest
import soundfile

from honmono.engines.speech.codecs import encoder
from honmono.engines.speech.g711 import a_law, mu_law


@pytest.mark.parametrize(("write", "subtype"), [(mu_law, "ULAW"), (a_law, "ALAW")])
def test_what_is_written_is_read_by_libsndfile(write, subtype) -> None:
    samples = np.linspace(-1, 1, 20_001).astype(np.float32)
    read, _ = soundfile.read(
        io.BytesIO(write(samples)), format="RAW", samplerate=8_000, channels=1, subtype=subtype, dtype="float32"
    )
    assert np.abs(read - samples).max() < 0.025
    quiet = np.abs(samples) < 0.02
    assert np.abs(read - samples)[quiet].max() < 0.0008, "quiet sound is written more finely"


@pytest.mark.parametrize("form", ["mulaw", "alaw"])
def test_sound_is_written_in_pieces(form) -> None:
    writer = encoder(form, 24_000, 8_000)
    tone = np.sin(np.arange(24_000) * 0.05).astype(np.float32)
    written = b"".join(writer.encode(part) for part in np.array_split(tone, 7)) + writer.finish()
    assert len(written) == pytest.approx(8_000, abs=2)
