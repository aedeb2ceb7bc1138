"""Speaking: CPU seconds for a second of audio, beside Kokoro's network called directly on the same phonemes, and beside
espeak-ng, the fastest program that speaks many languages, in the same run.

Rounds take turns between what is measured and its peer; medians are kept. `python bench/synthesis.py [rounds]`. Flite's
voices are measured where the program `flite` is installed, espeak-ng's where that is.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from honmono.engines.speech.kokoro import RATE
from honmono.engines.speech.reading import read_text
from honmono.engines.speech.synthesis.engine import SynthesisEngine
from honmono.engines.speech.synthesis.network import KokoroSpeaker
from honmono.weights import Cache
from peers import report

ROUNDS = 3
TEXTS = {
    "en-US": "The ferry leaves the harbour at half past seven.",
    "es-ES": "El barco sale del puerto a las siete y media.",
    "fr-FR": "Le bateau quitte le port à sept heures et demie.",
    "it-IT": "Il traghetto lascia il porto alle sette e mezza.",
    "pt-BR": "O barco sai do porto às sete e meia.",
    "ja-JP": "船は七時半に港を出ます。",
}
NEURAL = {"en-US": "af_heart", "es-ES": "ef_dora", "fr-FR": "ff_siwis", "it-IT": "if_sara", "pt-BR": "pf_dora"}
NEURAL["ja-JP"] = "jf_alpha"
ESPEAK = {"en-US": "en-us", "es-ES": "es", "fr-FR": "fr-fr", "it-IT": "it", "pt-BR": "pt-br"}


def cpu() -> float:
    """Of this process and of the programs that it ran."""
    ran = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ran.ru_utime + ran.ru_stime


def measured(work: Callable[[], float]) -> tuple[float, float]:
    """CPU and wall seconds for a second of the audio whose length `work` returns."""
    began, wall = cpu(), time.perf_counter()
    length = work()
    return (cpu() - began) / length, (time.perf_counter() - wall) / length


class Recorded:
    """Kokoro's network, keeping what it is asked."""

    def __init__(self, speaker: KokoroSpeaker) -> None:
        self.kokoro = speaker._kokoro
        self.session = self.kokoro._session
        self.feeds: list[dict[str, Any]] = []
        run = self.session.run

        def recorded(outputs: Any, feeds: dict[str, Any]) -> Any:
            self.feeds.append(feeds)
            return run(outputs, feeds)

        self.session.run = recorded
        self.run = run

    def again(self, feeds: list[dict[str, Any]]) -> float:
        """The same calls without anything of ours around them."""
        return sum(self.run(None, each)[0].size / RATE for each in feeds)


def speak(engine: SynthesisEngine, language: str, voice: str, kind: str, text: str = "") -> float:
    said = [engine.say(sentence, voice, kind) for sentence in read_text(text or TEXTS[language], language)]
    return sum(len(each.samples) / each.rate for each in said)


def espeak(language: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sound.wav"
        subprocess.run(["espeak-ng", "-v", ESPEAK[language], "-w", str(path), TEXTS[language]], check=True)
        with wave.open(str(path)) as sound:
            return sound.getnframes() / sound.getframerate()


def row(what: str, language: str, runs: list[tuple[float, float]]) -> dict[str, Any]:
    cpus, walls = zip(*runs, strict=True)
    return {
        "what": what,
        "language": language,
        "cpu_s_per_audio_s": round(statistics.median(cpus), 4),
        "wall_s_per_audio_s": round(statistics.median(walls), 4),
    }


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    began = time.perf_counter()
    engine = SynthesisEngine(Cache())
    engine.load()
    loaded = time.perf_counter() - began
    speaker = engine._speakers["af_heart", "neural"]
    assert isinstance(speaker, KokoroSpeaker)
    network = Recorded(speaker)
    rows = []
    for language, voice in NEURAL.items():
        speak(engine, language, voice, "neural", TEXTS[language][:3])  # readers are loaded with their first word
        ours, direct = [], []
        for _ in range(rounds):
            network.feeds.clear()
            ours.append(measured(partial(speak, engine, language, voice, "neural")))
            feeds = list(network.feeds)
            direct.append(measured(partial(network.again, feeds)))
        rows += [row(f"honmono neural {voice}", language, ours), row("Kokoro's network alone", language, direct)]
    fast = {"mei": "ja-JP"} | ({"slt": "en-US", "rms": "en-US", "awb": "en-US"} if shutil.which("flite") else {})
    for voice, language in fast.items():
        speak(engine, language, voice, "standard", TEXTS[language][:3])
        runs = [measured(partial(speak, engine, language, voice, "standard")) for _ in range(rounds)]
        rows.append(row(f"honmono standard {voice}", language, runs))
    for language in ESPEAK if shutil.which("espeak-ng") else ():
        rows.append(row("espeak-ng", language, [measured(partial(espeak, language)) for _ in range(rounds)]))
    report(
        "synthesis",
        rows,
        load_seconds=round(loaded, 2),
        peak_resident_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        rounds=rounds,
        cores=os.cpu_count(),
        load_average=round(os.getloadavg()[0], 2),
    )


if __name__ == "__main__":
    main()
