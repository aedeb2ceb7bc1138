"""Conversations as sound: the planned turns spoken by Kokoro and laid one after the other, over each other where so planned."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import soxr
from bench.conversations.plan import SENTENCES, Conversation

from honmono.engines.speech.kokoro import Kokoro

RATE = 16_000
_BETWEEN_SENTENCES = 0.18
Reference = list[tuple[float, float, str]]


def compose(conversation: Conversation, kokoro: Kokoro, folder: Path) -> tuple[np.ndarray, Reference]:
    """The sound, (n,) float32 at 16 kHz, and of each sentence its begin, end and voice.

    Sentences that were spoken once are kept in `folder`.
    """
    phonemes = [line.split("\t")[1] for line in SENTENCES.read_text("utf-8").splitlines()]
    laid: list[tuple[int, np.ndarray]] = []
    reference: Reference = []
    at = 0.0
    for turn in conversation.turns:
        begin = max(at + turn.pause, 0.0)
        for number in turn.sentences:
            spoken = _spoken(kokoro, phonemes[number], turn.voice, folder / f"{turn.voice}-{number}.wav")
            laid.append((round(begin * RATE), spoken * np.float32(10 ** (turn.gain / 20))))
            end = begin + len(spoken) / RATE
            reference.append((begin, end, turn.voice))
            begin = end + _BETWEEN_SENTENCES
        at = reference[-1][1]
    sound = np.zeros(max(begin + len(samples) for begin, samples in laid) + RATE // 2, np.float32)
    for begin_sample, samples in laid:
        sound[begin_sample : begin_sample + len(samples)] += samples
    noise = np.random.default_rng(conversation.seed).normal(0, 0.001, len(sound)).astype(np.float32)
    return np.clip(sound + noise, -1, 1), reference


def read(path: Path) -> np.ndarray:
    """A mono file of 16 kHz and 16 bits."""
    with wave.open(str(path)) as file:
        if (file.getnchannels(), file.getframerate(), file.getsampwidth()) != (1, RATE, 2):
            raise ValueError(f"{path} is not mono, 16 kHz and 16 bits")
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").astype(np.float32) / 32768


def _spoken(kokoro: Kokoro, phonemes: str, voice: str, kept: Path) -> np.ndarray:
    """The sentence without the silence before and behind it."""
    if not kept.exists():
        sound = kokoro.say(phonemes, voice)
        samples = soxr.resample(sound.samples, sound.rate, RATE).astype(np.float32)
        loud = np.flatnonzero(np.abs(samples) > 0.01 * np.abs(samples).max())
        samples = samples[loud[0] : loud[-1] + 1]
        samples *= 0.08 / np.sqrt(np.mean(samples**2))
        with wave.open(str(kept), "wb") as file:
            file.setparams((1, 2, RATE, 0, "NONE", ""))
            file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return read(kept)
