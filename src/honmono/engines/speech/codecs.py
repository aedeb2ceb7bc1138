"""Writing sound as it is made: PCM, G.711, MP3, Ogg Vorbis and Ogg Opus, piece by piece.

The libraries are LAME by lameenc and libsndfile by soundfile, both LGPL and called as they are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Format = Literal["pcm", "mulaw", "alaw", "mp3", "ogg_vorbis", "ogg_opus"]
_MP3_BITS = {8_000: 24, 16_000: 32, 22_050: 48, 24_000: 48, 44_100: 64, 48_000: 64}
"""Kilobits a second: speech is not heard better with more."""


def encoder(form: Format, made_at: int, rate: int) -> Encoder:
    """An encoder of mono sound.

    Args:
        form: what to write.
        made_at: samples a second that it gets.
        rate: samples a second that it writes.

    Raises:
        ValueError: the form does not know the rate.
    """
    kinds: dict[str, type[_Pcm | _MuLaw | _ALaw | _Mp3 | _Vorbis | _Opus]] = {
        "pcm": _Pcm,
        "mulaw": _MuLaw,
        "alaw": _ALaw,
        "mp3": _Mp3,
        "ogg_vorbis": _Vorbis,
        "ogg_opus": _Opus,
    }
    return kinds[form](made_at, rate)


class Encoder(ABC):
    """Takes samples as they are made and gives bytes as they are ready."""

    def __init__(self, made_at: int, rate: int) -> None:
        import soxr

        self.rate = rate
        self._resampler = soxr.ResampleStream(made_at, rate, 1, dtype="float32") if made_at != rate else None

    def encode(self, samples: NDArray[np.float32]) -> bytes:
        """The bytes that are ready after these samples, in -1 … 1; louder ones are cut."""
        return self._write(self._resampled(samples, last=False))

    def finish(self) -> bytes:
        """The last bytes."""
        import numpy as np

        rest = self._write(self._resampled(np.zeros(0, np.float32), last=True))
        return rest + self._end()

    def _resampled(self, samples: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        if self._resampler is not None:
            samples = self._resampler.resample_chunk(samples, last=last)
        return samples.clip(-1.0, 1.0)

    @abstractmethod
    def _write(self, samples: NDArray[np.float32]) -> bytes: ...

    @abstractmethod
    def _end(self) -> bytes: ...


class _Pcm(Encoder):
    """Signed 16-bit little-endian samples without a head."""

    def _write(self, samples: NDArray[np.float32]) -> bytes:
        return sixteen_bits(samples)

    def _end(self) -> bytes:
        return b""


class _MuLaw(_Pcm):
    """A byte a sample, without a head."""

    def _write(self, samples: NDArray[np.float32]) -> bytes:
        from honmono.engines.speech.g711 import mu_law

        return mu_law(samples)


class _ALaw(_Pcm):
    """A byte a sample, without a head."""

    def _write(self, samples: NDArray[np.float32]) -> bytes:
        from honmono.engines.speech.g711 import a_law

        return a_law(samples)


class _Mp3(Encoder):
    def __init__(self, made_at: int, rate: int) -> None:
        super().__init__(made_at, rate)
        import lameenc

        if rate not in _MP3_BITS:
            raise ValueError(f"MP3 is not written at {rate} samples a second")
        self._lame: Any = lameenc.Encoder()
        self._lame.silence()
        self._lame.set_bit_rate(_MP3_BITS[rate])
        self._lame.set_in_sample_rate(rate)
        self._lame.set_out_sample_rate(rate)
        self._lame.set_channels(1)
        self._lame.set_quality(5)
        self._begun = False

    def _write(self, samples: NDArray[np.float32]) -> bytes:
        if not len(samples):
            return b""
        self._begun = True
        return bytes(self._lame.encode(sixteen_bits(samples)))

    def _end(self) -> bytes:
        # LAME refuses to end what it has not begun.
        return bytes(self._lame.flush()) if self._begun else b""


class _Ogg(Encoder):
    _kind: str

    def __init__(self, made_at: int, rate: int) -> None:
        super().__init__(made_at, rate)
        import soundfile

        self._sink = _Sink()
        try:
            self._file: Any = soundfile.SoundFile(self._sink, "w", rate, 1, self._kind, format="OGG")
        except soundfile.LibsndfileError as error:
            raise ValueError(f"Ogg {self._kind.title()} is not written at {rate} samples a second") from error

    def _write(self, samples: NDArray[np.float32]) -> bytes:
        self._file.write(samples)
        return self._sink.take()

    def _end(self) -> bytes:
        self._file.close()
        return self._sink.take()


class _Vorbis(_Ogg):
    _kind = "VORBIS"


class _Opus(_Ogg):
    _kind = "OPUS"


class _Sink:
    """A file that only grows: what libsndfile writes into it is taken out as it comes."""

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._written = 0

    def write(self, data: Any) -> int:
        self._waiting += bytes(data)
        self._written += len(data)
        return len(data)

    def seek(self, _offset: int, _whence: int = 0) -> int:
        # libsndfile looks for the file's length once, before it writes.
        return self._written

    def tell(self) -> int:
        return self._written

    def read(self, _length: int = -1) -> bytes:
        return b""

    def flush(self) -> None: ...

    def take(self) -> bytes:
        data = bytes(self._waiting)
        self._waiting.clear()
        return data


def sixteen_bits(samples: NDArray[np.float32]) -> bytes:
    """Samples in -1 … 1 as signed 16-bit little-endian numbers."""
    import numpy as np

    return (samples * 32767.0).round().astype("<i2").tobytes() if len(samples) else np.zeros(0, "<i2").tobytes()
