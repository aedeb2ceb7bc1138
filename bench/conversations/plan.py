"""Conversations to be composed of synthetic voices: who says which sentences, with which pauses, how loud.

Everything is drawn by seeds, so that the plan is a value whose hash can be written down before anything is measured.
Half of the voices are for choosing settings, the other half for measuring them.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import asdict, dataclass
from pathlib import Path

TUNING_VOICES = (
    "af_alloy af_bella af_jessica af_nicole af_river af_sky am_echo am_fenrir am_michael am_puck bf_alice bf_isabella "
    "bm_daniel bm_george ef_dora em_santa hf_alpha hm_omega im_nicola jf_gongitsune jm_kumo pm_alex zf_xiaobei zm_yunxi"
).split()
EVALUATION_VOICES = (
    "af_aoede af_heart af_kore af_nova af_sarah am_adam am_eric am_liam am_onyx bf_emma bf_lily bm_fable bm_lewis "
    "em_alex ff_siwis hf_beta hm_psi if_sara jf_alpha jf_nezumi pf_dora pm_santa zf_xiaoxiao zm_yunjian zm_yunyang"
).split()
EVALUATION_DIGEST = "ec4c379e78bf198677ddca77230cd1f34a6a41188652f9523d56e68610077eac"
"""Of `digest(evaluation())`, written down before anything was measured on it."""
RECORDED = {
    "sample.wav": "c319b4abca767b124e41432d364fd7df006cb26bb79d09326c487d606a134e6e",
    "sample.rttm": "d78fe62c69d8e6dcbb42c26adfce83faccb374c5a1e6d987fe37f85f1c173c87",
}
"""The two-speaker telephone call that the package pyannote.audio 4.0.7 brings, and who speaks when in it."""
SENTENCES = Path(__file__).with_name("sentences.tsv")


@dataclass(frozen=True)
class Said:
    """A turn: sentences of the list, said `pause` seconds after the turn before it ended, or while it still lasts."""

    voice: str
    sentences: list[int]
    pause: float
    gain: float


@dataclass(frozen=True)
class Conversation:
    name: str
    seed: int
    turns: list[Said]


def conversations(voices: list[str], counts: dict[int, int], first_seed: int) -> list[Conversation]:
    """So many conversations of each number of speakers."""
    planned = []
    seed = first_seed
    for speakers, times in counts.items():
        for _ in range(times):
            planned.append(_conversation(voices, speakers, seed))
            seed += 1
    return planned


def evaluation() -> list[Conversation]:
    return conversations(EVALUATION_VOICES, {1: 3, 2: 5, 3: 4, 4: 4}, 4100)


def tuning() -> list[Conversation]:
    return conversations(TUNING_VOICES, {1: 3, 2: 4, 3: 3, 4: 3}, 100)


def digest(planned: list[Conversation]) -> str:
    """SHA-256 of a plan and of the sentences that it speaks."""
    text = json.dumps([asdict(each) for each in planned], sort_keys=True) + SENTENCES.read_text("utf-8")
    return hashlib.sha256(text.encode()).hexdigest()


def _conversation(voices: list[str], speakers: int, seed: int) -> Conversation:
    chance = random.Random(seed)
    cast = chance.sample(voices, speakers)
    loud = {voice: chance.uniform(-4, 4) for voice in cast}
    count = len(SENTENCES.read_text("utf-8").splitlines())
    turns: list[Said] = []
    previous = ""
    for number in range(5 + 2 * speakers):
        # Everybody speaks early on, then whoever is drawn.
        voice = (
            cast[number] if number < speakers else chance.choice([each for each in cast if each != previous] or cast)
        )
        sentences = [chance.randrange(count) for _ in range(chance.choice((1, 1, 1, 2)))]
        pause = round(
            chance.choice((chance.uniform(0.05, 0.8), chance.uniform(0.05, 0.8), chance.uniform(-0.4, 0.0))), 3
        )
        turns.append(Said(voice, sentences, 0.3 if number == 0 else pause, round(loud[voice] + chance.gauss(0, 1), 2)))
        previous = voice
    return Conversation(f"{speakers}-speakers-{seed}", seed, turns)
